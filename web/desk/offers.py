"""Which forms a case is offered: those that its state allows and that would have something to do.

What is not offered can still be asked for by hand; the rules of casework decide on it, as on everything.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cases.lifecycle import Deed, possible_deeds
from models.case import CaseState
from models.casework import FactSort
from models.verdict import Kind
from web.desk.forms import FORMS, Field, Form

Details = Mapping[str, Any]
"""A case as `case show --json` tells it."""
_DATED = (Kind.AUTHORITY.value, Kind.COMPLAINT.value)


def offered(case: Details) -> list[Form]:
    """Return the forms for a case, their choices narrowed to what it has; the suggested choice stands first."""
    able = possible_deeds(CaseState(case["status"]))
    forms = (form for form in FORMS if form.needs is None or form.needs in able)
    return [_narrowed(form, case) for form in forms if _HAS_WORK.get(form.name, _always)(case)]


def _narrowed(form: Form, case: Details) -> Form:
    choices = _CHOICES.get(form.name)
    return replace(form, fields=tuple(_chosen(field, choices(case)) for field in form.fields)) if choices else form


def _chosen(field: Field, choices: Mapping[str, tuple[str, ...]]) -> Field:
    return replace(field, options=choices[field.name]) if field.name in choices else field


def _always(_: Details) -> bool:
    return True


def _open_kinds(case: Details) -> tuple[str, ...]:
    return tuple(item["kind"] for item in case["items"] if item["result"] is None)


def _open_questions(case: Details) -> bool:
    asked = (one for one in case["questions"] if one["sort"] == FactSort.PAUSE)
    return any(one["answered_on"] is None for one in asked)


def _letters(case: Details) -> dict[str, tuple[str, ...]]:
    """Return the answers, the one that fits the results first."""
    fitting = [step["template"] for step in case["next"] if step["do"] == Deed.ANSWER]
    (field,) = (field for form in FORMS if form.name == "answer" for field in form.fields if field.name == "template")
    return {"template": tuple(dict.fromkeys((*fitting, *field.options)))}


_HAS_WORK: Mapping[str, Callable[[Details], bool]] = {
    "look_over": lambda case: bool(case["needs_review"]),
    "ask": lambda case: bool(_open_kinds(case)),
    "take_answer": _open_questions,
    "remind": _open_questions,
    "extend": lambda case: any(item["extension_notice_by"] for item in case["items"] if item["result"] is None),
    "set_date": lambda case: bool({*_open_kinds(case)} & {*_DATED}),
    "decide": lambda case: bool(_open_kinds(case)),
    "answer": lambda case: not _open_kinds(case),
    "close": lambda case: not _open_kinds(case),
    "finish_task": lambda case: any(task["done_at"] is None for task in case["tasks"]),
}
_CHOICES: Mapping[str, Callable[[Details], dict[str, tuple[str, ...]]]] = {
    "decide": lambda case: {"kind": _open_kinds(case)},
    "set_date": lambda case: {"kind": tuple(kind for kind in _open_kinds(case) if kind in _DATED)},
    "answer": _letters,
}
