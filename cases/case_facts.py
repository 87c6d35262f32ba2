"""What figures count of a case: states and days, without a word about anybody.

Comes in: rows of a few cases. Goes out: one `CaseFacts` each, which can be kept as JSON and compared with what was
counted before. Days are local to the mailbox and kept as ordinals (`date.fromordinal`).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from cases.clock_facts import WorkCalendar
from cases.clocks import OfficeClock
from cases.day_counting import corresponding_day, next_working_day
from models.audit import Action, AuditEntry
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact, FactSort, PauseReason, ThirdParty
from models.organisation import Mailbox
from models.outbox import ACKNOWLEDGEMENTS, ERASED, OutboxMail, OutboxState

_ENDED = (CaseState.ANSWERED, CaseState.CLOSED)
_PROOFS = (PauseReason.IDENTITY, PauseReason.MANDATE)
_SPOKE = (Action.RULE_OVERRIDDEN, Action.CASE_OPENED, Action.CASE_CONFIRMED, Action.MESSAGE_CORRECTED)
"""The events of a timeline that figures need."""


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What is counted of one request."""

    kind: str
    received: int
    due: int | None
    is_owed: bool
    done: int | None
    """The day of the answer; of the decision, where no answer is owed."""
    is_late: bool
    within_month: bool
    tenths: int
    """Tenths of days from receipt to the answer."""
    result: str
    ground: str
    is_extended: bool
    asked_for_proof: bool


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is counted of one case."""

    mailbox: str
    language: str
    owner: str
    is_open: bool
    is_waiting: bool
    is_elsewhere: bool
    """A third party has not answered."""
    received: int
    due: int | None
    """The earliest due date of what is owed."""
    unopened: int | None
    """The minute of opening, while nobody has looked."""
    acknowledged: tuple[int, int] | None
    """The day, and the tenths of hours since receipt."""
    items: tuple[ItemFacts, ...] = ()
    parties: tuple[tuple[int, int | None], ...] = ()
    """Third parties: asked, answered."""
    proofs: tuple[tuple[int, int], ...] = ()
    """Proofs that came in: asked, answered."""
    letters: tuple[tuple[int, bool, bool], ...] = ()
    """Letters that were accepted: the day, whether it acknowledges, whether it came back."""
    overrides: tuple[tuple[int, str], ...] = ()
    erased: tuple[int, str] | None = None

    def kept(self) -> str:
        """Return the facts as JSON."""
        values = [getattr(self, name) for name in _FIELDS]
        values[_FIELDS.index("items")] = [[getattr(item, name) for name in _ITEM_FIELDS] for item in self.items]
        return json.dumps(values, separators=(",", ":"))


_FIELDS = tuple(CaseFacts.__dataclass_fields__)
_ITEM_FIELDS = tuple(ItemFacts.__dataclass_fields__)


def facts_kept(text: str) -> CaseFacts:
    """Return what `kept` wrote down."""
    values = (tuple(value) if isinstance(value, list) else value for value in json.loads(text))
    found: dict[str, Any] = dict(zip(_FIELDS, values, strict=True))
    found["items"] = tuple(ItemFacts(*item) for item in found["items"])
    return CaseFacts(**found)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mailbox is: which day it is there, and whether it is a working day."""

    zone: tzinfo = UTC
    calendar: WorkCalendar | None = None


NOWHERE = Place()
"""Of a mailbox that is not configured any more."""


def places_of(mailboxes: Iterable[Mailbox]) -> dict[str, Place]:
    """Return the places of mailboxes by their names."""
    return {box.name: Place(ZoneInfo(box.timezone), OfficeClock(box).calendar) for box in mailboxes}


