"""Results: an item gets one, the person is told, the case ends. And back again, where something is still open.

What is declined needs a ground, a reason, and a letter that names the right to complain and to go to court (GDPR Art.
12(4)). Silence is never an outcome.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cases.checklists import end_tasks
from cases.clock_kinds import ClockKind
from cases.extending import open_item
from cases.lifecycle import Deed
from cases.looking import mark_seen
from cases.office import Office, paragraphs
from cases.situation import Given
from models.audit import Action
from models.case import CaseState, Ground, ItemResult, RequestItem
from models.casework import PartyRole, Task, ThirdParty
from models.errors import NotAllowed
from models.letter import Enclosure, LetterOrder
from models.mail import Address
from models.outbox import ANSWERS, Template
from models.verdict import Kind

_TOLD_TO_RECIPIENTS = (Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION)
"""What each recipient of the data is told (GDPR Art. 19)."""


def decide(
    office: Office, kind: Kind, result: ItemResult, *, ground: Ground | None = None, why: str = ""
) -> RequestItem:
    """Give the open item of a kind its result; raises NotAllowed."""
    office.check_state(Deed.DECIDE)
    item = open_item(office, kind)
    office.permit(Deed.DECIDE, Given(why=why, item=item, result=result, ground=ground))
    item.result, item.ground = result, ground if result in (ItemResult.REFUSED, ItemResult.PARTLY) else None
    if result is ItemResult.NOT_IDENTIFIED:
        item.ground = Ground.NOT_IDENTIFIABLE
    item.decided_at, item.decided_by = office.now, office.actor.name
    office.note(Action.ITEM_DECIDED, kind=kind, result=result, ground=item.ground)
    office.remember(f"{kind}: {result}", why)
    end_tasks(office.session, item, office.now, office.actor.name)
    if kind is Kind.ERASURE and result in (ItemResult.FULFILLED, ItemResult.PARTLY):
        _owe_backups(office, item)
    return item


def _owe_backups(office: Office, item: RequestItem) -> None:
    """An erasure goes on until the backups are overwritten: a task with the second date."""
    task = Task(case_id=item.case_id, item_id=item.id, title=BACKUPS_TASK, due_on=backups_until(office, item))
    office.session.add(task)
    office.note(Action.TASK_ADDED, title=BACKUPS_TASK)


BACKUPS_TASK = "see that the data is gone from the backups, too"


def backups_until(office: Office, item: RequestItem) -> date | None:
    """Return the day by which backup copies of erased data are overwritten."""
    return office.clock.due(ClockKind.ERASURE_BACKUP, item.received_at).due_on


def answer(
    office: Office,
    template: Template,
    *,
    text: str = "",
    enclosures: Sequence[Enclosure] = (),
    told_on: date | None = None,
) -> None:
    """Answer all decided items, by letter unless the person was told in another way on `told_on`.

    The case counts as answered from the moment the server accepts the letter; until then its due date stands. Raises
    NotAllowed, also for a letter that does not fit the results.
    """
    if template not in ANSWERS:
        raise NotAllowed(f"{template} is no answer; answers are {', '.join(sorted(ANSWERS))}")
    office.permit(Deed.ANSWER, Given(text=text, template=template, on=told_on))
    office.note(Action.CASE_ANSWERED, template=template, told_on=told_on)
    if told_on is not None:
        office.case.answered_at = office.noon_of(told_on)
        for item in office.items():
            item.told_at = item.told_at or office.case.answered_at
        return
    office.send(replace(_answer_order(office, template, text), enclosures=tuple(enclosures)))


def _answer_order(office: Office, template: Template, text: str) -> LetterOrder:
    """Return the answer; what needs no answer (a copy, what was withdrawn) is left out where something else does."""
    situation = office.situation()
    told = situation.to_tell or list(situation.items)
    erased = next((item for item in told if item.kind is Kind.ERASURE), None)
    return office.order(
        template,
        told,
        text=paragraphs(text),
        backups_until=backups_until(office, erased) if erased else None,
        outcome=told[0].result,
    )


def close(office: Office) -> None:
    """Close a case whose items all have a result that the person was told; raises NotAllowed."""
    office.permit(Deed.CLOSE)
    office.case.closed_at = office.now
    mark_seen(office.case)
    office.note(Action.CASE_CLOSED, results=[item.result for item in office.items()])


def reopen(office: Office, *, why: str, kinds: Sequence[Kind] = ()) -> None:
    """Open a case again, and of its items those of the kinds named, all by default; the clock was never reset.

    Raises NotAllowed.
    """
    office.permit(Deed.REOPEN, Given(why=why, kinds=tuple(kinds)))
    for item in office.items():
        if not kinds or item.kind in kinds:
            item.result, item.ground, item.decided_at, item.decided_by = None, None, None, ""
            item.told_at = None
    office.case.closed_at = None
    office.note(Action.CASE_REOPENED, kinds=list(kinds))
    office.remember("opened again", why)
    office.reckon()


def confirm(office: Office) -> None:
    """Say that a case in review is a request as it stands; raises NotAllowed."""
    office.permit(Deed.CONFIRM)
    _looked_at(office)


def look_over(office: Office) -> None:
    """Say that what came in later was looked at; raises NotAllowed where nothing waits for a look."""
    office.permit(Deed.LOOK_OVER)
    if not office.case.needs_review:
        raise NotAllowed("nothing waits for a look in this case")
    _looked_at(office)


def confirm_or_look_over(office: Office) -> None:
    """Confirm a case in review, else look over what came in; raises NotAllowed."""
    (confirm if office.case.status is CaseState.REVIEW else look_over)(office)


def _looked_at(office: Office) -> None:
    mark_seen(office.case)
    for item in office.open_items():
        item.confidence = 1.0
    office.note(Action.CASE_CONFIRMED)


def tell_recipient(office: Office, name: str, address: str, language: str, *, text: str) -> None:
    """Tell somebody who received the data what was done with it (GDPR Art. 19); raises NotAllowed.

    There is no term of law: an answer is asked for within the month of the request.
    """
    done = [
        item
        for item in office.items()
        if item.kind in _TOLD_TO_RECIPIENTS and item.result in (ItemResult.FULFILLED, ItemResult.PARTLY)
    ]
    if not text.strip():
        raise NotAllowed("the letter needs words of yours: whose data it is about, and what was done")
    if not done:
        raise NotAllowed("recipients are told once a correction, erasure or restriction is decided and done")
    due = office.clock.due(ClockKind.PROCESSOR_FORWARD, office.now)
    party = ThirdParty(
        case_id=office.case.id or 0,
        role=PartyRole.RECIPIENT,
        name=name,
        address=address,
        language=language,
        asked_on=office.today,
        due_on=due.legal_due,
    )
    office.session.add(party)
    office.note(Action.PARTY_ASKED, role=party.role)
    to = Address("", address)
    order = office.order_to(
        to, language, Template.RECIPIENTS_NOTICE, done, text=paragraphs(text), answer_by=due.legal_due, third_party=name
    )
    office.send(order, party)


def is_alive(office: Office) -> bool:
    """Tell whether work on the case goes on."""
    return office.case.status not in (CaseState.ANSWERED, CaseState.CLOSED)
