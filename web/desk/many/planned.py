"""A deed on many cases that is planned first: what it looks like, and the step by which one case is done.

What was done is noted in the transaction that does it: a plan that is sent twice, or again after a crash, does each
case once. A case that changed since it was chosen is left alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from sqlmodel import Session, col, select

from models.case import Case, RequestItem
from models.errors import DeskError, NotAllowed, NotFound
from models.staff import Actor
from models.views import BulkDeed
from web.desk.deeds.fields import Filled
from web.desk.parts import DeskParts
from web.desk.visible_cases import Looks, case_of, version_of


class Planner(Looks, Protocol):
    """Who plans a deed on many cases: somebody of the staff, or a program."""

    @property
    def actor(self) -> Actor:
        """Return them as casework knows them."""

    @property
    def member_id(self) -> int | None:
        """Return which of the staff it is, None for a program."""

    @property
    def token_id(self) -> int | None:
        """Return which program it is, None for staff."""


class DoneAlready(DeskError):
    """This plan has done this case before."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What a plan would do to one case."""

    reference: str
    kinds: tuple[str, ...] = ()
    due_on: date | None = None
    """The earliest date that runs, None where none does."""
    ends_on: date | None = None
    """The earliest date that would run no more."""
    letters: tuple[str, ...] = ()
    """As they would go out."""
    person: str = ""
    """The requester's address."""
    into: str = ""
    """The case that it would be merged into."""
    problem: str = ""
    """Why it would not be done."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for all cases."""

    value: str = ""
    filled: Mapping[str, list[str]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    """References that nothing is done to by themselves: the case that others are merged into."""
    alone: Mapping[str, str] = field(default_factory=dict)
    """Why nothing is done to some of the others, by reference."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One thing that can be planned for many cases."""

    label: str
    do: Callable[[DeskParts, Planner, BulkDeed, str], None]
    """Does it to one case, by reference, and notes that in the same transaction; raises what its rules say."""
    check: Callable[[Session, BulkDeed, Case], object]
    """Raises NotAllowed where it can be seen beforehand that it cannot be done."""
    choose: Callable[[Filled, Sequence[Case]], Choice]
    """Reads what is chosen for all; raises NotAllowed."""
    says: Callable[[BulkDeed], str]
    """The plan in words, as a heading."""
    warns: str
    """What to know before."""
    undo: Callable[[DeskParts, Planner, BulkDeed, str], None] | None = None
    """Takes it back from one case; raises NotAllowed where it changed since. None where it cannot be."""
    most: int = 500
    letters: Callable[[DeskParts, Planner, BulkDeed, str], tuple[str, ...]] | None = None
    """Returns the letters that it would write; None where it is not about letters."""
    ends: Callable[[BulkDeed, Case, RequestItem], bool] | None = None
    """Tells whether it would end an open item; None where it ends none."""
    asks: str = ""
    """The field without which a page asks for what is to be chosen; '' where nothing is."""
    into: Callable[[BulkDeed, str], str] | None = None
    """Returns the case that one is merged into; None where nothing is merged."""
    is_direct: bool = False
    """Done on the desk without a look before, where each case was chosen."""


def begin_step(session: Session, plan: BulkDeed, case: Case, before: str) -> None:
    """Note, with the case locked, that a plan does a case; raises DoneAlready, and NotAllowed where it changed."""
    row = session.get_one(BulkDeed, plan.id, with_for_update=True)
    if case.reference in row.before:
        raise DoneAlready
    if row.undone_at is not None:
        raise NotAllowed("this was taken back")
    check_unchanged(session, plan, case)
    row.before = {**row.before, case.reference: before}


def check_unchanged(session: Session, plan: BulkDeed, case: Case) -> None:
    """Raise NotAllowed for a case that changed since it was chosen."""
    if version_of(session, case) != plan.versions.get(case.reference):
        raise NotAllowed("it was changed since it was chosen: look at it, then choose it again")


def locked_case(session: Session, who: Planner, reference: str) -> Case:
    """Return a case that somebody may see, locked; raises NotFound."""
    found = case_of(session, who, reference)
    return session.get_one(Case, found.id, with_for_update=True)


def plan_of(session: Session, who: Planner, number: int, *, is_changed: bool = False) -> BulkDeed:
    """Return one's own plan; raises NotFound for one that is not there, or somebody else's."""
    plan = session.get(BulkDeed, number, with_for_update=is_changed)
    if plan is None or (plan.member_id, plan.token_id) != (who.member_id, who.token_id):
        raise NotFound("there is no such deed of yours")
    return plan


def prospect(session: Session, who: Planner, plan: BulkDeed, planned: Planned, reference: str) -> Prospect:
    """Return what a plan would do to a case, as far as it can be seen without doing it."""
    try:
        case = case_of(session, who, reference)
    except NotFound as error:
        return Prospect(reference, problem=str(error))
    try:
        check_unchanged(session, plan, case)
        planned.check(session, plan, case)
    except NotAllowed as error:
        return Prospect(reference, problem=str(error))
    items = _open_items(session, case)
    ending = [item for item in items if planned.ends and planned.ends(plan, case, item)]
    kinds = tuple(dict.fromkeys(item.kind.value for item in items))
    into = planned.into(plan, reference) if planned.into else ""
    return Prospect(reference, kinds, _earliest(items), _earliest(ending), person=case.requester_address, into=into)


def _open_items(session: Session, case: Case) -> Sequence[RequestItem]:
    is_open = (col(RequestItem.case_id) == case.id, col(RequestItem.result).is_(None))
    return session.exec(select(RequestItem).where(*is_open).order_by(col(RequestItem.id))).all()


def _earliest(items: Sequence[RequestItem]) -> date | None:
    return min((item.due_on for item in items if item.due_on), default=None)
