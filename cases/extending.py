"""Extensions, and the dates that staff enter: of an authority's letter, of awareness of a breach."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.clock_book import history_of
from cases.clock_facts import Due, ExtensionEvent
from cases.clocks import History
from cases.lifecycle import Deed
from cases.office import Office, paragraphs
from cases.rules import EXTENDABLE
from cases.situation import Given
from models.audit import Action
from models.case import RequestItem
from models.casework import ClockFact, FactSort
from models.errors import NotAllowed
from models.outbox import Template
from models.steps import Step, StepCode
from models.verdict import Kind


def extend(office: Office, *, why: str, text: str, told_on: date | None = None) -> None:
    """Extend the answer to three months from the start, for every item that can be; by letter unless told already.

    The extension counts from the day on which the letter is accepted; one that comes too late does not count (GDPR
    Art. 12(3); UK GDPR Art. 12A(3)-(4)). Raises NotAllowed.
    """
    situation = office.permit(Deed.EXTEND, Given(why=why, text=text, on=told_on))
    items = [item for item in situation.open_items if item.kind in EXTENDABLE]
    facts = [_noted(office, item, FactSort.EXTENSION, told_on) for item in items]
    office.remember("extended", why)
    office.note(Action.TIME_EXTENDED, kinds=[item.kind for item in items], told_on=told_on)
    if told_on is None:
        told = situation.told
        dues = (_extended(office, item, history_of(told.get(item.id or 0, ()))) for item in items)
        last = max(dues, key=lambda due: due.due_on or due.due_without_pause)
        until, steps = last.due_on or last.due_without_pause, _for_the_person(last.steps)
        office.send(
            office.order(Template.EXTENSION, items, text=paragraphs(text), answer_by=until, steps=steps), *facts
        )
    office.reckon()


def _extended(office: Office, item: RequestItem, history: History) -> Due:
    told = History((*history.events, ExtensionEvent(office.today)), history.aware_at, history.set_on)
    return office.clock.due(item.kind, item.received_at, history=told)


def _for_the_person(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps that a letter explains: not that it was told, which it is itself, nor reminders to staff."""
    return tuple(one for one in steps if one.code not in (StepCode.EXTENDED, StepCode.ASKED_LATE))


def set_date(office: Office, kind: Kind, day: date, *, why: str) -> None:
    """Enter the last day that an authority's letter, or a complaint passed on by one, names; raises NotAllowed."""
    office.check_state(Deed.SET_DATE)
    item = open_item(office, kind)
    if kind is Kind.INCIDENT:
        raise NotAllowed("a breach has a moment of awareness, not a date")
    office.permit(Deed.SET_DATE, Given(why=why, item=item))
    _noted(office, item, FactSort.DATE_SET, day)
    office.remember("date of the letter", why)
    office.note(Action.DATE_SET, kind=kind, on=day)
    office.reckon()


def note_awareness(office: Office, at: datetime, *, why: str) -> None:
    """Enter the moment at which staff became reasonably certain of a breach (GDPR Art. 33(1)); raises NotAllowed."""
    office.check_state(Deed.SET_DATE)
    item = open_item(office, Kind.INCIDENT)
    if at > office.now or at < item.received_at:
        raise NotAllowed("the moment of awareness lies between the receipt of the report and now")
    office.permit(Deed.SET_DATE, Given(why=why, item=item))
    _noted(office, item, FactSort.AWARE).at = at
    office.remember("aware of the breach", why)
    office.note(Action.DATE_SET, kind=Kind.INCIDENT, at=at)
    office.reckon()


def _noted(office: Office, item: RequestItem, sort: FactSort, on: date | None = None) -> ClockFact:
    fact = ClockFact(item_id=item.id or 0, sort=sort, on=on, by=office.actor.name)
    office.session.add(fact)
    return fact


def open_item(office: Office, kind: Kind) -> RequestItem:
    """Return the open item of a kind; raises NotAllowed where the case has none."""
    found = next((item for item in office.open_items() if item.kind is kind), None)
    if found is None:
        raise NotAllowed(f"the case has no open item of the kind {kind}")
    return found
