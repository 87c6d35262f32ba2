"""The numbers above the queue: what presses, and where it is to be found."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlmodel import Session, col, func, select

from cases.deleting import NEEDED
from cases.local_days import LocalDays
from cases.worklist import MOST, tiles
from models.message import Message, Outcome
from web.desk.accounts import Visitor

_TILES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "overdue": ("overdue", {"due": "overdue"}),
    "today": ("due today", {"due": "today"}),
    "3": ("due within 3 days", {"due": "3"}),
    "waiting": ("waiting for the person", {"due": "waiting"}),
    "nobody": ("nobody's", {"owner": "nobody"}),
    "review": ("to be looked at", {"review": "1"}),
    "replied": ("with a new reply", {"status": "all", "replied": "1"}),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A number that leads to what it counts."""

    label: str
    count: int
    path: str
    is_late: bool = False


def tiles_of(session: Session, who: Visitor, today: LocalDays) -> list[Tile]:
    """Return the numbers of what somebody may see; that nobody mentions them is not said."""
    numbers = tiles(session, who.organisation, today, who.name, sees_deletions=who.role.covers(NEEDED))
    found = [
        Tile(label, numbers[name], f"/?{urlencode(query)}", is_late=name == "overdue" and numbers[name] > 0)
        for name, (label, query) in _TILES.items()
    ]
    if number := numbers["mention"]:
        query = urlencode({"status": "all", "mention": who.name})
        found.append(Tile("mentions you" if number == 1 else "mention you", number, f"/?{query}"))
    if number := numbers.get("deletion", 0):
        query = urlencode({"status": "all", "deletion": "1"})
        found.append(Tile("deletion asked for" if number == 1 else "deletions asked for", number, f"/?{query}"))
    return [*found, Tile("in quarantine", _quarantined(session, who), "/mail?outcome=quarantine")]


def _quarantined(session: Session, who: Visitor) -> int:
    query = select(Message.id).where(col(Message.outcome) == Outcome.QUARANTINE)
    if who.organisation:
        query = query.where(col(Message.organisation) == who.organisation)
    return session.exec(select(func.count()).select_from(query.limit(MOST).subquery())).one()
