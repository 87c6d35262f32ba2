"""Planning a deed on many cases, looking at what it would do, doing it, and taking it back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete

from models.audit import Action
from models.case import Case
from models.errors import DeskError, NotAllowed, NotFound, TemporaryFailure
from models.views import BulkDeed
from web.desk.deeds.fields import Filled
from web.desk.many.arranging import ARRANGING
from web.desk.many.letters import SENDING
from web.desk.many.merging import MERGING
from web.desk.many.planned import DoneAlready, Planned, Planner, Prospect, plan_of, prospect
from web.desk.many.setting_right import SETTING_RIGHT
from web.desk.parts import DeskParts
from web.desk.visible_cases import case_of, version_of

PLANNED: Mapping[str, Planned] = {**ARRANGING, **SETTING_RIGHT, **SENDING, **MERGING}
_KEPT = timedelta(days=1)
MOST = max(planned.most for planned in PLANNED.values())
"""As many cases at once, so that nobody waits for minutes."""


def check_count(planned: Planned, count: int) -> None:
    """Raise NotAllowed for no case, and for more than can be looked at."""
    if not count:
        raise NotAllowed("choose cases first")
    if count > planned.most:
        why = "so that each letter can be read" if planned.letters else "set a filter"
        raise NotAllowed(f"{count:,} cases are too many at once, {planned.most} are the most: {why}")


def prepare(parts: DeskParts, who: Planner, name: str, references: Sequence[str], filled: Filled) -> int:
    """Write down a plan in a transaction of its own; return its number. Raises NotAllowed; nothing is done yet."""
    with parts.database.transaction() as session:
        return write_plan(session, who, Wanted(name, references, filled), parts.now())


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants done to many cases: the deed, the cases, and what was filled in for all."""

    name: str
    references: Sequence[str]
    filled: Filled


def write_plan(session: Session, who: Planner, wanted: Wanted, now: datetime) -> int:
    """Write down a plan, with the state of each case; return its number. Raises NotAllowed."""
    planned, references = PLANNED[wanted.name], list(dict.fromkeys(wanted.references))
    check_count(planned, len(references))
    cases, missing = found_and_missing(session, who, references)
    if not cases:
        raise NotAllowed(next(iter(missing.values())))
    choice = planned.choose(wanted.filled, cases)
    _forget(session, who, now)
    plan = BulkDeed(
        member_id=who.member_id,
        token_id=who.token_id,
        at=now,
        deed=wanted.name,
        value=choice.value,
        filled=dict(choice.filled),
        versions={one.reference: version_of(session, one) for one in cases if one.reference not in choice.left_out},
        refused={**missing, **choice.alone},
    )
    session.add(plan)
    session.flush()
    return plan.id or 0


def found_and_missing(session: Session, who: Planner, references: Sequence[str]) -> tuple[list[Case], dict[str, str]]:
    """Return the cases that somebody may see, and of the rest that they are not there."""
    cases: dict[str, Case] = {}
    missing: dict[str, str] = {}
    for reference in references:
        try:
            case = case_of(session, who, reference)
            cases[case.reference] = case
        except NotFound as error:
            missing[reference[:20]] = str(error)[:60]
    return list(cases.values()), missing


def _forget(session: Session, who: Planner, now: datetime) -> None:
    """Erase one's older plans that were never begun."""
    never = (col(BulkDeed.begun_at).is_(None), col(BulkDeed.at) < now - _KEPT)
    session.exec(delete(BulkDeed).where(_is_theirs(who), *never))


def _is_theirs(who: Planner) -> ColumnElement[bool]:
    return col(BulkDeed.token_id) == who.token_id if who.token_id else col(BulkDeed.member_id) == who.member_id


def prospects(parts: DeskParts, who: Planner, plan: BulkDeed) -> list[Prospect]:
    """Return what a plan would do to each case; that somebody saw the letters is on record."""
    planned = PLANNED[plan.deed]
    with parts.database.reading() as session:
        found = [prospect(session, who, plan, planned, one) for one in plan.versions if one not in plan.refused]
    if planned.letters is None:
        return found
    found = [one if one.problem else _with_letters(parts, who, plan, one) for one in found]
    with parts.database.transaction() as session:
        for one in (one for one in found if one.letters):
            number = case_of(session, who, one.reference).id
            parts.audit.append(session, Action.CASE_VIEWED, at=parts.now(), actor=who.actor.name, case_id=number)
    return found


def _with_letters(parts: DeskParts, who: Planner, plan: BulkDeed, one: Prospect) -> Prospect:
    letters = PLANNED[plan.deed].letters
    assert letters is not None  # noqa: S101 - asked for by who has looked
    try:
        return replace(one, letters=letters(parts, who, plan, one.reference))
    except DeskError as error:
        return replace(one, problem=str(error))


def carry_out(parts: DeskParts, who: Planner, number: int) -> None:
    """Do what is planned and not done yet, one transaction a case; what is refused is named, and the others go on.

    Done again after a crash it does the rest; done twice it does nothing twice. Raises NotFound and NotAllowed.
    """
    with parts.database.transaction() as session:
        plan = plan_of(session, who, number, is_changed=True)
        if plan.undone_at is not None:
            raise NotAllowed("this was taken back")
        plan.begun_at = plan.begun_at or parts.now()
        session.flush()
        session.expunge(plan)
    refused: dict[str, str] = {}
    for reference in waiting(plan):
        why = _refusal(parts, who, plan, reference)
        if why:
            refused[reference] = why
    with parts.database.transaction() as session:
        row = plan_of(session, who, number, is_changed=True)
        row.refused = {**row.refused, **{one: why for one, why in refused.items() if one not in row.before}}
        if not waiting(row):
            row.filled = {}


def _refusal(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> str:
    """Do one case; return why not, '' where it is done, or where trying again helps: then it goes on waiting."""
    try:
        with parts.database.reading() as session:
            case_of(session, who, reference)
        PLANNED[plan.deed].do(parts, who, plan, reference)
    except (DoneAlready, TemporaryFailure):
        return ""
    except DeskError as error:
        return str(error)
    return ""


def waiting(plan: BulkDeed) -> list[str]:
    """Return the cases that were neither done nor refused."""
    return [reference for reference in plan.versions if reference not in plan.before and reference not in plan.refused]


def undo(parts: DeskParts, who: Planner, number: int) -> int:
    """Take back what one's own plan did, but not what somebody changed since; return on how many cases.

    Raises NotFound, and NotAllowed where it cannot be, or was already.
    """
    with parts.database.transaction() as session:
        plan = plan_of(session, who, number, is_changed=True)
        take_back = PLANNED[plan.deed].undo
        if plan.undone_at is not None:
            raise NotAllowed("this was taken back already")
        if take_back is None or plan.begun_at is None:
            raise NotAllowed("this cannot be taken back")
        plan.undone_at = parts.now()
        session.flush()
        session.expunge(plan)
    count = 0
    for reference in plan.before:
        with suppress(DeskError):  # of a mailbox that is gone, not theirs any more, or changed since
            with parts.database.reading() as session:
                case_of(session, who, reference)
            take_back(parts, who, plan, reference)
            count += 1
    return count
