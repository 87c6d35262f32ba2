"""Pages of the documentation that are made from the code say what the code does."""

from pathlib import Path

from service.pages import pages

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_the_pages_are_those_of_the_code() -> None:
    made = pages()
    stale = [path for path, text in made.items() if (DOCS / path).read_text(encoding="utf-8") != text]
    assert not stale, "run `rightsdesk templates pages`"
    assert len(made) == 10
