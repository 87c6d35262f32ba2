"""Merging many cases of one person into the oldest, each by the rules of merging one."""

from collections.abc import Sequence

from sqlmodel import Session

from cases.arranging import case_beside, merge
from cases.lifecycle import Deed, move_of
from cases.office import Office
from models.case import Case, CaseState
from models.errors import NotAllowed
from models.views import BulkDeed
from web.desk.accounts import Visitor
from web.desk.deeds.fields import Filled
from web.desk.many.planned import Choice, Planned, begin_step
from web.desk.parts import DeskParts


def _chosen(_filled: Filled, cases: Sequence[Case]) -> Choice:
    """Return the oldest case that is not closed; raises NotAllowed where the cases are not of one person."""
    if len({case.organisation for case in cases}) > 1:
        raise NotAllowed("the chosen cases are of different organisations: choose those of one")
    addresses = {case.requester_address for case in cases}
    if "" in addresses:
        raise NotAllowed("one of the chosen cases has no address: whose it is cannot be told, merge it on its page")
    if len(addresses) > 1:
        raise NotAllowed(f"the chosen cases are of {len(addresses)} different people: choose those of one")
    alive = [case for case in cases if case.status is not CaseState.CLOSED]
    if len(cases) < 2 or not alive:
        raise NotAllowed("choose two cases or more that are not closed")
    oldest = min(alive, key=lambda case: (case.received_at, case.id or 0))
    return Choice(oldest.reference, left_out=frozenset({oldest.reference}))


def _check(_session: Session, _plan: BulkDeed, case: Case) -> None:
    if case.status not in move_of(Deed.MERGE).sources:
        raise NotAllowed(f"it is {case.status}")


def _do(parts: DeskParts, who: Visitor, plan: BulkDeed, reference: str) -> None:
    def deed(office: Office) -> None:
        """Merge one."""
        begin_step(office.session, plan, office.case, "")
        merge(office, case_beside(office, plan.value))

    parts.do(who.actor, reference, deed, "", "")


MERGING = {
    "merge": Planned(
        "Merge into the oldest …",
        *(_do, _check, _chosen),
        lambda plan: f"Merge into {plan.value}",
        "Their mails, letters, notes and tasks move to the oldest case; what both ask for keeps the earlier receipt. "
        "The emptied cases are closed. This cannot be taken back.",
    )
}
