"""Keeps the tallies true: counts what changed, a bit at a time, and each thing once however often it is run.

What changed is read off the audit chain, which names the case of every deed. A case's contribution is remembered, so
that the old one is taken away when the new one is added. Each open case is also counted anew once a day, whatever the
chain says. Several processes may call it: the row of the book is locked meanwhile.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy import delete as sql_delete
from sqlmodel import Session, col, delete, func, select

from cases.breaches import keep_breaches, known_breaches
from cases.case_facts import CaseFacts, Place, facts_kept, facts_of, rows_of_cases
from cases.contributions import VERSION, Key, contributions
from cases.mail_counting import mail_keys
from models.audit import AuditEntry
from models.case import Case
from models.tally import CountedCase, Tally, TallyBook
from store.database import insert_into

_CASES = 400
_CASES_AT_VIEW, _STEPS_AT_VIEW, _LITTLE = 100, 5, 1000
_ENTRIES = 400
_MAIL_ENTRIES = 4000
Tallies = Counter[tuple[str, Key]]
"""Changes by organisation and key."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the counting has come."""

    is_done: bool
    at: datetime
    cases_left: int = 0
    entries_left: int = 0
    """Of the audit chain."""

    @property
    def is_little_left(self) -> bool:
        """Tell whether so little is left that a page can count it before it shows figures."""
        return not self.is_done and self.cases_left + self.entries_left <= _LITTLE


def catch_up(session: Session, places: Mapping[str, Place], now: datetime) -> Progress:
    """Count the little that is left; return how far it came."""
    for _ in range(_STEPS_AT_VIEW):
        found = count_some(session, places, now, _CASES_AT_VIEW)
        if found.is_done:
            return found
    return progress(session, now)


def count_some(session: Session, places: Mapping[str, Place], now: datetime, most: int = _CASES) -> Progress:
    """Count some of what was not counted yet; call it until all is done. The caller commits."""
    book = _book(session, now)
    if book.version != VERSION:
        forget_all(session)
        book = _book(session, now)
    before = (book.seq, book.mail_seq, book.cases_id)
    tallies: Tallies = Counter()
    ids = {*_next_cases(session, book, most), *_changed_cases(session, book)}
    today = _today(places, now)
    ids |= _cases_of_the_day(session, today, most) if len(ids) < most else set()
    _count_cases(session, sorted(ids), places, (now, today + timedelta(days=1)), tallies)
    _count_mails(session, book, places, tallies)
    _write(session, tallies)
    is_done = not ids and before == (book.seq, book.mail_seq, book.cases_id)
    book.at = now
    return Progress(is_done, now)


def progress(session: Session, now: datetime) -> Progress:
    """Return how far the counting has come, without counting."""
    book, last = session.get(TallyBook, 1), session.exec(select(func.max(Case.id))).one() or 0
    if book is None or book.version != VERSION:
        return Progress(not last, now, last)
    head = session.exec(select(func.max(AuditEntry.seq))).one() or 0
    left, entries = max(last - book.cases_id, 0), max(head - book.seq, 0)
    return Progress(not left and not entries, book.at, left, entries)


def forget_all(session: Session) -> None:
    """Forget all counts, so that all is counted anew; cases that are not there any more stay counted as they were."""
    session.get(TallyBook, 1, with_for_update=True)  # whoever is counting ends first
    session.exec(delete(Tally))
    session.exec(delete(TallyBook))
    kept = col(CountedCase.case_id).not_in(select(Case.id))
    tallies: Tallies = Counter()
    for counted in session.exec(select(CountedCase).where(kept)):
        _add(tallies, counted.organisation, facts_kept(counted.facts))
    session.exec(delete(CountedCase).where(~kept))
    session.flush()
    session.expunge_all()
    _write(session, tallies)


def _book(session: Session, now: datetime) -> TallyBook:
    book = session.get(TallyBook, 1, with_for_update=True)
    if book is None:
        head = session.exec(select(func.max(AuditEntry.seq))).one() or 0
        insert = insert_into(session, TallyBook).values(id=1, version=VERSION, seq=head, mail_seq=0, cases_id=0, at=now)
        session.execute(insert.on_conflict_do_nothing())  # another process may have begun at the same moment
        book = session.get(TallyBook, 1, with_for_update=True)
    assert book is not None  # noqa: S101 - it was inserted above, by us or by another
    return book


