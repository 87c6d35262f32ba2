"""Pages of the documentation that are made from the code: the life of a case, and all letters in all languages."""

from pathlib import Path

from babel.core import Locale

from cases.lifecycle import MOVES, Move, drawn
from cases.rules import RULES
from models.organisation import Regime
from models.outbox import Template
from responders.letters import LetterWriter
from service.letter_samples import sample_text

_LIFE = """# The life of a case

Made from `cases/lifecycle.py` and `cases/rules.py` by `rightsdesk templates pages`; a test fails where they differ.

```mermaid
{drawing}
```

Every deed, from which states it may be done, where it leads, who may do it, and where it is refused. A reason with
a role behind it may be set aside by somebody with that role (`--override`); the timeline tells it. The others may not.

| deed | from | to | role | refused where |
|---|---|---|---|---|
{rows}
"""


def life_page() -> str:
    """Return the page on the life of a case."""
    return _LIFE.format(drawing=drawn(), rows="\n".join(_row(move) for move in MOVES))


def _row(move: Move) -> str:
    sources = ", ".join(sorted(move.sources))
    return (
        f"| `{move.deed.value}` | {sources} | {move.target or 'stays'} | {move.role.value} | "
        f"{'; '.join(_rule(name) for name in move.rules) or '-'} |"
    )


def _rule(name: object) -> str:
    rule = RULES[name]  # type: ignore[index]
    who = f" ({rule.override.value}{' and a second person' if rule.needs_two else ''})" if rule.override else ""
    return f"{rule.says}{who}"


_LETTERS = """# All letters: {name}

Made by `rightsdesk templates pages`: every letter for an invented case under {law}, as its
plain text reads. The HTML face says the same.
"""
_INDEX = """# All letters

Made by `rightsdesk templates pages`: one page a language, every letter filled for an invented case.

{links}
"""


def letter_page(language: str) -> str:
    """Return the page of all letters in one language."""
    regime = Regime.UK if language == "en" else Regime.EU
    name = Locale.parse(language).get_language_name("en")
    parts = [_LETTERS.format(name=name, law="UK law" if regime is Regime.UK else "EU law")]
    for template in Template:
        parts.append(f"## {template.value}\n\n```text\n{sample_text(template, language, regime, None).rstrip()}\n```\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return every page by its path in the folder of the documentation."""
    languages = LetterWriter().languages()
    links = "\n".join(f"- [{Locale.parse(code).get_language_name('en')}]({code}.md)" for code in languages)
    found = {"guide/lifecycle.md": life_page(), "letters/README.md": _INDEX.format(links=links)}
    return found | {f"letters/{code}.md": letter_page(code) for code in languages}


def write_pages(folder: Path) -> None:
    """Write the pages into the folder of the documentation."""
    for path, text in pages().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
