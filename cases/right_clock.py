"""The month of a data subject right: one month, three after a valid extension; questions stop it or move its start.

GDPR Art. 12(3) and (6), recital 63, EDPB Guidelines 01/2022 par. 157-164; UK GDPR Art. 12A. The end is
rolled to a working day once, at the very end; nothing is ever added to a date that was rolled before.
"""

from datetime import date
from enum import StrEnum

from cases.clock_facts import PauseEvent
from cases.clock_kinds import ClockKind
from cases.clock_sheet import ClockSheet, Ending, receipt_steps
from cases.day_counting import ONE_DAY
from models.casework import PauseReason
from models.clock_settings import EuPause, UkClarificationDays
from models.organisation import Regime
from models.steps import Step, StepCode, step


class Effect(StrEnum):
    """What a question does to the clock."""

    MOVES_START = "moves_start"
    ADDS_DAYS = "adds_days"
    NOTHING = "nothing"


_EU_EFFECTS = {
    EuPause.PAUSE: Effect.ADDS_DAYS,
    EuPause.RESTART: Effect.MOVES_START,
    EuPause.NONE: Effect.NOTHING,
}
_SOURCES = {
    (Regime.EU, PauseReason.IDENTITY): "GDPR Art. 12(6); EDPB Guidelines 01/2022 par. 159",
    (Regime.EU, PauseReason.MANDATE): "GDPR Art. 12(6); EDPB Guidelines 01/2022 par. 80, 159",
    (Regime.EU, PauseReason.CLARIFICATION): "GDPR recital 63",
    (Regime.UK, PauseReason.IDENTITY): "UK GDPR Art. 12A(2)",
    (Regime.UK, PauseReason.MANDATE): "ICO guidance on the right of access",
    (Regime.UK, PauseReason.FEE): "UK GDPR Art. 12A(2)",
    (Regime.UK, PauseReason.CLARIFICATION): "UK GDPR Art. 12A(5)",
}
_EXTENSION_SOURCES = {Regime.EU: "GDPR Art. 12(3)", Regime.UK: "UK GDPR Art. 12A(3)-(4)"}


def effect_of(reason: PauseReason, sheet: ClockSheet) -> Effect:
    """Return what a question for this reason does to this clock."""
    regime, eu_pause = sheet.facts.regime, sheet.settings.eu_pause
    if reason is PauseReason.CLARIFICATION:
        is_stopping = regime is Regime.UK or eu_pause is not EuPause.NONE
        return Effect.ADDS_DAYS if is_stopping and sheet.facts.kind is ClockKind.ACCESS else Effect.NOTHING
    if regime is Regime.UK:
        return Effect.MOVES_START
    return Effect.NOTHING if reason is PauseReason.FEE else _EU_EFFECTS[eu_pause]


def right_ending(sheet: ClockSheet) -> Ending:
    """Return where the month of a right ends, and why."""
    start, steps = _start(sheet)
    notice_by = _notice_by(sheet, start)
    notices = sheet.notices
    is_late = bool(notices and notice_by and notices[0] > notice_by)
    steps = [*receipt_steps(sheet), *_idle_steps(sheet), *steps, *_notice_steps(sheet, notice_by, is_late=is_late)]
    end: date | None = None
    if start:
        months = 3 if notices and not is_late else 1
        end, pause_steps = _paused_end(sheet, start, months)
        steps += [*sheet.month_steps(start, months), *pause_steps]
    if end:
        steps += sheet.roll_steps(end)
    due_on = end and sheet.rolled(end)
    return Ending(
        due_on,
        _due_without_pause(sheet),
        legal_due=due_on,
        steps=tuple(steps),
        notice_by=notice_by,
        is_extension_late=is_late,
    )


def _due_without_pause(sheet: ClockSheet) -> date:
    """Return the date had nobody been asked anything; the extension is judged on that footing too."""
    months = 3 if sheet.notices and sheet.notices[0] <= sheet.first_limit else 1
    return sheet.rolled(sheet.month_end(sheet.received_on, months))


def _questions(sheet: ClockSheet, effect: Effect) -> list[PauseEvent]:
    return [pause for pause in sheet.pauses if effect_of(pause.reason, sheet) is effect]


