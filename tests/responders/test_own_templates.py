"""An organisation's own templates: every slip is told by `templates lint`, none is thrown at it."""

from pathlib import Path

import pytest

from responders.letters import LetterWriter


@pytest.mark.parametrize(
    "content", [b"Caf\xe9", b"{{ 1 / 0 }}", b"{{ letter.text + 1 }}"], ids=["latin-1", "division", "types"]
)
def test_any_mistake_in_an_own_template_is_told_not_thrown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "en/no_data").mkdir(parents=True)
    (tmp_path / "en/no_data/body.md").write_bytes(content)
    assert any(problem.startswith("en/no_data") for problem in LetterWriter().check(tmp_path))


def test_an_own_template_that_is_no_letter_is_told(tmp_path: Path) -> None:
    (tmp_path / "en/refusl").mkdir(parents=True)
    (tmp_path / "en/refusl/body.md").write_text("never used")
    assert LetterWriter().check(tmp_path)
