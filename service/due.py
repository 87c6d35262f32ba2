"""`rightsdesk due`: JSON lines in, due dates with their reasons out. Needs no configuration.

Each line is checked strictly and answered alone: a bad line gets an error that names the key at fault (never
its value, which may be anything) and does not disturb the others. Blank lines are passed over. A row that names
a profile is answered by that law alone.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from cases.clock_facts import ClockEvent, ClockState, Due, ExtensionEvent, Facts, PauseEvent, zone_named
from cases.clock_kinds import ALIASES, ClockKind
from cases.deadlines import due
from cases.holiday_calendar import working_days
from cases.nearest_name import nearest_name
from cases.profiles import Profile, ProfileDue, ProfileError, ProfileFacts, profile_due
from models.casework import PauseReason
from models.errors import DeskError, SettingsError
from models.organisation import Regime
from models.steps import WEEKDAY_NAMES, day_in_words

# The calendars of public holidays end in 2100; a date beyond would be reckoned without them.
_YEARS = range(1970, 2100)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\d(\.\d+)?(Z|\+00:00)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_KIND_NAMES = (*ClockKind, *ALIASES)

Choice = TypeVar("Choice", bound=StrEnum)


class RowError(DeskError):
    """A row cannot be answered; the text names the key at fault."""


@dataclass(frozen=True, slots=True)
class RowAnswer:
    """The answer to one line: a due date or an error."""

    row_id: str | int | None
    due: Due | ProfileDue | None
    error: str = ""


def answer_rows(lines: Iterable[str | bytes]) -> Iterator[RowAnswer]:
    """Answer each line that is not blank, in order, as it comes."""
    for line in lines:
        if line.strip():
            yield _answer(line)


def run_due(lines: Iterable[str | bytes]) -> Iterator[tuple[dict[str, object], bool]]:
    """Yield the machine form of each answer, and whether the line was good."""
    for answer in answer_rows(lines):
        if answer.due is None:
            yield {"id": answer.row_id, "error": answer.error}, False
        else:
            yield {"id": answer.row_id, **_machine_form(answer.due)}, True


def explain_due(lines: Iterable[str | bytes]) -> Iterator[tuple[str, bool]]:
    """Yield each answer as text for a terminal, and whether the line was good."""
    for answer in answer_rows(lines):
        name = "unreadable row" if answer.row_id is None else str(answer.row_id)
        told = explain(answer.due) if answer.due else [f"error: {answer.error}"]
        yield "\n  ".join([name, *told]), answer.due is not None


def explain(answer: Due | ProfileDue) -> list[str]:
    """Return the due date and how it was found, one line each, for people."""
    heading = f"due {_in_words(answer.due_on)}" if answer.due_on else "waiting: no due date"
    if isinstance(answer, ProfileDue) and answer.acknowledge_by:
        heading = f"{heading}, acknowledge by {_in_words(answer.acknowledge_by)}"
    flags = [f"({', '.join(flag.replace('_', ' ') for flag in answer.flags)})"] if answer.flags else []
    numbered = (f"{number}. {sentence}" for number, sentence in enumerate(_sentences(answer), 1))
    return [" ".join([heading, *flags]), *numbered]


def _in_words(day: date) -> str:
    return f"{WEEKDAY_NAMES[day.weekday()]} {day_in_words(day)}"


def _sentences(answer: Due | ProfileDue) -> list[str]:
    return list(answer.steps) if isinstance(answer, ProfileDue) else [step.sentence for step in answer.steps]


def _answer(line: str | bytes) -> RowAnswer:
    row_id = None
    try:
        row = _read_object(line)
        row_id = _read_id(row)
        return RowAnswer(row_id, _due(row))
    except RowError as error:
        return RowAnswer(row_id, None, str(error))


def _due(row: dict[str, object]) -> Due | ProfileDue:
    if row.get("profile") is None:
        facts = _read_facts(row)
        return due(facts, working_days(facts.country))
    return profile_due(_read_profile_facts(row), working_days(_read_code(row, "country")))


def _machine_form(answer: Due | ProfileDue) -> dict[str, object]:
    if isinstance(answer, ProfileDue):
        # No question stops such a clock: it always runs, and the date without a pause is the date.
        without_pause, state = answer.due_on, ClockState.RUNNING
        further: dict[str, object] = {"acknowledge_by": answer.acknowledge_by and answer.acknowledge_by.isoformat()}
    else:
        without_pause, state, further = answer.due_without_pause, answer.state, {}
    return {
        "due_date": answer.due_on and answer.due_on.isoformat(),
        "due_at_utc": answer.due_at and answer.due_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "due_without_pause": without_pause.isoformat(),
        "state": state.value,
        "flags": [flag.value for flag in answer.flags],
        "steps": _sentences(answer),
        **further,
    }


def _read_object(line: str | bytes) -> dict[str, object]:
    try:
        text = line.decode() if isinstance(line, bytes) else line
        row = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise RowError("not readable as JSON") from error
    if not isinstance(row, dict):
        raise RowError("not a JSON object")
    return row


def _read_id(row: dict[str, object]) -> str | int:
    row_id = _required(row, "id")
    if not isinstance(row_id, str | int) or isinstance(row_id, bool):
        raise RowError("id: must be a text or a whole number")
    return row_id


def _read_facts(row: dict[str, object]) -> Facts:
    regime = _read_choice(row, "regime", Regime, tuple(Regime))
    kind = _read_choice(row, "kind", ClockKind, _KIND_NAMES)
    return Facts(
        received_at=_read_moment(row),
        timezone=_read_code(row, "timezone"),
        regime=regime,
        country=_read_code(row, "country"),
        kind=kind,
        events=_read_events(row.get("events")),
    )


def _read_profile_facts(row: dict[str, object]) -> ProfileFacts:
    profile = _read_choice(row, "profile", Profile, tuple(Profile))
    if row.get("regime") is not None:
        _read_choice(row, "regime", Regime, tuple(Regime))
    kind = _read_choice(row, "kind", ClockKind, _KIND_NAMES)
    try:
        return ProfileFacts(
            profile=profile,
            received_at=_read_moment(row),
            timezone=_read_code(row, "timezone"),
            kind=kind,
            events=_read_events(row.get("events")),
        )
    except ProfileError as error:
        raise RowError(f"kind: {error}") from error


def _required(row: dict[str, object], key: str, at: str = "") -> object:
    if key not in row:
        raise RowError(f"{at}{key}: missing")
    return row[key]


def _read_text(row: dict[str, object], key: str, at: str = "") -> str:
    text = _required(row, key, at)
    if not isinstance(text, str) or not text:
        raise RowError(f"{at}{key}: must be a text that is not empty")
    return text


def _read_choice(
    row: dict[str, object], key: str, choice: type[Choice], names: tuple[str, ...], at: str = ""
) -> Choice:
    text = _read_text(row, key, at)
    try:
        return choice(text)
    except ValueError as error:
        raise RowError(f"{at}{key}: unknown; the nearest is {nearest_name(text, names)}") from error


def _read_code(row: dict[str, object], key: str) -> str:
    """Read the name of a time zone or of a holiday calendar."""
    text = _read_text(row, key)
    try:
        if key == "timezone":
            zone_named(text)
        else:
            working_days(text)
    except SettingsError as error:
        raise RowError(f"{key}: {error}") from error
    return text


def _read_moment(row: dict[str, object]) -> datetime:
    text = _read_text(row, "received_utc")
    if not _MOMENT.fullmatch(text):
        raise RowError("received_utc: must have the form YYYY-MM-DDTHH:MM:SSZ")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RowError("received_utc: there is no such moment") from error
    return _within_calendars(moment, "received_utc")


def _read_events(events: object) -> tuple[ClockEvent, ...]:
    if events is None:
        return ()
    if not isinstance(events, list):
        raise RowError("events: must be a list")
    return tuple(_read_event(event, f"events[{number}]") for number, event in enumerate(events))


def _read_event(event: object, at: str) -> ClockEvent:
    if not isinstance(event, dict):
        raise RowError(f"{at}: must be an object")
    sort = _read_text(event, "type", f"{at}.")
    if sort == "extension":
        return ExtensionEvent(_read_day(event, "notified", at))
    if sort != "pause":
        raise RowError(f"{at}.type: unknown; the nearest is {nearest_name(sort, ('pause', 'extension'))}")
    reason = _read_choice(event, "reason", PauseReason, tuple(PauseReason), f"{at}.")
    asked_on = _read_day(event, "from", at)
    answered_on = None if _required(event, "to", f"{at}.") is None else _read_day(event, "to", at)
    if answered_on and answered_on < asked_on:
        raise RowError(f"{at}.to: before from")
    return PauseEvent(reason, asked_on, answered_on)


def _read_day(event: dict[str, object], key: str, at: str) -> date:
    text = _read_text(event, key, f"{at}.")
    if not _DAY.fullmatch(text):
        raise RowError(f"{at}.{key}: must have the form YYYY-MM-DD")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise RowError(f"{at}.{key}: there is no such day") from error
    return _within_calendars(day, f"{at}.{key}")


Day = TypeVar("Day", bound=date)


def _within_calendars(day: Day, key: str) -> Day:
    if day.year not in _YEARS:
        raise RowError(f"{key}: the year must be from {_YEARS[0]} to {_YEARS[-1]}")
    return day
