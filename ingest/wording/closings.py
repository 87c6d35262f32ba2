"""What stands below a writer's words: signatures, footers of mail programs, confidentiality and privacy notices.

The sign-off, the name and the address lines under it are the writer's own words, unless a "-- " line sets them
apart: the name and address of a requester are read from them.
"""

import re
from collections.abc import MutableSequence, Sequence

from ingest.wording.closing_words import (
    FOOTER,
    NOTICE_CLASSES,
    NOTICE_START,
    OTHER_FOOTER,
    OWN_WORDS,
    PRIVACY_NOTICE,
    REQUESTING,
)
from ingest.wording.lines import Place, runs

MAX_SIGNATURE_LINES = 15
MAX_SIGNATURE = 1200
MAX_FOOTER = 160
MAX_NOTICE = 4000
MAX_HEADING = 60

_DELIMITER = re.compile(r"\s*--\s*$")
_RULE = re.compile(r"\s*[-_*=~]{3,}\s*$")


def label_closings(lines: Sequence[str], places: MutableSequence[Place]) -> None:
    """Move notices, footers and signatures out of what is written; where nothing else is written, all stays."""
    before = list(places)
    for run in list(runs(places, Place.WRITTEN)):
        _label_notices(lines, places, run)
        _label_footers(lines, places, run)
        _label_signature(lines, places, run)
    is_quoting = any(place in {Place.QUOTED, Place.FORWARDED} for place in places)
    if not is_quoting and not has_words(lines, places):
        places[:] = before


def has_words(lines: Sequence[str], places: Sequence[Place]) -> bool:
    """Tell whether any line of the writer's own has words."""
    return any(place is Place.WRITTEN and line.strip() for line, place in zip(lines, places, strict=True))


def is_footer(line: str) -> bool:
    """Tell whether a line is the advertisement of a mail program or virus scanner ("Sent from my iPhone")."""
    if not line.strip() or len(line) > MAX_FOOTER:
        return False
    if OTHER_FOOTER.match(line):
        return True
    return bool(FOOTER.match(line)) and not REQUESTING.search(line)


def _label_footers(lines: Sequence[str], places: MutableSequence[Place], run: range) -> None:
    for number in run:
        if places[number] is Place.WRITTEN and is_footer(lines[number]):
            places[number] = Place.SIGNATURE


def _label_signature(lines: Sequence[str], places: MutableSequence[Place], run: range) -> None:
    """Set apart what stands below the last "-- " (RFC 3676 section 4.3), if it is short and something stands above."""
    delimiter = next((number for number in reversed(run) if _DELIMITER.match(lines[number])), None)
    if delimiter is None or not has_words(lines[:delimiter], places[:delimiter]):
        return
    below = [number for number in range(delimiter, run.stop) if places[number] is Place.WRITTEN]
    words = [lines[number] for number in below if lines[number].strip()]
    if len(words) - 1 <= MAX_SIGNATURE_LINES and sum(map(len, words)) <= MAX_SIGNATURE:
        for number in below:
            places[number] = Place.SIGNATURE


def _label_notices(lines: Sequence[str], places: MutableSequence[Place], run: range) -> None:
    """Set apart the notices: from the line that begins like one to the end of its paragraph, with what heads it."""
    number = run.start
    while number < run.stop:
        end = _notice_end(lines, number, run.stop) if _may_begin_notice(lines[number]) else number
        if end > number:
            start = number - 1 if number > run.start and _RULE.match(lines[number - 1]) else number
            places[start:end] = [Place.DISCLAIMER] * (end - start)
        number = max(end, number + 1)


def _may_begin_notice(line: str) -> bool:
    return bool(NOTICE_START.match(line[:MAX_FOOTER]))


def _notice_end(lines: Sequence[str], start: int, stop: int) -> int:
    """Return the line after the notice that begins at a line, that line itself where none does."""
    end = _paragraph_end(lines, start, stop)
    if end - start == 1 and len(lines[start].strip()) <= MAX_HEADING:
        # A heading may stand above its notice, with a blank line between.
        below = next((number for number in range(end, stop) if lines[number].strip()), stop)
        whole = _paragraph_end(lines, below, stop)
        if below < stop and _is_notice("\n".join(lines[below:whole])):
            return whole
    return end if _is_notice("\n".join(lines[start:end])) else start


def _is_notice(text: str) -> bool:
    text = text[:MAX_NOTICE]
    if OWN_WORDS.search(text):
        return False
    return sum(bool(words.search(text)) for words in NOTICE_CLASSES) >= 2 or bool(PRIVACY_NOTICE.search(text))


def _paragraph_end(lines: Sequence[str], start: int, stop: int) -> int:
    return next((number for number in range(start, stop) if not lines[number].strip()), stop)
