"""The deeds of a case as forms: what they ask for, and how what was filled in becomes a deed.

Every form works without a script. Names of fields are those of the deeds they are for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from cases.arranging import add_task, assign, finish_task, note_country, tag
from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import answer, close, confirm, decide, look_over, reopen
from cases.extending import extend, set_date
from cases.lifecycle import Deed
from cases.office import Office
from models.case import Ground, Identity, ItemResult
from models.casework import PauseReason
from models.errors import NotAllowed
from models.letter import Proof
from models.outbox import ANSWERS, Template
from models.verdict import Kind

Filled = Mapping[str, Sequence[str]]


class Widget(StrEnum):
    """How a field is shown."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    CHOICE = "choice"
    SEVERAL = "several"
    TICK = "tick"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for."""

    name: str
    label: str
    widget: Widget = Widget.LINE
    options: tuple[str, ...] = ()
    is_required: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One deed as a form."""

    name: str
    title: str
    button: str
    fields: tuple[Field, ...]
    deed: Callable[[Office, Filled], object]
    needs: Deed | None = None
    """The move it makes; None for what is possible in every state."""
    writes_letter: bool = False


def form_named(name: str) -> Form | None:
    """Return a form by its name."""
    return next((form for form in FORMS if form.name == name), None)


def one(filled: Filled, name: str) -> str:
    """Return what was filled in, '' for nothing."""
    return (filled.get(name) or [""])[0].strip()


