"""What managers are told by themselves: warnings before a due date, at its breach, on silence, on cases nobody opened.

Each warning is a letter with a key of its own, so it goes out once; the digest once a working day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from cases.clocks import OfficeClock
from cases.due_warnings import warning_days
from cases.owing import is_owed
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact, FactSort, RaisedAlarm
from models.letter import AlarmKind, LetterOrder, ReportLine
from models.mail import Address
from models.organisation import Mailbox
from models.outbox import OutboxMail, OutboxState, Template
from models.verdict import Kind

_SILENT = timedelta(days=14)
_UNOPENED = timedelta(hours=24)
_SOON = timedelta(days=7)
_MOST_LINES = 50
_ENDED = (CaseState.CLOSED,)


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about one case that managers should know now."""

    kind: AlarmKind
    case: Case
    due_on: date | None
    kinds: tuple[Kind, ...]
    occasion: str = ""
    """What tells it from another alarm of this kind in this case: the due date and the number of the warning, or the
    day of the question. A date that moved, or a further question, rings again."""

    @property
    def key(self) -> str:
        """Name what this alarm is raised for only once."""
        return f"{self.kind} {self.case.id} {self.occasion}".rstrip()


def alarms(session: Session, mailbox: Mailbox, now: datetime) -> list[Alarm]:
    """Return what is worth a warning in the open cases of a mailbox, the earliest due first."""
    clock = OfficeClock(mailbox)
    found = [
        *_of_dates(session, mailbox, clock, now),
        *_of_silence(session, mailbox, clock, now),
        *_of_neglect(session, mailbox, now),
    ]
    return sorted(found, key=lambda one: (one.due_on or date.max, one.case.id or 0))


def _open_items(mailbox: Mailbox) -> SelectOfScalar[tuple[Case, RequestItem]]:
    query = select(Case, RequestItem).join(RequestItem, col(RequestItem.case_id) == col(Case.id))
    is_open = (col(Case.mailbox) == mailbox.name, col(Case.status).not_in(_ENDED), is_owed())
    return query.where(*is_open).order_by(col(RequestItem.due_at), col(Case.id))  # type: ignore[return-value]


def _of_dates(session: Session, mailbox: Mailbox, clock: OfficeClock, now: datetime) -> Iterator[Alarm]:
    """Yield for each case the alarm of its earliest date."""
    near = _open_items(mailbox).where(col(RequestItem.due_on) <= clock.local_date(now) + _near(clock))
    for case, items in _by_case(session, near):
        due_on = items[0].due_on or date.max
        found = _due_alarm(items[0].due_at or now, due_on, clock, now)
        if found:
            kind, number = found
            yield _alarm(kind, case, items, f"{due_on} {number}")


def _near(clock: OfficeClock) -> timedelta:
    """Return from how many days before a due date on there can be a warning."""
    return timedelta(days=2 * max(clock.settings.warning_working_days, default=0) + 10)


def _of_silence(session: Session, mailbox: Mailbox, clock: OfficeClock, now: datetime) -> Iterator[Alarm]:
    waiting = _open_items(mailbox).where(col(Case.status) == CaseState.WAITING)
    for case, items in _by_case(session, waiting):
        asked = _silent_since(session, items, clock, now)
        if asked:
            yield _alarm(AlarmKind.SILENT, case, items, f"{asked}")


def _of_neglect(session: Session, mailbox: Mailbox, now: datetime) -> Iterator[Alarm]:
    is_unopened = (col(Case.first_opened_at).is_(None), col(Case.opened_at) < now - _UNOPENED)
    for case, items in _by_case(session, _open_items(mailbox).where(*is_unopened)):
        yield _alarm(AlarmKind.UNOPENED, case, items)


def _alarm(kind: AlarmKind, case: Case, items: list[RequestItem], occasion: str = "") -> Alarm:
    due_on = min((item.due_on for item in items if item.due_on), default=None)
    return Alarm(kind, case, due_on, tuple(item.kind for item in items), occasion)


def _by_case(
    session: Session, query: SelectOfScalar[tuple[Case, RequestItem]]
) -> Iterator[tuple[Case, list[RequestItem]]]:
    cases: dict[int | None, tuple[Case, list[RequestItem]]] = {}
    for case, item in session.exec(query):
        cases.setdefault(case.id, (case, []))[1].append(item)
    yield from cases.values()


def _due_alarm(due_at: datetime, due_on: date, clock: OfficeClock, now: datetime) -> tuple[AlarmKind, int] | None:
    """Return which alarm a due date raises now, and which of the warnings it is; None while it is far."""
    if now >= due_at:
        return AlarmKind.BREACHED, 0
    days = warning_days(due_on, clock.calendar, clock.settings)
    today = clock.local_date(now)
    number = sum(today >= day for day in days)
    if not number:
        return None
    return AlarmKind.DUE_VERY_SOON if number == len(days) > 1 else AlarmKind.DUE_SOON, number


def _silent_since(session: Session, items: list[RequestItem], clock: OfficeClock, now: datetime) -> date | None:
    """Return the day of the last question that has been out for two weeks without an answer, None where none has."""
    ids = [item.id for item in items]
    query = select(ClockFact, OutboxMail).outerjoin(OutboxMail, col(OutboxMail.id) == col(ClockFact.letter_id))
    is_open = (col(ClockFact.sort) == FactSort.PAUSE, col(ClockFact.answered_on).is_(None))
    found = session.exec(query.where(col(ClockFact.item_id).in_(ids), *is_open)).all()
    days = (
        fact.on or (clock.local_date(letter.sent_at) if letter and letter.sent_at else None) for fact, letter in found
    )
    today = clock.local_date(now)
    return max((day for day in days if day and today - day >= _SILENT), default=None)


