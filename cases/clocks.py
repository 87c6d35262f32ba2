"""The clock of a request item: facts from the row and the configuration, the date from `deadlines`."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cases.clock_facts import Due, ExtensionEvent, Facts
from cases.clock_kinds import ClockKind
from cases.deadlines import due
from cases.holiday_calendar import working_days
from models.case import RequestItem
from models.organisation import Mailbox
from models.verdict import Kind


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Dates as one mailbox counts them."""

    mailbox: Mailbox

    def due(self, kind: Kind, received_at: datetime, *, extended_on: date | None = None) -> Due:
        """Return the due date of a kind received at an instant; `extended_on` is the day an extension was told."""
        organisation = self.mailbox.organisation
        facts = Facts(
            received_at=received_at,
            timezone=self.mailbox.timezone,
            regime=organisation.regime,
            country=organisation.country,
            kind=ClockKind(kind.value),
            events=() if extended_on is None else (ExtensionEvent(extended_on),),
        )
        return due(facts, working_days(organisation.country, organisation.local_holidays))

    def set_due(self, item: RequestItem) -> Due:
        """Compute an item's date anew from its facts and keep it on the row for lists."""
        answer = self.due(item.kind, item.received_at)
        item.due_on, item.due_at = answer.due_on, answer.due_at
        return answer

    def extended_limit(self, kind: Kind, received_at: datetime) -> date | None:
        """Return the last day an extension could lead to (GDPR Art. 12(3)), None for kinds without one."""
        plain = self.due(kind, received_at)
        if plain.extension_notice_by is None:
            return None
        return self.due(kind, received_at, extended_on=self.local_date(received_at)).due_on

    def local_date(self, instant: datetime) -> date:
        """Return the calendar day of an instant in the mailbox's time zone."""
        return instant.astimezone(ZoneInfo(self.mailbox.timezone)).date()
