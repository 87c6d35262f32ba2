"""Which forms a case is offered: those that its state allows and that would have something to do.

What is not offered can still be asked for by hand; the rules of casework decide on it, as on everything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.deleting import NEEDED, PROGRAM, is_among
from cases.lifecycle import Deed, possible_deeds
from models.case import CaseState
from models.casework import FactSort
from models.outbox import ERASED
from models.staff import Actor, Role
from models.verdict import Kind
from web.desk.deeds.asking import ON_FILE
from web.desk.deeds.deleting import CHANGES_SEEN
from web.desk.forms import FORMS, Field, Form, Group

Details = Mapping[str, Any]
"""A case as `case show --json` tells it."""
Choices = Mapping[str, tuple[str, ...]]
_DATED = (Kind.AUTHORITY.value, Kind.COMPLAINT.value)
_TOLD_TO_RECIPIENTS = {Kind.RECTIFICATION.value, Kind.ERASURE.value, Kind.RESTRICTION.value}


@dataclass(frozen=True, slots=True)
class Around:
    """What there is beside a case that its forms can name."""

    customers: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    has_page: bool = False
    """Requesters have a page: a code can be entered there."""
    actor: Actor | None = None
    """Who would do it; None for anybody."""


def offered(case: Details, around: Around) -> list[Form]:
    """Return the forms for a case, their choices narrowed to what it has; the suggested choice stands first."""
    able = possible_deeds(CaseState(case["status"]))
    forms = (form for form in FORMS if form.needs is None or form.needs in able)
    found = [_narrowed(form, case, around) for form in forms if _HAS_WORK.get(form.name, _always)(case)]
    return [form for form in found if (form.name != "forward" or around.customers) and _is_theirs(form, case, around)]


def _is_theirs(form: Form, case: Details, around: Around) -> bool:
    """Tell whether a form is for somebody: managers redact; of deleting, one asks, another one decides."""
    if around.actor is None:
        return True
    if form.name == "redact":
        return around.actor.role.covers(Role.MANAGER)
    if form.group is not Group.DELETION:
        return True
    if not around.actor.role.covers(NEEDED):
        return False
    if form.name == "confirm_deletion" and around.actor.name.startswith(PROGRAM):
        return False
    asked = case["deletion"] or {"asked_by": "", "person": ""}
    is_own = is_among(around.actor.name, asked["asked_by"], asked["person"])
    return form.name == "ask_deletion" or is_own == (form.name == "take_back_deletion")


def _narrowed(form: Form, case: Details, around: Around) -> Form:
    known = _CHOICES.get(form.name)
    choices = {"customer": around.customers} if form.name == "forward" else known(case) if known else {}
    if form.name == "assign":
        choices = {"name": around.staff}
    preset = _PRESET.get(form.name, _nothing)(case)
    fields = (field for field in form.fields if around.has_page or field is not ON_FILE)
    if form.name == "confirm_deletion" and not case["deletion"]["changes"]:
        fields = (field for field in form.fields if field is not CHANGES_SEEN)
    return replace(form, fields=tuple(_chosen(field, choices, preset) for field in fields))


def _chosen(field: Field, choices: Choices, preset: Mapping[str, str]) -> Field:
    return replace(field, options=choices.get(field.name, field.options), value=preset.get(field.name, field.value))


def _always(_: Details) -> bool:
    return True


def _nothing(_: Details) -> dict[str, str]:
    return {}


def _open_kinds(case: Details) -> tuple[str, ...]:
    return tuple(item["kind"] for item in case["items"] if item["result"] is None)


def _open_questions(case: Details) -> tuple[str, ...]:
    asked = (one for one in case["questions"] if one["sort"] == FactSort.PAUSE and one["answered_on"] is None)
    return tuple(dict.fromkeys(one["reason"] for one in asked))


def _letters(case: Details) -> dict[str, tuple[str, ...]]:
    """Return the answers, the one that fits the results first."""
    fitting = [step["template"] for step in case["next"] if step["do"] == Deed.ANSWER]
    (field,) = (field for form in FORMS if form.name == "answer" for field in form.fields if field.name == "template")
    return {"template": tuple(dict.fromkeys((*fitting, *field.options)))}


def _open_parties(case: Details, *, with_address: bool = False) -> tuple[Details, ...]:
    waiting = (party for party in case["third_parties"] if party["answered_on"] is None)
    return tuple(party for party in waiting if party["has_address"] or not with_address)


def _numbers(rows: Sequence[Details]) -> tuple[str, ...]:
    return tuple(str(row["id"]) for row in rows)


def _has_told_kind(case: Details) -> bool:
    done = {item["kind"] for item in case["items"] if item["result"] in ("fulfilled", "partly")}
    return bool(done & _TOLD_TO_RECIPIENTS) and case["status"] != CaseState.CLOSED


def named_choices(case: Details) -> Mapping[str, Mapping[str, str]]:
    """Return what numbers in choices stand for, by field."""
    parties = {str(party["id"]): f"{party['name']} ({party['role']})" for party in case["third_parties"]}
    return {"party": parties, "task": {str(task["id"]): task["title"] for task in case["tasks"]}}


_HAS_WORK: Mapping[str, Callable[[Details], bool]] = {
    "look_over": lambda case: bool(case["needs_review"]),
    "write": lambda case: bool(case["requester"]),
    "ask": lambda case: bool(_open_kinds(case)),
    "take_answer": lambda case: bool(_open_questions(case)),
    "remind": lambda case: bool(_open_questions(case)),
    "extend": lambda case: any(item["extension_notice_by"] for item in case["items"] if item["result"] is None),
    "set_date": lambda case: bool({*_open_kinds(case)} & {*_DATED}),
    "aware": lambda case: Kind.INCIDENT.value in _open_kinds(case),
    "settle": lambda case: bool(case["second_country"]),
    "forward": lambda case: bool(_open_kinds(case)),
    "notify": _has_told_kind,
    "party": lambda case: case["status"] != CaseState.CLOSED,
    "chase": lambda case: bool(_open_parties(case, with_address=True)),
    "party_answered": lambda case: bool(_open_parties(case)),
    "decide": lambda case: bool(_open_kinds(case)),
    "answer": lambda case: not _open_kinds(case),
    "close": lambda case: not _open_kinds(case),
    "finish_task": lambda case: any(task["done_at"] is None for task in case["tasks"]),
    "untag": lambda case: bool(case["tags"]),
    "split": lambda case: len(case["items"]) > 1 and bool(_open_kinds(case)),
    "ask_deletion": lambda case: case["deletion"] is None and case["requester"] != ERASED,
    "confirm_deletion": lambda case: case["deletion"] is not None and not case["deletion"]["hindered_by"],
    "refuse_deletion": lambda case: case["deletion"] is not None,
    "take_back_deletion": lambda case: case["deletion"] is not None,
}
_CHOICES: Mapping[str, Callable[[Details], Choices]] = {
    "decide": lambda case: {"kind": _open_kinds(case)},
    "set_date": lambda case: {"kind": tuple(kind for kind in _open_kinds(case) if kind in _DATED)},
    "answer": _letters,
    "take_answer": lambda case: {"question": _open_questions(case)},
    "reopen": lambda case: {"kinds": tuple(dict.fromkeys(item["kind"] for item in case["items"]))},
    "chase": lambda case: {"party": _numbers(_open_parties(case, with_address=True))},
    "party_answered": lambda case: {"party": _numbers(_open_parties(case))},
    "finish_task": lambda case: {"task": _numbers([task for task in case["tasks"] if task["done_at"] is None])},
    "untag": lambda case: {"tag": tuple(case["tags"])},
    "split": lambda case: {"kind": _open_kinds(case)},
}
_PRESET: Mapping[str, Callable[[Details], dict[str, str]]] = {
    "assign": lambda case: {"name": case["assigned_to"] or ""},
    "country": lambda case: {"country": case["second_country"] or ""},
    "settle": lambda case: {"country": case["second_country"] or ""},
    "forward": lambda case: {"customer": case["customer"] or ""},
    "merge": lambda case: {"other": case["suggested_case"] or ""},
    "link": lambda case: {"other": case["suggested_case"] or ""},
    "notify": lambda case: {"language": case["language"]},
    "party": lambda case: {"language": case["language"]},
}
