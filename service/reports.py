"""Reports for managers, as rows."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.sla import month_of, sla
from models.errors import SettingsError
from models.organisation import Organisation


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
