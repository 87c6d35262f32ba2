"""The same deed on many cases: one transaction a case, by the rules of each; what can be taken back is remembered.

A case that does not let it be done is named with the reason, and the others go on.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

from cases.arranging import assign, tag
from cases.deciding import look_over
from cases.office import Office
from models.case import Case
from models.errors import DeskError, NotAllowed
from models.views import BulkDeed
from web.desk.accounts import Visitor
from web.desk.many.planned import plan_of
from web.desk.many.plans import PLANNED, take_back
from web.desk.parts import DeskParts
from web.desk.visible_cases import case_of

MOST = 500
"""As many cases at once, so that nobody waits for minutes."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """One thing that can be done to many cases."""

    label: str
    needs_value: bool
    do: Callable[[Office, str], object]
    before: Callable[[Case, str], str]
    """What of a case is remembered before."""
    undo: Callable[[Office, str, str], object] | None = None
    """Takes it back, with the value and what was before; None where it cannot be."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed on many cases."""

    number: int | None
    """Of the remembered deed, to take it back; None where that cannot be."""
    done: int
    refused: Mapping[str, str] = field(default_factory=dict)
    """Why not, by reference."""


def _untag(office: Office, value: str) -> None:
    tag(office, remove=(value,))


def _tag(office: Office, value: str) -> None:
    tag(office, add=(value,))


def _had(case: Case, value: str) -> str:
    return "yes" if value in case.tags else ""


BULKS: Mapping[str, Bulk] = {
    "assign": Bulk(
        *("Give to", True, assign, lambda case, _: case.assigned_to),
        undo=lambda office, value, before: assign(office, before) if office.case.assigned_to == value else None,
    ),
    "tag": Bulk(
        *("Add the tag", True, _tag, _had),
        undo=lambda office, value, before: None if before else _untag(office, value),
    ),
    "untag": Bulk(
        *("Take away the tag", True, _untag, _had),
        undo=lambda office, value, before: _tag(office, value) if before else None,
    ),
    "look_over": Bulk("Note that I looked", False, lambda office, _: look_over(office), lambda _case, _value: ""),
}


def do_to_all(parts: DeskParts, who: Visitor, name: str, value: str, references: Sequence[str]) -> Outcome:
    """Do a deed to cases; raises NotAllowed where it is none, lacks its value, or the cases are none or too many."""
    bulk = BULKS.get(name)
    if bulk is None:
        raise NotAllowed("choose what is to be done")
    if bulk.needs_value and not value.strip() and name != "assign":
        raise NotAllowed("say which tag")
    if not references:
        raise NotAllowed("choose cases first")
    if len(references) > MOST:
        raise NotAllowed(f"{len(references):,} cases are too many at once, {MOST} are the most: set a filter")
    number, done, refused = _begin(parts, who, name, value.strip()), 0, {}
    for reference in references:
        try:
            with parts.database.reading() as session:
                case_of(session, who, reference)
            parts.do(who.actor, reference, partial(_do_one, bulk, value.strip(), number), "", "")
            done += 1
        except DeskError as error:
            refused[reference] = str(error)
    return Outcome(number if done and bulk.undo else None, done, refused)


def _begin(parts: DeskParts, who: Visitor, name: str, value: str) -> int:
    with parts.database.transaction() as session:
        deed = BulkDeed(member_id=who.member_id, at=parts.now(), deed=name, value=value, begun_at=parts.now())
        session.add(deed)
        session.flush()
        return deed.id or 0


def _do_one(bulk: Bulk, value: str, number: int, office: Office) -> None:
    """Do it, and note in the same transaction what was there before."""
    deed = office.session.get_one(BulkDeed, number, with_for_update=True)
    deed.before = {office.case.reference: bulk.before(office.case, value), **deed.before}
    bulk.do(office, value)


def undo(parts: DeskParts, who: Visitor, number: int) -> int:
    """Take back one's own deed on many cases; return on how many. Raises NotFound, and NotAllowed the second time."""
    with parts.database.transaction() as session:
        deed = plan_of(session, who, number, is_changed=True)
        known = BULKS.get(deed.deed) or PLANNED[deed.deed]
        if deed.undone_at is not None:
            raise NotAllowed("this was taken back already")
        if known.undo is None or deed.begun_at is None:
            raise NotAllowed("this cannot be taken back")
        deed.undone_at = parts.now()
        session.flush()
        session.expunge(deed)
    return take_back(parts, who, deed) if deed.deed in PLANNED else _take_back_all(parts, who, deed)


def _take_back_all(parts: DeskParts, who: Visitor, deed: BulkDeed) -> int:
    count = 0
    for reference, was in deed.before.items():
        with suppress(DeskError):  # of a mailbox that is gone, or not theirs any more
            with parts.database.reading() as session:
                case_of(session, who, reference)
            parts.do(who.actor, reference, partial(_take_back, deed, was), "", "")
            count += 1
    return count


def _take_back(deed: BulkDeed, was: str, office: Office) -> None:
    undone = BULKS[deed.deed].undo
    if undone:
        undone(office, deed.value, was)
