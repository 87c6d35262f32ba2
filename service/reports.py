"""Reports for managers, as rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.annual import Annual, annual
from cases.sla import month_of, sla
from models.errors import SettingsError
from models.organisation import Mailbox, Organisation
from service.counting import count_all
from store.database import Database


def sla_rows(
    session: Session, organisation: Organisation, first: date | None, last: date | None, now: datetime
) -> Iterator[dict[str, object]]:
    """Yield the figures of requests received in a period of local days, this month by default; all kinds first.

    Raises SettingsError where the period ends before it begins.
    """
    zone = ZoneInfo(organisation.timezone)
    begin, end = month_of(now.astimezone(zone).date())
    begin, end = first or begin, last + timedelta(days=1) if last else end
    if end <= begin:
        raise SettingsError("the period ends before it begins")
    starts, ends = (datetime.combine(day, time(0), zone) for day in (begin, end))
    for row in sla(session, organisation.slug, starts, ends, now):
        yield {"from": begin.isoformat(), "to": (end - timedelta(days=1)).isoformat()} | asdict(row)


def annual_report(
    database: Database, mailboxes: Sequence[Mailbox], organisation: Organisation, year: int, now: Callable[[], datetime]
) -> Annual:
    """Return the annual report of an organisation, after all was counted; raises SettingsError for a year to come."""
    today = now().astimezone(ZoneInfo(organisation.timezone)).date()
    if year > today.year:
        raise SettingsError(f"the year {year} has not begun")
    count_all(database, mailboxes, now)
    with database.reading() as session:
        return annual(session, organisation.slug, organisation.name, year, now(), today)
