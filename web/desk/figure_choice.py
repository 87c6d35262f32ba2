"""What figures are asked for: whose, of which period, as of when. Dashboard and reports share it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from fastapi import Request

from cases.case_facts import places_of
from cases.clock_facts import WorkCalendar
from cases.holiday_calendar import working_days
from cases.periods import Period, Span, period_of
from cases.tally_book import Progress, catch_up, progress
from models.errors import NotFound
from models.organisation import Organisation
from web.desk.accounts import Visitor
from web.desk.parts import DeskParts


@dataclass(frozen=True, slots=True)
class Choice:
    """Whose figures, of which period."""

    organisations: Sequence[Organisation]
    """All that the visitor may choose from."""
    of: str
    """The slug of the one chosen; '' for all of them."""
    period: Period
    today: date
    now: datetime

    @property
    def slugs(self) -> list[str]:
        """Return the organisations whose figures are shown."""
        return [self.of] if self.of else [one.slug for one in self.organisations]

    @property
    def covers(self) -> str:
        """Return the names of the organisations whose figures are shown."""
        return ", ".join(one.name for one in self.organisations if self.of in ("", one.slug))

    @property
    def place(self) -> Organisation | None:
        """Return the organisation whose clocks and working days count: the first where there are several."""
        return next((one for one in self.organisations if self.of in ("", one.slug)), None)

    @property
    def zone(self) -> ZoneInfo:
        """Return its time zone."""
        return zone_of(self.place)

    @property
    def calendar(self) -> WorkCalendar:
        """Return its working days."""
        first = self.place
        return working_days(first.country, first.local_holidays) if first else working_days("GB-ENG", ())

    @property
    def is_current(self) -> bool:
        """Tell whether the period is the one of today."""
        return self.period.has(self.today)

    def address(self, **changes: str) -> dict[str, str]:
        """Return the choice as parts of an address, with some changed."""
        own = {"of": self.of, "period": self.period.span.value, "on": self.period.first.isoformat()}
        return {name: value for name, value in (own | changes).items() if value}


def chosen(request: Request, who: Visitor, parts: DeskParts) -> Choice:
    """Return what an address asks for; raises NotFound for an organisation that is not there or not theirs, alike."""
    found = {box.organisation.slug: box.organisation for box in parts.mailboxes}
    own = [one for slug, one in found.items() if who.may_see(slug)]
    of = request.query_params.get("of", "") or (own[0].slug if len(own) == 1 else "")
    if of and of not in {one.slug for one in own}:
        raise NotFound("there is no such organisation")
    place = next((one for one in own if one.slug == of), own[0] if own else None)
    today = parts.now().astimezone(zone_of(place)).date()
    span = request.query_params.get("period", "")
    period = period_of(Span(span) if span in set(Span) else Span.MONTH, day_asked(request, today))
    return Choice(own, of, period, today, parts.now())


def zone_of(organisation: Organisation | None) -> ZoneInfo:
    """Return the time zone of an organisation, UTC where there is none."""
    return ZoneInfo(organisation.timezone if organisation else "UTC")


def day_asked(request: Request, today: date) -> date:
    """Return the day an address names, within years that figures can have; else today."""
    try:
        found = date.fromisoformat(request.query_params.get("on", ""))
    except ValueError:
        return today
    return found if 1990 <= found.year <= today.year + 10 else today


def caught_up(parts: DeskParts) -> Progress:
    """Return how far the counting of figures is, after what little was left was counted.

    So figures are right at once on a small desk; where much is left, the running service counts it in the background.
    """
    with parts.database.reading() as session:
        found = progress(session, parts.now())
    if not found.is_little_left:
        return found
    with parts.database.transaction() as session:
        return catch_up(session, places_of(parts.mailboxes), parts.now())
