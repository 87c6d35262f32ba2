"""An organisation's own templates: every slip is told by `templates lint`, none is thrown at it."""

from pathlib import Path

from responders.letters import LetterWriter

MISTAKES = {
    "en/no_data/body.md": b"Caf\xe9",
    "en/extension/body.md": b"{{ 1 / 0 }}",
    "en/refusal/body.md": b"{{ letter.text + 1 }}",
    "en/refusl/body.md": b"never used",
}


def test_any_mistake_in_an_own_template_is_told_not_thrown(tmp_path: Path) -> None:
    for name, content in MISTAKES.items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(content)
    problems = LetterWriter().check(tmp_path)
    for name in MISTAKES:
        letter = name.removesuffix("/body.md")
        assert any(problem.startswith((f"{letter} ", f"{letter}:", f"{letter}/")) for problem in problems), problems
