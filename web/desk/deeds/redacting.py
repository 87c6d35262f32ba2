"""The form that takes passages and files out of a case for good."""

import re
from collections.abc import Callable
from functools import partial

from cases.office import Office
from cases.redacting import Redaction, prepared, redact
from cases.surgeon import Surgeon
from ingest import redacting
from models.errors import NotAllowed
from models.redaction import Passages, RedactionGround
from models.staff import Role
from web.desk.deeds.fields import Ahead, Field, Filled, Form, Widget, choice, one, values

_FILE = re.compile(r"([ml])([1-9]\d{0,8}):(\d{1,4}(?:-\d{1,4}){0,3})")
_LONGEST = 20_000
_LONGEST_REASON = 500


def redaction_of(filled: Filled) -> Redaction:
    """Return what a form asks to be taken out; raises NotAllowed for nonsense."""
    text = one(filled, "passages")
    if len(text) > _LONGEST:
        raise NotAllowed(f"all passages together have at most {_LONGEST} characters")
    if len(one(filled, "why")) > _LONGEST_REASON:
        raise NotAllowed(f"the reason has at most {_LONGEST_REASON} characters")
    passages = Passages(re.split(r"\n\s*\n", text.replace("\r", "")))
    return Redaction(passages, _files(filled), choice(RedactionGround, filled, "ground"), one(filled, "why"))


def _files(filled: Filled) -> tuple[tuple[str, int, tuple[int, ...]], ...]:
    names = dict.fromkeys(name for value in filled.get("files", ()) for name in value.split())
    found = [_FILE.fullmatch(name) for name in names]
    if not all(found):
        raise NotAllowed("a file is named by its mail and its place, like m12:0")
    return tuple((one[1], int(one[2]), tuple(map(int, one[3].split("-")))) for one in found if one)


def _redact(office: Office, filled: Filled, surgeon: Surgeon = redacting) -> None:
    if not one(filled, "sure"):
        raise NotAllowed("say that you know that this cannot be undone")
    redact(office, redaction_of(filled), surgeon)


def _ahead(ahead: Ahead, filled: Filled) -> Callable[[Office, Filled], object]:
    """Rewrite the mails of a case before it is locked."""
    if not ahead.actor.role.covers(Role.MANAGER) or not one(filled, "sure"):
        return _redact
    surgeon = prepared(ahead.session, ahead.vault, ahead.case, redaction_of(filled), redacting, ahead.now)
    return partial(_redact, surgeon=surgeon)


REDACTING = (
    Form(
        "redact",
        "Redact a passage or a file",
        "Redact for good",
        (
            Field("passages", "Passages", Widget.TEXT, hint="As they stand in the mail; an empty line between two."),
            Field("files", "Files", hint="Each by its mail or letter and its place there, like m12:0 or l3:0-2."),
            Field("ground", "Why it must not be kept", Widget.CHOICE, values(RedactionGround), is_required=True),
            Field("why", "In your own words", hint="Without what is to go. Kept as a sealed note."),
            Field("sure", "I know that this cannot be undone", Widget.TICK),
        ),
        _redact,
        ahead=_ahead,
    ),
)
