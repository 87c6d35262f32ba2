"""What was written in a form that could not be saved: shown again on the page that tells so, and nowhere else.

Only fields for words of one's own are shown, by a list of their names: never a password, a code or a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from fastapi import Request

from web.desk.deeds.fields import Widget, one
from web.desk.forms import FORMS, Filled, FilledWithFiles, form_named

WORDS: Mapping[str, str] = {
    **{part.name: part.label for form in FORMS for part in form.fields if part.widget is Widget.TEXT},
    "why": "Reason",
    "reason": "Reason",
    "words": "What was said or written",
    "table": "The table",
}
"""The fields that are shown again, with what they are called where a form does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The words of a form that came to nothing."""

    words: Mapping[str, str] = field(default_factory=dict)
    """By field, those that were filled in."""
    labels: Mapping[str, str] = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()
    """All further fields, where the form can be sent again from here."""
    again: str = ""
    """Where to send it again; '' where that is not possible."""
    lost_files: bool = False

    def to_copy(self) -> "Kept":
        """Return the words without the rest of the form: for who cannot send it again as things are."""
        return replace(self, others=(), again="")


def note_filled(request: Request, filled: FilledWithFiles) -> None:
    """Remember what a request brought, for as long as it is answered."""
    request.state.filled = filled


def kept_words(request: Request) -> Kept:
    """Return the words that a request brought; nothing for one without any."""
    filled: Filled | None = getattr(request.state, "filled", None)
    words = {name: one(filled, name) for name in WORDS if one(filled, name)} if filled else {}
    if not filled or not words:
        return Kept()
    files = bool(filled.files) if isinstance(filled, FilledWithFiles) else False
    # Forms of a case hold no secrets: all of one may stand on a page. A file cannot.
    can_repeat = request.url.path.startswith("/cases/") and not files
    others = tuple((name, value) for name, values in filled.items() if name not in words for value in values)
    again = request.url.path if can_repeat else ""
    return Kept(words, {**WORDS, **_labels(request)}, others if can_repeat else (), again, files)


def _labels(request: Request) -> dict[str, str]:
    form = form_named(request.url.path.rpartition("/")[2])
    return {part.name: part.label for part in form.fields} if form else {}
