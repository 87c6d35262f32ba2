"""Job applications: acknowledged, passed on to the people team, kept for a set time, then erased."""

from datetime import date, datetime

from cases.clock_facts import Facts
from cases.clock_kinds import ClockKind
from cases.clocks import OfficeClock
from cases.due_warnings import applicant_file_until
from models.case import Case, RequestItem
from models.letter import LetterItem, LetterOrder
from models.mail import Address
from models.outbox import Template
from models.verdict import RIGHTS, Kind


def kept_until(clock: OfficeClock, received_at: datetime) -> date:
    """Return the last day on which an unsuccessful application may be kept."""
    organisation = clock.mailbox.organisation
    zone, place = clock.mailbox.timezone, organisation.country
    facts = Facts(received_at, zone, organisation.regime, place, ClockKind.JOB_APPLICATION)
    return applicant_file_until(facts, clock.settings)


def routed_application(case: Case, items: list[RequestItem], clock: OfficeClock, now: datetime) -> LetterOrder | None:
    """Return the letter that passes an application on, and set how long it may be kept.

    None where it is none, where the applicant uses a right, or where nobody takes applications.
    """
    item = next((one for one in items if one.kind is Kind.JOB_APPLICATION), None)
    organisation = clock.mailbox.organisation
    if item is None or any(one.kind in RIGHTS for one in items):
        return None
    case.erase_on = kept_until(clock, case.received_at)
    if not organisation.people_team:
        return None
    return LetterOrder(
        template=Template.PEOPLE_TEAM,
        case_id=case.id,
        reference=case.reference,
        mailbox=case.mailbox,
        language=organisation.languages[0],
        to=Address("", organisation.people_team),
        received_on=clock.local_date(case.received_at),
        items=(LetterItem(item.kind, item.due_on),),
        answer_by=item.due_on,
        state=organisation.letter_state,
        ordered_at=now,
        once_key=f"application of case {case.id} to the people team",
        is_automatic=True,
        delete_by=case.erase_on,
        encloses_request=True,
    )
