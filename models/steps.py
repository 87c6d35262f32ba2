"""Why a clock ends when it ends: small values, one for each step, that read as plain English sentences.

A step keeps its facts (dates, counts, what was asked), so that a letter can say it in its own language; `sentence` is
the one wording used for colleagues, evidence and machine output.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.casework import PauseReason

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_COUNT_WORDS = ("no", "one", "two", "three", "four", "five", "six")


class StepCode(StrEnum):
    """What a step says; `SENTENCES` has the words."""

    RECEIVED = "received"
    CUT_OFF = "cut_off"
    AWARE = "aware"
    START_MOVED = "start_moved"
    START_KEPT = "start_kept"
    START_OPEN = "start_open"
    EXTENDED = "extended"
    EXTENSION_LATE = "extension_late"
    EXTENSION_REPEATED = "extension_repeated"
    MONTHS = "months"
    MONTHS_SHORT = "months_short"
    DAY_BEFORE = "day_before"
    PAUSED = "paused"
    PAUSE_TOO_LATE = "pause_too_late"
    PAUSE_OPEN = "pause_open"
    NO_EFFECT = "no_effect"
    ASKED_LATE = "asked_late"
    EVENTS_IGNORED = "events_ignored"
    DAYS_AFTER_RECEIPT = "days_after_receipt"
    DAYS_AFTER_MONTH = "days_after_month"
    HOURS = "hours"
    WORKING_DAYS = "working_days"
    ROLLED = "rolled"
    EARLIER = "earlier"
    WITHOUT_PAUSE = "without_pause"
    WAITING = "waiting"
    DATE_SET = "date_set"
    DUE = "due"
    DUE_AT = "due_at"


SENTENCES = {
    StepCode.RECEIVED: "Received on {day} ({timezone}); the day of receipt counts whatever day of the week it is.",
    StepCode.CUT_OFF: "It came after the cut-off time, {cutoff}: it counts as received on {day}.",
    StepCode.AWARE: "The controller became aware on {day} at {time} ({timezone}).",
    StepCode.START_MOVED: "{subject} asked for on {asked}, received on {answered}: "
    "the time starts on {start} ({source}).",
    StepCode.START_KEPT: "{subject} asked for on {asked}, after the first month had ended on {limit}: "
    "the start does not move.",
    StepCode.START_OPEN: "{subject} asked for on {asked}, not received yet: the time has not started ({source}).",
    StepCode.EXTENDED: "The person was told of the extension on {notified}, in time (last day for it: {limit}): "
    "three months from the start ({source}).",
    StepCode.EXTENSION_LATE: "The person was told of the extension on {notified}, but the last day for that "
    "was {limit}: it does not count ({source}).",
    StepCode.EXTENSION_REPEATED: "A further extension, told on {notified}, does not count: there is one at most.",
    StepCode.MONTHS: "{Months} after {start}: {end} ({source}).",
    StepCode.MONTHS_SHORT: "{Months} after {start} there is no {missing}: the last day of the month, {end} ({source}).",
    StepCode.DAY_BEFORE: "Counted strictly, the month begins with its first day and ends on {end}.",
    StepCode.PAUSED: "{subject} asked for on {asked}, received on {answered}: {days} added, "
    "which makes {end} ({source}).",
    StepCode.PAUSE_TOO_LATE: "{subject} asked for on {asked}, when the time had run to its end, {end}: "
    "nothing is added.",
    StepCode.PAUSE_OPEN: "{subject} asked for on {asked}, not received yet: the clock stands still ({source}).",
    StepCode.NO_EFFECT: "{subject} asked for on {asked}: this does not stop this clock.",
    StepCode.ASKED_LATE: "Warning: this question went out {days} after receipt; it should go out at once.",
    StepCode.EVENTS_IGNORED: "Questions and extensions do not change this clock.",
    StepCode.DAYS_AFTER_RECEIPT: "{Days} after {start}: {end} ({source}).",
    StepCode.DAYS_AFTER_MONTH: "{Days} after that: {end} ({source}).",
    StepCode.HOURS: "{hours} hours of real time after {day}, {time} ({timezone}): {end}, {end_time} ({source}).",
    StepCode.WORKING_DAYS: "{Count} after {start}, which is not counted: {end_weekday} {end} ({source}).",
    StepCode.ROLLED: "{skipped}: moves to {end_weekday} {end} ({source}).",
    StepCode.EARLIER: "The earlier of {one} and {other}: {end}.",
    StepCode.WITHOUT_PAUSE: "Had nothing been asked, the last day would be {end_weekday} {end}.",
    StepCode.WAITING: "There is no due date until the answer comes in.",
    StepCode.DATE_SET: "The letter names {end} as the last day.",
    StepCode.DUE: "Due by the end of {end_weekday} {end} ({timezone}).",
    StepCode.DUE_AT: "Due by {end_time} on {end_weekday} {end} ({timezone}).",
}

SUBJECTS = {
    PauseReason.IDENTITY: "Proof of identity",
    PauseReason.MANDATE: "Proof of the mandate",
    PauseReason.CLARIFICATION: "A clarification",
    PauseReason.FEE: "A fee",
}


@dataclass(frozen=True, slots=True)
class MissingDay:
    """A day number that a month does not have."""

    day: int
    month: int


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day that is no working day, and why ("a Saturday")."""

    day: date
    why: str


StepFact = date | int | str | MissingDay | tuple[DayOff, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a code and the facts that fill its sentence."""

    code: StepCode
    facts: tuple[tuple[str, StepFact], ...]

    @property
    def sentence(self) -> str:
        """Return the step in plain English."""
        words: dict[str, str] = {}
        for name, fact in self.facts:
            words[name] = _in_words(name, fact)
            words[name.capitalize()] = words[name][:1].upper() + words[name][1:]
            if isinstance(fact, date):
                words[f"{name}_weekday"] = WEEKDAY_NAMES[fact.weekday()]
        return SENTENCES[self.code].format_map(words)


def step(code: StepCode, **facts: StepFact) -> Step:
    """Return a step with the facts its sentence needs."""
    return Step(code, tuple(facts.items()))


def day_in_words(day: date) -> str:
    """Return a date as "28 February 2026"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def _in_words(name: str, fact: StepFact) -> str:
    if isinstance(fact, date):
        return day_in_words(fact)
    if isinstance(fact, MissingDay):
        return f"{fact.day} {MONTH_NAMES[fact.month - 1]}"
    if isinstance(fact, tuple):
        return _joined([f"{day_in_words(one.day)} is {one.why}" for one in fact])
    if isinstance(fact, PauseReason):
        return SUBJECTS[fact]
    if isinstance(fact, str):
        return fact
    return _counted(fact, _UNITS[name]) if name in _UNITS else str(fact)


def _joined(pieces: list[str]) -> str:
    return " and ".join([", ".join(pieces[:-1]), pieces[-1]] if pieces[1:] else pieces)


_UNITS = {"months": "month", "days": "day", "count": "working day"}


def _counted(count: int, unit: str) -> str:
    number = _COUNT_WORDS[count] if count < len(_COUNT_WORDS) else str(count)
    return f"{number} {unit}" if count == 1 else f"{number} {unit}s"
