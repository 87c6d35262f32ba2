"""Next steps as links: each opens the form that does it, filled in as far as is known."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from cases.lifecycle import Deed
from models.casework import PauseReason
from models.outbox import Template

Details = Mapping[str, Any]
_PLACES = {"letter": "conversation", "task": "tasks", "confirm_deletion": "deletion"}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next."""

    says: str
    by: str
    """A day, '' where none presses."""
    leads_to: str
    """The address of its form, or of the place on the page; '' where there is none."""


def steps_of(case: Details, offered: Collection[str]) -> list[Step]:
    """Return the suggestions of a case, each with the way to its form where that is offered."""
    return [Step(one["says"], one["by"] or "", _way(case, one, offered)) for one in case["next"]]


def _way(case: Details, one: Details, offered: Collection[str]) -> str:
    name = _form(case, one)
    if name in offered:
        return f"?{urlencode({'do': name} | _values(case, one))}#do-{name}"
    place = _PLACES.get(one["do"], "")
    return f"#{place}" if place else ""


def _form(case: Details, one: Details) -> str:
    if one["do"] == Deed.CONFIRM:
        return "confirm" if case["status"] == "review" else "look_over"
    return str(one["do"])


def _values(case: Details, one: Details) -> dict[str, str]:
    """Return what is known of a form; kinds and templates only, since it stands in the address."""
    if one["do"] == Deed.DECIDE and one["kind"]:
        return {"kind": one["kind"]}
    if one["do"] == Deed.ASK and one["template"] == Template.IDENTITY_QUESTION:
        return {"question": PauseReason.MANDATE}
    if one["do"] == Deed.ANSWER and one["template"]:
        return {"template": one["template"]}
    if one["do"] == Deed.FORWARD and case["customer"]:
        return {"customer": case["customer"]}
    return {}