def _day(filled: Filled, name: str) -> date | None:
    text = one(filled, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotAllowed("a day is written YYYY-MM-DD") from error


def _choice(kind: type[Any], filled: Filled, name: str) -> Any:
    try:
        return kind(one(filled, name))
    except ValueError as error:
        raise NotAllowed(f"{name.replace('_', ' ')}: choose one of the list") from error


def _maybe(kind: type[Any], filled: Filled, name: str) -> Any:
    return _choice(kind, filled, name) if one(filled, name) else None


def _ask(office: Office, filled: Filled) -> None:
    proofs = [Proof(value) for value in filled.get("proofs", ()) if value in set(Proof)]
    question = _choice(PauseReason, filled, "question")
    ask(
        office,
        question,
        why=one(filled, "why"),
        text=one(filled, "text"),
        proofs=proofs,
        told_on=_day(filled, "told_on"),
        address_on_file=one(filled, "address_on_file"),
    )


def _identify(office: Office, filled: Filled) -> None:
    level = one(filled, "level")
    identify(
        office,
        _choice(Identity, filled, "identity"),
        level=int(level) if level in _LEVELS else 0,
        method=one(filled, "method"),
        why=one(filled, "why"),
        has_standing=bool(one(filled, "standing")),
    )


def _extend(office: Office, filled: Filled) -> None:
    extend(office, why=one(filled, "why"), text=one(filled, "text"), told_on=_day(filled, "told_on"))


def _decide(office: Office, filled: Filled) -> None:
    kind, result = _choice(Kind, filled, "kind"), _choice(ItemResult, filled, "result")
    decide(office, kind, result, ground=_maybe(Ground, filled, "ground"), why=one(filled, "why"))


def _answer(office: Office, filled: Filled) -> None:
    answer(office, _choice(Template, filled, "template"), text=one(filled, "text"))


def _set_date(office: Office, filled: Filled) -> None:
    set_date(office, _choice(Kind, filled, "kind"), _day(filled, "on") or office.today, why=one(filled, "why"))


def _finish_task(office: Office, filled: Filled) -> None:
    number = one(filled, "task")
    if not number.isdecimal() or len(number) > 9:
        raise NotAllowed("say which task")
    finish_task(office, int(number))


def _values(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


_LEVELS = ("0", "1", "2", "3")
_WHY = Field("why", "Reason, for colleagues", Widget.LINE)
_TEXT = Field(
    "text", "Your words in the letter", Widget.TEXT, hint="In the letter's language; a blank line parts paragraphs."
)
_TOLD = Field("told_on", "Told without a letter, on", Widget.DAY, hint="Leave empty to send the letter.")
_ON_FILE = Field(
    "address_on_file",
    "For a code: the address in your records",
    hint="Not the one in the mail. A link that shows a code goes there; the code is entered on the requester’s page.",
)

FORMS: tuple[Form, ...] = (
    Form("confirm", "It is a request", "Confirm", (), lambda office, _: confirm(office), Deed.CONFIRM),
    Form("look_over", "I looked at what came in", "Done", (), lambda office, _: look_over(office), Deed.LOOK_OVER),
    Form(
        "ask",
        "Ask the person",
        "Ask",
        (
            Field("question", "For what", Widget.CHOICE, _values(PauseReason), is_required=True),
            Field("proofs", "Which proof", Widget.SEVERAL, _values(Proof)),
            _ON_FILE,
            _WHY,
            _TEXT,
            _TOLD,
        ),
        _ask,
        Deed.ASK,
        writes_letter=True,
    ),
    Form(
        "take_answer",
        "What we asked for has come in",
        "Note the answer",
        (Field("on", "On", Widget.DAY, hint="Else the day of the person's last mail."),),
        lambda office, filled: take_answer(office, on=_day(filled, "on")),
        Deed.TAKE_ANSWER,
    ),
    Form(
        "remind",
        "Remind the person",
        "Send the reminder",
        (_TEXT,),
        lambda office, filled: remind_silent(office, text=one(filled, "text")),
        Deed.REMIND,
        writes_letter=True,
    ),
    Form(
        "identify",
        "Identity",
        "Note",
        (
            Field("identity", "Who it is", Widget.CHOICE, ("confirmed", "failed"), is_required=True),
            Field("level", "Level", Widget.CHOICE, _LEVELS),
            Field("method", "How it was checked"),
            Field("standing", "It is proven that they may act for another", Widget.TICK),
            _WHY,
        ),
        _identify,
        Deed.IDENTIFY,
    ),
    Form("extend", "Extend to three months", "Extend", (_WHY, _TEXT, _TOLD), _extend, Deed.EXTEND, writes_letter=True),
    Form(
        "set_date",
        "Date of an authority's letter",
        "Enter",
        (
            Field("kind", "Item", Widget.CHOICE, (Kind.AUTHORITY.value, Kind.COMPLAINT.value), is_required=True),
            Field("on", "Last day", Widget.DAY, is_required=True),
            _WHY,
        ),
        _set_date,
        Deed.SET_DATE,
    ),
    Form(
        "decide",
        "Decide on an item",
        "Decide",
        (
            Field("kind", "Item", Widget.CHOICE, _values(Kind), is_required=True),
            Field("result", "Result", Widget.CHOICE, _values(ItemResult), is_required=True),
            Field("ground", "Ground, where declined", Widget.CHOICE, _values(Ground)),
            _WHY,
        ),
        _decide,
        Deed.DECIDE,
    ),
    Form(
        "answer",
        "Send the answer",
        "Send",
        (Field("template", "Letter", Widget.CHOICE, tuple(sorted(ANSWERS)), is_required=True), _TEXT),
        _answer,
        Deed.ANSWER,
        writes_letter=True,
    ),
    Form("close", "Close the case", "Close", (), lambda office, _: close(office), Deed.CLOSE),
    Form(
        "reopen",
        "Open it again",
        "Reopen",
        (_WHY,),
        lambda office, filled: reopen(office, why=one(filled, "why")),
        Deed.REOPEN,
    ),
    Form(
        "assign",
        "Who works on it",
        "Assign",
        (Field("name", "Name"),),
        lambda o, filled: assign(o, one(filled, "name")),
    ),
    Form(
        "task",
        "New task",
        "Add",
        (Field("title", "What is to be done", is_required=True), Field("due", "By", Widget.DAY)),
        lambda office, filled: add_task(office, one(filled, "title"), _day(filled, "due")),
    ),
    Form("finish_task", "Task is done", "Done", (Field("task", "Number", is_required=True),), _finish_task),
    Form(
        "tag", "New tag", "Add", (Field("tag", "Tag"),), lambda office, filled: tag(office, add=(one(filled, "tag"),))
    ),
    Form(
        "country",
        "The person's country",
        "Note",
        (Field("country", "Country code", hint="Like FR. The earlier of both laws' dates counts."),),
        lambda office, filled: note_country(office, one(filled, "country")),
    ),
)
