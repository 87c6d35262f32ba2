"""Calendars as text (RFC 5545): all-day events, escaped, in lines of at most 75 octets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST = 75
_HEAD = (
    *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//rightsdesk//due dates//EN", "CALSCALE:GREGORIAN"),
    *("METHOD:PUBLISH", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H"),
)


@dataclass(frozen=True, slots=True)
class DayEvent:
    """Something on a day."""

    uid: str
    """Names it for good, whatever changes."""
    on: date
    summary: str
    url: str
    is_cancelled: bool = False


def calendar_lines(name: str, events: Iterable[DayEvent], now: datetime) -> Iterator[str]:
    """Yield a calendar, content line by content line, folded and with their ends."""
    yield from (_folded(line) for line in (*_HEAD, f"X-WR-CALNAME:{_escaped(name)}"))
    for event in events:
        yield from (_folded(line) for line in _event(event, now))
    yield _folded("END:VCALENDAR")


def _event(event: DayEvent, now: datetime) -> tuple[str, ...]:
    return (
        "BEGIN:VEVENT",
        f"UID:{_escaped(event.uid)}",
        f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{_escaped(event.summary)}",
        f"URL:{event.url}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    )


def _escaped(text: str) -> str:
    """Return a value of type TEXT (3.3.11)."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(character for character in plain if character.isprintable())


def _folded(line: str) -> str:
    """Return a line in pieces of at most 75 octets, never parting a character (3.1)."""
    if len(line.encode()) <= _LONGEST:
        return f"{line}\r\n"
    pieces, piece = [], ""
    for character in line:
        if len((piece + character).encode()) > _LONGEST:
            pieces.append(piece)
            piece = " "
        piece += character
    return "\r\n".join([*pieces, piece]) + "\r\n"
