"""The card above a case: by when the law wants an answer, by when we do, and which clocks stand still, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.casework import FactSort

Details = Mapping[str, Any]
_SOON = 3


@dataclass(frozen=True, slots=True)
class DueCard:
    """What presses in a case."""

    due_on: date | None
    """The earliest open date of the law; None where there is none now."""
    left: str
    target_on: date | None
    """By when we want to have answered."""
    target_left: str
    stops: tuple[str, ...]
    """Why a clock stands still, a sentence each."""
    tone: str
    """late, soon, or '' where there is time."""


def due_card(case: Details, today: date) -> DueCard | None:
    """Return the card; None where nothing is open any more."""
    waiting = [item for item in case["items"] if item["result"] is None]
    if not waiting:
        return None
    due_on, target_on = _earliest(waiting, "due_date"), _earliest([one for one in waiting if one["due_date"]], "target")
    if due_on and target_on and target_on >= due_on:
        target_on = None  # a target after the date of the law, or where no clock runs, would only mislead
    days = (due_on - today).days if due_on else None
    tone = "" if days is None or days > _SOON else "late" if days < 0 else "soon"
    stops = _stops(case) if due_on is None or len(waiting) > 1 else ()
    return DueCard(due_on, _left(due_on, today), target_on, _left(target_on, today), stops, tone)


def _earliest(items: Sequence[Details], name: str) -> date | None:
    return min((date.fromisoformat(item[name]) for item in items if item.get(name)), default=None)


def _left(day: date | None, today: date) -> str:
    if day is None:
        return ""
    days = (day - today).days
    if days == 0:
        return "today"
    count = f"{abs(days)} day{'' if abs(days) == 1 else 's'}"
    return f"{count} left" if days > 0 else f"{count} late"


def _stops(case: Details) -> tuple[str, ...]:
    standing = {item["kind"] for item in case["items"] if item["result"] is None and item["due_date"] is None}
    found: dict[tuple[str, str], list[str]] = {}
    for one in case["questions"]:
        is_open = one["sort"] == FactSort.PAUSE and one["answered_on"] is None and one["on"]
        if is_open and one["kind"] in standing:
            found.setdefault((one["reason"], one["on"]), []).append(one["kind"].replace("_", " "))
    return tuple(
        f"Stopped since {on}: the person was asked for {_ASKED[reason]}. It goes on with the answer "
        f"({', '.join(dict.fromkeys(kinds))})."
        for (reason, on), kinds in found.items()
    )


_ASKED = {
    "identity": "proof of who they are",
    "mandate": "proof that they may act",
    "clarification": "a clarification",
    "fee": "a fee",
}