def fresh(session: Session, found: list[Alarm], now: datetime) -> list[Alarm]:
    """Return the alarms that nobody was told of yet, and note that they are being told."""
    known: set[str] = set()
    keys = [alarm.key for alarm in found]
    for start in range(0, len(keys), 500):
        query = select(RaisedAlarm.key).where(col(RaisedAlarm.key).in_(keys[start : start + 500]))
        known.update(session.exec(query).all())
    new = [alarm for alarm in found if alarm.key not in known]
    session.add_all(RaisedAlarm(key=alarm.key, case_id=alarm.case.id or 0, at=now) for alarm in new)
    return new


def warnings(new: list[Alarm], mailbox: Mailbox, now: datetime) -> list[LetterOrder]:
    """Return the warnings to all managers: one letter for each sort of alarm, however many cases it is about."""
    orders = []
    for kind in AlarmKind:
        lines = [ReportLine(one.case.reference, one.kinds, one.due_on) for one in new if one.kind is kind]
        for manager in mailbox.organisation.managers if lines else ():
            listed, more = tuple(lines[:_MOST_LINES]), max(len(lines) - _MOST_LINES, 0)
            single = new_case(new, kind) if len(lines) == 1 else None
            figures = {"more": more}
            orders.append(
                _report(mailbox, manager, now, Template.WARNING, single, alarm=kind, lines=listed, figures=figures)
            )
    return orders


def new_case(new: list[Alarm], kind: AlarmKind) -> Case:
    """Return the case of the first alarm of a sort."""
    return next(alarm.case for alarm in new if alarm.kind is kind)


def digest(session: Session, mailboxes: list[Mailbox], manager: str, now: datetime) -> LetterOrder:
    """Return the digest of one organisation to one manager: where all its requests stand."""
    organisation = mailboxes[0].organisation
    today = now.astimezone(ZoneInfo(organisation.timezone)).date()
    names = [mailbox.name for mailbox in mailboxes]
    lines = _pressing(session, names, today)
    return _report(
        *(mailboxes[0], manager, now, Template.DIGEST),
        once_key=f"digest {organisation.slug} {today} to {manager}",
        figures=figures(session, names, today, now),
        lines=tuple(lines[:_MOST_LINES]),
    )


def figures(session: Session, mailboxes: list[str], today: date, now: datetime) -> dict[str, int]:
    """Return the figures of the digest: cases by what presses."""
    open_cases = (col(Case.mailbox).in_(mailboxes), col(Case.status).not_in((CaseState.ANSWERED, *_ENDED)))
    due = (
        select(func.min(RequestItem.due_on))
        .where(col(RequestItem.case_id) == col(Case.id), is_owed())
        .correlate(Case)
        .scalar_subquery()
    )
    held = (col(OutboxMail.mailbox).in_(mailboxes), col(OutboxMail.state).in_([OutboxState.HELD, OutboxState.FAILED]))

    def count(*conditions: object) -> int:
        """Count the open cases that fit."""
        return session.exec(select(func.count()).select_from(Case).where(*open_cases, *conditions)).one()  # type: ignore[arg-type]

    return {
        "overdue": count(due < today),
        "due_today": count(due == today),
        "due_soon": count(due > today, due <= today + _SOON),
        "open": count(),
        "waiting": count(col(Case.status) == CaseState.WAITING),
        "review": count(col(Case.needs_review).is_(True)),
        "unopened": count(col(Case.first_opened_at).is_(None), col(Case.opened_at) < now - _UNOPENED),
        "held": session.exec(select(func.count()).select_from(OutboxMail).where(*held)).one(),
    }


def _pressing(session: Session, mailboxes: list[str], today: date) -> list[ReportLine]:
    """Return the cases that are late or due within a week, the earliest first."""
    query = (
        select(Case, RequestItem)
        .join(RequestItem, col(RequestItem.case_id) == col(Case.id))
        .where(col(Case.mailbox).in_(mailboxes), col(Case.status).not_in(_ENDED), is_owed())
        .where(col(RequestItem.due_on) <= today + _SOON)
        .order_by(col(RequestItem.due_on), col(Case.id))
    )
    grouped: dict[str, list[RequestItem]] = {}
    for case, item in session.exec(query):
        grouped.setdefault(case.reference, []).append(item)
    return [
        ReportLine(reference, tuple(item.kind for item in items), items[0].due_on)
        for reference, items in grouped.items()
    ]


def is_digest_time(mailbox: Mailbox, now: datetime) -> bool:
    """Tell whether the day's digest is due: on working days, from the set local time on."""
    local = now.astimezone(ZoneInfo(mailbox.organisation.timezone))
    is_working = not OfficeClock(mailbox).calendar.day_off(local.date())
    return is_working and local.time().replace(tzinfo=None) >= mailbox.organisation.digest_at


def _report(
    mailbox: Mailbox, manager: str, now: datetime, template: Template, case: Case | None = None, **more: Any
) -> LetterOrder:
    """Return a letter to a manager, about one case or many."""
    organisation = mailbox.organisation
    order = LetterOrder(
        template=template,
        case_id=case.id if case else None,
        reference=case.reference if case else "",
        mailbox=mailbox.name,
        language=organisation.languages[0],
        to=Address("", manager),
        received_on=now.astimezone(ZoneInfo(organisation.timezone)).date(),
        items=(),
        answer_by=None,
        state=organisation.letter_state,
        ordered_at=now,
        is_automatic=True,
    )
    return replace(order, **more)
