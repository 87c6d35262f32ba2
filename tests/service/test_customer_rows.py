"""The directory's CSV file: what is wrong is told with its line."""

from pathlib import Path

import pytest

from models.errors import SettingsError
from service.commands.letters import customer_rows


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name,domains,administrator\n\nStride,stride.example,nobody\n", 3),
        ('name,domains,administrator\n"Stride\nFitness",stride.example,dpo@stride.example\nAcme,a.example,nobody\n', 4),
    ],
)
def test_a_bad_row_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(SettingsError, match=f"line {line}:"):
        customer_rows(tmp_path / "c.csv")
