"""The clock of a request item: facts from the row and the configuration, the date from `deadlines`."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cases.clock_facts import ClockEvent, Due, ExtensionEvent, Facts
from cases.clock_kinds import ClockKind
from cases.deadlines import due
from cases.due_warnings import target_on
from cases.holiday_calendar import PublicCalendar, working_days
from models.case import RequestItem
from models.clock_settings import ClockSettings
from models.organisation import Mailbox, Regime
from models.verdict import Kind


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a clock since the receipt."""

    events: tuple[ClockEvent, ...] = ()
    aware_at: datetime | None = None
    set_on: date | None = None


NO_HISTORY = History()


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Dates as one mailbox counts them."""

    mailbox: Mailbox

    def due(
        self,
        kind: Kind | ClockKind,
        received_at: datetime,
        *,
        history: History = NO_HISTORY,
        regime: Regime | None = None,
    ) -> Due:
        """Return the due date of a kind received at an instant, by the organisation's law unless told."""
        return due(self._facts(kind, received_at, history, regime), self.calendar, self.settings)

    def target_on(self, kind: Kind, received_at: datetime) -> date:
        """Return the day on which we want to have answered, which is no date of the law."""
        return target_on(self._facts(kind, received_at, NO_HISTORY, None), self.settings)

    def _facts(self, kind: Kind | ClockKind, received_at: datetime, history: History, regime: Regime | None) -> Facts:
        organisation = self.mailbox.organisation
        return Facts(
            received_at=received_at,
            timezone=self.mailbox.timezone,
            regime=regime or organisation.regime,
            country=organisation.country,
            kind=ClockKind(kind.value),
            events=history.events,
            aware_at=history.aware_at,
            set_on=history.set_on,
        )

    @property
    def settings(self) -> ClockSettings:
        """Return how the organisation counts."""
        return self.mailbox.organisation.clock

    @property
    def calendar(self) -> PublicCalendar:
        """Return the working days of the place."""
        organisation = self.mailbox.organisation
        return working_days(organisation.country, organisation.local_holidays)

    def set_due(self, item: RequestItem) -> Due:
        """Compute a new item's dates and keep them on the row for lists; `clock_book.reckon` does it later on."""
        answer = self.due(item.kind, item.received_at)
        item.due_on, item.due_at = answer.due_on, answer.due_at
        item.target_on = self.target_on(item.kind, item.received_at)
        return answer

    def extended_limit(self, kind: Kind, received_at: datetime) -> date | None:
        """Return the last day an extension could lead to (GDPR Art. 12(3)), None for kinds without one."""
        plain = self.due(kind, received_at)
        if plain.extension_notice_by is None:
            return None
        told = History((ExtensionEvent(self.local_date(received_at)),))
        return self.due(kind, received_at, history=told).due_on

    def local_date(self, instant: datetime) -> date:
        """Return the calendar day of an instant in the mailbox's time zone."""
        return instant.astimezone(ZoneInfo(self.mailbox.timezone)).date()