def _idle_steps(sheet: ClockSheet) -> list[Step]:
    return [
        step(StepCode.NO_EFFECT, subject=pause.reason, asked=pause.asked_on)
        for pause in _questions(sheet, Effect.NOTHING)
    ]


def _start(sheet: ClockSheet) -> tuple[date | None, list[Step]]:
    """Return the day from which the months run; None while a proof or fee that moves it is missing."""
    start, is_open, limit = sheet.received_on, False, sheet.first_limit
    steps: list[Step] = []
    for pause in _questions(sheet, Effect.MOVES_START):
        if pause.asked_on > limit:
            steps.append(_question_step(StepCode.START_KEPT, sheet, pause, limit=limit))
            continue
        if pause.answered_on is None:
            is_open = True
            steps += _counted_steps(StepCode.START_OPEN, sheet, pause)
        else:
            start = max(start, pause.answered_on)
            steps += _counted_steps(StepCode.START_MOVED, sheet, pause, answered=pause.answered_on, start=start)
    return None if is_open else start, steps


def _paused_end(sheet: ClockSheet, start: date, months: int) -> tuple[date | None, list[Step]]:
    """Return the end of the months with the days of the pauses, each day once; None while one is open.

    A pause that was asked for on or after the end so far is ignored: a clock that has run out cannot be stopped.
    """
    end, counted_to = sheet.month_end(start, months), start
    steps: list[Step] = []
    for pause in _questions(sheet, Effect.ADDS_DAYS):
        if pause.asked_on >= end:
            steps.append(_question_step(StepCode.PAUSE_TOO_LATE, sheet, pause, end=end))
            continue
        if pause.answered_on is None:
            return None, [*steps, *_counted_steps(StepCode.PAUSE_OPEN, sheet, pause)]
        added = max(0, (pause.answered_on - max(counted_to, _pause_eve(sheet, pause))).days)
        counted_to = max(counted_to, pause.answered_on)
        end += added * ONE_DAY
        steps += _counted_steps(StepCode.PAUSED, sheet, pause, answered=pause.answered_on, days=added, end=end)
    return end, steps


def _pause_eve(sheet: ClockSheet, pause: PauseEvent) -> date:
    """Return the last day before those that a pause adds."""
    is_inclusive = sheet.settings.uk_clarification_days is UkClarificationDays.INCLUSIVE
    return pause.asked_on - ONE_DAY if is_inclusive and sheet.facts.regime is Regime.UK else pause.asked_on


def _notice_by(sheet: ClockSheet, start: date | None) -> date | None:
    """Return the last day to tell the person of an extension; None where it is still open.

    In the European Union pauses do not move it (the text says one month of receipt); in the United
    Kingdom the moved start and the clarification do (UK GDPR Art. 12A(4), (5)(b)(ii)).
    """
    if sheet.facts.regime is Regime.EU:
        return sheet.first_limit
    end = start and _paused_end(sheet, start, 1)[0]
    return end and sheet.rolled(end)


def _notice_steps(sheet: ClockSheet, notice_by: date | None, *, is_late: bool) -> list[Step]:
    if not sheet.notices:
        return []
    first, *others = sheet.notices
    limit = notice_by or "still open"
    code = StepCode.EXTENSION_LATE if is_late else StepCode.EXTENDED
    judged = step(code, notified=first, limit=limit, source=_EXTENSION_SOURCES[sheet.facts.regime])
    return [judged, *(step(StepCode.EXTENSION_REPEATED, notified=day) for day in others)]


def _question_step(code: StepCode, sheet: ClockSheet, pause: PauseEvent, **facts: date | int | str) -> Step:
    source = _SOURCES.get((sheet.facts.regime, pause.reason), "")
    return step(code, subject=pause.reason, asked=pause.asked_on, source=source, **facts)


def _counted_steps(code: StepCode, sheet: ClockSheet, pause: PauseEvent, **facts: date | int | str) -> list[Step]:
    """Explain a question that counts, with a warning where it went out late.

    It should go out without undue delay, but the date does not change (EDPB Guidelines 01/2022 par. 159).
    """
    steps = [_question_step(code, sheet, pause, **facts)]
    days = (pause.asked_on - sheet.received_on).days
    is_slow = days > sheet.settings.ask_within_days
    return [*steps, step(StepCode.ASKED_LATE, days=days)] if is_slow else steps
