"""Rows of the law and how they are read.

A row: local day of receipt at noon (or an instant with Z), "regime calendar kind" with the zone of the mailbox where
it is not that of the capital, events, due date, reason. Events read "identity 2026-06-03/2026-06-10" (asked/answered,
nothing after the slash while open) or "told 2026-06-10".
"""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from cases.clock_facts import ClockEvent
from cases.deadlines import ClockKind, Due, ExtensionEvent, Facts, PauseEvent, PauseReason, due
from cases.holiday_calendar import working_days
from models.organisation import Regime

ZONES = {
    "AT": "Europe/Vienna",
    "BE": "Europe/Brussels",
    "BG": "Europe/Sofia",
    "CY": "Asia/Nicosia",
    "CZ": "Europe/Prague",
    "DE": "Europe/Berlin",
    "DK": "Europe/Copenhagen",
    "EE": "Europe/Tallinn",
    "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "GR": "Europe/Athens",
    "HR": "Europe/Zagreb",
    "HU": "Europe/Budapest",
    "IE": "Europe/Dublin",
    "IT": "Europe/Rome",
    "LT": "Europe/Vilnius",
    "LU": "Europe/Luxembourg",
    "LV": "Europe/Riga",
    "MT": "Europe/Malta",
    "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw",
    "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest",
    "SE": "Europe/Stockholm",
    "SI": "Europe/Ljubljana",
    "SK": "Europe/Bratislava",
}


def event_of(text: str) -> ClockEvent:
    word, days = text.split()
    if word == "told":
        return ExtensionEvent(date.fromisoformat(days))
    asked, answered = days.split("/")
    return PauseEvent(PauseReason(word), date.fromisoformat(asked), date.fromisoformat(answered) if answered else None)


def facts_of(received: str, what: str, events: str = "", timezone: str = "") -> Facts:
    regime, country, kind, *elsewhere = what.split()
    zone = timezone or next(iter(elsewhere), "") or ZONES[country[:2]]
    if received.endswith("Z"):
        received_at = datetime.fromisoformat(received)
    else:
        received_at = datetime.combine(date.fromisoformat(received), time(12), ZoneInfo(zone))
    known = tuple(event_of(text) for text in events.split(";") if text.strip())
    return Facts(received_at, zone, Regime(regime), country, ClockKind(kind), known)


def reckon(received: str, what: str, events: str = "", timezone: str = "") -> Due:
    facts = facts_of(received, what, events, timezone)
    return due(facts, working_days(facts.country))


def rows(*lines: tuple[str, ...]) -> pytest.MarkDecorator:
    names = ("received", "what", "events", "expected")
    return pytest.mark.parametrize(names, [pytest.param(*line[:-1], id=line[-1]) for line in lines])