@dataclass(slots=True)
class CaseRows:
    """All rows that say something about one case."""

    case: Case
    place: Place
    items: list[RequestItem] = field(default_factory=list)
    clock: dict[int, list[tuple[ClockFact, OutboxMail | None]]] = field(default_factory=lambda: defaultdict(list))
    letters: list[OutboxMail] = field(default_factory=list)
    parties: list[ThirdParty] = field(default_factory=list)
    events: list[AuditEntry] = field(default_factory=list)

    def day(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return instant.astimezone(self.place.zone).date()

    def month_ends(self, day: date) -> date:
        """Return the last day of a month after a day, moved to a working day (Reg. 1182/71 Art. 3)."""
        end = corresponding_day(day, 1)
        return next_working_day(end, self.place.calendar) if self.place.calendar else end

    def asked_on(self, fact: ClockFact, letter: OutboxMail | None) -> date | None:
        """Return when a question or notice reached the person; None where it did not."""
        if letter is None:
            return fact.on
        is_told = letter.state is OutboxState.SENT and letter.sent_at is not None
        return self.day(letter.sent_at) if is_told and letter.sent_at else None


def rows_of_cases(session: Session, ids: Sequence[int], places: Mapping[str, Place]) -> list[CaseRows]:
    """Return the rows of some cases; those that are not there any more are left out."""
    cases = session.exec(select(Case).where(col(Case.id).in_(ids)).order_by(col(Case.id)))
    found = {case.id or 0: CaseRows(case, places.get(case.mailbox, NOWHERE)) for case in cases}
    owner_of: dict[int, int] = {}
    for item in session.exec(
        select(RequestItem).where(col(RequestItem.case_id).in_(ids)).order_by(col(RequestItem.id))
    ):
        owner_of[item.id or 0] = item.case_id
        found[item.case_id].items.append(item)
    clock = select(ClockFact, OutboxMail).outerjoin(OutboxMail, col(OutboxMail.id) == col(ClockFact.letter_id))
    for fact, letter in session.exec(
        clock.where(col(ClockFact.item_id).in_(list(owner_of))).order_by(col(ClockFact.id))
    ):
        found[owner_of[fact.item_id]].clock[fact.item_id].append((fact, letter))
    for letter in session.exec(select(OutboxMail).where(col(OutboxMail.case_id).in_(ids)).order_by(col(OutboxMail.id))):
        found[letter.case_id or 0].letters.append(letter)
    for party in session.exec(select(ThirdParty).where(col(ThirdParty.case_id).in_(ids)).order_by(col(ThirdParty.id))):
        found[party.case_id].parties.append(party)
    events = select(AuditEntry).where(col(AuditEntry.case_id).in_(ids), col(AuditEntry.action).in_(_SPOKE))
    for event in session.exec(events.order_by(col(AuditEntry.seq))):
        found[event.case_id or 0].events.append(event)
    return list(found.values())


def facts_of(rows: CaseRows) -> CaseFacts:
    """Return what is counted of a case."""
    case = rows.case
    owed = [item.due_on.toordinal() for item in rows.items if item.is_owed and item.due_on]
    is_open = case.status not in _ENDED
    return CaseFacts(
        mailbox=case.mailbox,
        language=case.language,
        owner=case.assigned_to,
        is_open=is_open,
        is_waiting=case.status is CaseState.WAITING,
        is_elsewhere=case.status is not CaseState.CLOSED and any(not party.answered_on for party in rows.parties),
        received=rows.day(case.received_at).toordinal(),
        due=min(owed, default=None),
        unopened=_minute(case.opened_at) if is_open and case.first_opened_at is None else None,
        acknowledged=_acknowledged(rows),
        items=tuple(_item_facts(rows, item) for item in rows.items),
        parties=tuple((one.asked_on.toordinal(), _ordinal(one.answered_on)) for one in rows.parties),
        proofs=tuple(_proofs(rows)),
        letters=tuple(_letters(rows)),
        overrides=tuple(_overrides(rows)),
        erased=_erased(rows),
    )


def done_at(item: RequestItem) -> datetime | None:
    """Return when the person was told: by the answer's acceptance, else, where none is owed, by the decision."""
    return None if item.is_owed else item.told_at or item.decided_at


def _item_facts(rows: CaseRows, item: RequestItem) -> ItemFacts:
    done, received_on = done_at(item), rows.day(item.received_at)
    told = [(fact, rows.asked_on(fact, letter)) for fact, letter in rows.clock.get(item.id or 0, ())]
    return ItemFacts(
        kind=item.kind.value,
        received=received_on.toordinal(),
        due=_ordinal(item.due_on),
        is_owed=item.is_owed,
        done=rows.day(done).toordinal() if done else None,
        is_late=bool(done and item.due_at and done >= item.due_at),
        within_month=bool(done and rows.day(done) <= rows.month_ends(received_on)),
        tenths=max(round((done - item.received_at) / timedelta(days=0.1)), 0) if done else 0,
        result=item.result.value if item.result else "",
        ground=item.ground.value if item.ground else "",
        is_extended=any(fact.sort is FactSort.EXTENSION and on for fact, on in told),
        asked_for_proof=any(fact.reason in _PROOFS and on for fact, on in told),
    )


def _acknowledged(rows: CaseRows) -> tuple[int, int] | None:
    at = rows.case.acknowledged_at
    if at is None:
        return None
    return rows.day(at).toordinal(), max(round((at - rows.case.received_at) / timedelta(hours=0.1)), 0)


def _proofs(rows: CaseRows) -> Iterable[tuple[int, int]]:
    found = set()
    for fact, letter in (one for told in rows.clock.values() for one in told):
        asked = rows.asked_on(fact, letter)
        if fact.reason in _PROOFS and asked and fact.answered_on:
            found.add((asked.toordinal(), max(fact.answered_on, asked).toordinal()))
    return sorted(found)


def _letters(rows: CaseRows) -> Iterable[tuple[int, bool, bool]]:
    for letter in rows.letters:
        if letter.sent_at and letter.state in (OutboxState.SENT, OutboxState.FAILED):
            is_ack = letter.template in ACKNOWLEDGEMENTS
            yield rows.day(letter.sent_at).toordinal(), is_ack, letter.state is OutboxState.FAILED


def _overrides(rows: CaseRows) -> Iterable[tuple[int, str]]:
    for event in rows.events:
        if event.action is Action.RULE_OVERRIDDEN:
            yield rows.day(event.at).toordinal(), str(json.loads(event.details).get("rule", ""))


def _erased(rows: CaseRows) -> tuple[int, str] | None:
    at = rows.case.contents_erased_at
    if at is None:
        return None
    return rows.day(at).toordinal(), "names" if rows.case.requester_address == ERASED else "contents"


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _minute(instant: datetime) -> int:
    return int(instant.timestamp()) // 60