def _next_cases(session: Session, book: TallyBook, most: int) -> list[int]:
    query = select(Case.id).where(col(Case.id) > book.cases_id).order_by(col(Case.id)).limit(most)
    ids = [number or 0 for number in session.exec(query)]
    book.cases_id = ids[-1] if ids else book.cases_id
    return ids


def _changed_cases(session: Session, book: TallyBook) -> set[int]:
    query = select(AuditEntry.seq, AuditEntry.case_id).where(col(AuditEntry.seq) > book.seq)
    entries = session.exec(query.order_by(col(AuditEntry.seq)).limit(_ENTRIES)).all()
    book.seq = entries[-1][0] if entries else book.seq
    return {case_id for _, case_id in entries if case_id and case_id <= book.cases_id}


def _cases_of_the_day(session: Session, today: date, most: int) -> set[int]:
    query = select(CountedCase.case_id).where(col(CountedCase.look_on) <= today)
    return set(session.exec(query.order_by(col(CountedCase.look_on)).limit(most)))


def _today(places: Mapping[str, Place], now: datetime) -> date:
    """Return the day it is where the day begins last: until then an open case of yesterday is counted already."""
    return min((now.astimezone(place.zone).date() for place in places.values()), default=now.date())


def _count_cases(
    session: Session, ids: Sequence[int], places: Mapping[str, Place], when: tuple[datetime, date], tallies: Tallies
) -> None:
    """Count cases anew; `when` is now, and the earliest day on which to look again."""
    now, again = when
    known = {one.case_id: one for one in session.exec(select(CountedCase).where(col(CountedCase.case_id).in_(ids)))}
    all_rows = rows_of_cases(session, ids, places)
    late = known_breaches(session, all_rows)
    for rows in all_rows:
        facts, today = facts_of(rows), rows.day(now)
        kept, number = facts.kept(), rows.case.id or 0
        keep_breaches(session, rows, facts, late, today)
        counted = known.pop(number, None)
        if counted is None:
            counted = CountedCase(case_id=number, organisation=rows.case.organisation, facts="")
            session.add(counted)
        if counted.facts != kept:
            _add(tallies, counted.organisation, facts_kept(counted.facts) if counted.facts else None, -1)
            _add(tallies, rows.case.organisation, facts)
            counted.facts, counted.organisation = kept, rows.case.organisation
        counted.look_on = max(again, today + timedelta(days=1)) if _may_become_late(facts) else None
    for gone in known.values():
        gone.look_on = None
    session.flush()


def _may_become_late(facts: CaseFacts) -> bool:
    return facts.is_open or any(item.is_owed for item in facts.items)


def _count_mails(session: Session, book: TallyBook, places: Mapping[str, Place], tallies: Tallies) -> None:
    head = session.exec(select(func.max(AuditEntry.seq))).one() or 0
    until = min(book.mail_seq + _MAIL_ENTRIES, head)
    for organisation, key in mail_keys(session, book.mail_seq, until, places):
        tallies[organisation, key] += 1
    book.mail_seq = until


def _add(tallies: Tallies, organisation: str, facts: CaseFacts | None, sign: int = 1) -> None:
    for key, count in (contributions(facts) if facts else Counter[Key]()).items():
        tallies[organisation, key] += sign * count


def _write(session: Session, tallies: Tallies) -> None:
    rows = [_row(organisation, key, count) for (organisation, key), count in tallies.items() if count]
    if not rows:
        return
    rows.sort(key=lambda row: tuple(row.values()))  # all processes in one order: none waits for another in a circle
    insert = insert_into(session, Tally)
    primary = [column.name for column in insert.table.primary_key]
    total = insert.table.c["count"] + insert.excluded["count"]
    connection = session.connection()
    connection.execute(insert.on_conflict_do_update(index_elements=primary, set_={"count": total}), rows)
    fewer = [{f"old_{name}": row[name] for name in primary} for row in rows if row["count"] < 0]
    if fewer:
        same = [insert.table.c[name] == bindparam(f"old_{name}") for name in primary]
        connection.execute(sql_delete(insert.table).where(*same, insert.table.c["count"] == 0), fewer)


def _row(organisation: str, key: Key, count: int) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "measure": key.measure,
        "dimension": key.dimension,
        "on": key.on,
        "member": key.member,
        "value": key.value,
        "count": count,
    }
