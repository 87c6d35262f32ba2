"""Merging many cases, person by person, into the oldest of each; each by the rules of merging one.

A person is a requester's address at one organisation. Who has one chosen case alone keeps it as it is.
"""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from cases.arranging import case_beside, merge
from cases.lifecycle import Deed, move_of
from cases.office import Office
from models.case import Case, CaseState
from models.errors import NotAllowed
from models.views import BulkDeed
from web.desk.deeds.fields import Filled, one
from web.desk.many.planned import Choice, Planned, Planner, begin_step
from web.desk.parts import DeskParts

_ONLY_ONE = "no other of the chosen cases is of the same person"
_NO_ADDRESS = "it has no address: whose it is cannot be told, merge it on its page"
_ALL_CLOSED = "all chosen cases of this person are closed"


def _chosen(_filled: Filled, cases: Sequence[Case]) -> Choice:
    """Return into which case each goes, by person; raises NotAllowed where no two belong together."""
    people: dict[tuple[str, str], list[Case]] = {}
    alone = {case.reference: _NO_ADDRESS for case in cases if not case.requester_address}
    for case in cases:
        if case.requester_address:
            people.setdefault((case.organisation, case.requester_address), []).append(case)
    into: dict[str, list[str]] = {}
    for theirs in people.values():
        oldest, why = _oldest(theirs)
        if oldest is None:
            alone |= {case.reference: why for case in theirs}
        else:
            into |= {case.reference: [oldest.reference] for case in theirs if case is not oldest}
    if not into:
        raise NotAllowed(_nothing(people, alone))
    targets = dict.fromkeys(target for (target,) in into.values())
    return Choice(" ".join(targets), into, frozenset(targets), alone)


def _oldest(theirs: Sequence[Case]) -> tuple[Case | None, str]:
    """Return the case of one person that the others go into; None, and why, where they stay as they are."""
    alive = [case for case in theirs if case.status is not CaseState.CLOSED]
    if len(theirs) < 2:
        return None, _ONLY_ONE
    if not alive:
        return None, _ALL_CLOSED
    return min(alive, key=lambda case: (case.received_at, case.id or 0)), ""


def _nothing(people: Mapping[tuple[str, str], Sequence[Case]], alone: Mapping[str, str]) -> str:
    if len(people) > 1:
        return f"nothing to merge: the chosen cases are of {len(people)} different people, with none twice that is open"
    return f"choose two cases or more of one person that are not closed: {next(iter(alone.values()))}"


def _check(_session: Session, _plan: BulkDeed, case: Case) -> None:
    if case.status not in move_of(Deed.MERGE).sources:
        raise NotAllowed(f"it is {case.status}")


def _target(plan: BulkDeed, reference: str) -> str:
    """Return the case that one goes, or went, into; older plans name it once, for all."""
    return one(plan.filled, reference) or plan.before.get(reference) or plan.value


def _do(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
    def deed(office: Office) -> None:
        """Merge one."""
        target = _target(plan, reference)
        begin_step(office.session, plan, office.case, target)
        merge(office, case_beside(office, target))

    parts.do(who.actor, reference, deed, "", "")


def _says(plan: BulkDeed) -> str:
    targets = plan.value.split()
    if len(targets) == 1:
        return f"Merge into {targets[0]}"
    return f"Merge the cases of {len(targets)} people, each into their oldest"


MERGING = {
    "merge": Planned(
        "Merge into the oldest …",
        *(_do, _check, _chosen, _says),
        "Person by person, their mails, letters, notes and tasks move to the oldest case; what both ask for keeps the "
        "earlier receipt. The emptied cases are closed. This cannot be taken back.",
        into=_target,
    )
}
