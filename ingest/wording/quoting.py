"""A text split into what its writer says now and what stands around it; every line goes to exactly one place.

Inline answers between quoted lines stay with the writer, and so do the sign-off, the name and the address lines
below it. Own tables know the forms of eight languages; quotequail is asked for those they do not know.
"""

import re
from collections.abc import Sequence

import quotequail

from ingest.mime.addresses import named_sender
from ingest.mime.charset import clean_line
from ingest.wording.closings import has_words, is_footer, label_closings
from ingest.wording.introductions import (
    MAX_WRAPPED,
    Opening,
    is_made_by_a_program,
    mail_opening,
    reply_opening,
    unmarked,
)
from ingest.wording.lines import Place, gathered
from models.mail import Body, ForwardedMail

MAX_FOREIGN_LINES = 300
MAX_FOREIGN_LINE = 300
MAX_FIELD = 500

_PREFIX = r"\s*(?:\[[^\]]{1,40}\]\s*)?(?:%s)\s?(?:\[\d+\])?\s?:"
_FORWARD_SUBJECT = re.compile(_PREFIX % "fwd?|wg|wtr|tr|rv|i|enc|pd|doorst|fs|vs|vb|vl|vidaresänt", re.IGNORECASE)
_REPLY_SUBJECT = re.compile(_PREFIX % "re|aw|antw?|sv|r|res|odp|ref|rif|bls|ynt", re.IGNORECASE)
_MAY_BE_FOREIGN = re.compile(r"[:>-][ \t]*$", re.MULTILINE)


def split_body(text: str, *, subject: str = "") -> Body:
    """Return the text and its parts; the subject tells a forward from a reply where the text does not.

    A mail that is nothing but a quotation counts as a forward: what it holds stands in `forwarded`.
    """
    sorting = _Sorting(text.split("\n"), subject)
    sorting.walk()
    if sorting.has_no_opening and (foreign := _foreign_opening(sorting.lines)):
        sorting.take(foreign)
    label_closings(sorting.lines, sorting.places)
    if not has_words(sorting.lines, sorting.places):
        sorting.turn_quote_into_forward()
    return Body(
        text=text,
        written=sorting.gathered(Place.WRITTEN),
        quoted=sorting.gathered(Place.QUOTED),
        signature=sorting.gathered(Place.SIGNATURE),
        disclaimer=sorting.gathered(Place.DISCLAIMER),
        forwarded=sorting.forwarded(),
    )


def is_forward_subject(subject: str) -> bool:
    """Tell whether a subject begins as that of a forwarded mail ("Fwd:", "WG:", "TR:")."""
    return bool(_FORWARD_SUBJECT.match(subject))


class _Sorting:
    """The lines of one text and the place found for each."""

    def __init__(self, lines: list[str], subject: str) -> None:
        self.lines = lines
        self.places = [Place.WRITTEN] * len(lines)
        self._is_forward_subject = is_forward_subject(subject)
        self._is_reply_subject = bool(_REPLY_SUBJECT.match(subject))
        self._before_colon = {end - back for end in _colon_lines(lines) for back in range(MAX_WRAPPED)}
        self._has_words = False
        self._heads: set[int] = set()
        """Lines that introduce another mail."""
        self._first: Opening | None = None
        self._forward: Opening | None = None

    def walk(self) -> None:
        """Find a place for every line, quotations and forwards only."""
        at = 0
        while at < len(self.lines):
            line = self.lines[at]
            if line.startswith(">") and not self._is_mbox_escape(at):
                at = self._marked_lines(at)
            elif opening := self._opening(at):
                at = self.take(opening)
            else:
                self._has_words = self._has_words or bool(line.strip() and not is_footer(line))
                at += 1

    def take(self, opening: Opening) -> int:
        """Give the lines of another mail their place and return the line to go on with."""
        place = Place.FORWARDED if self._is_forwarding(opening) else Place.QUOTED
        self._note(opening, place)
        self._place(range(opening.start, opening.end), Place.QUOTED, is_head=True)
        if not opening.marks_lines:
            self._place(range(opening.end, len(self.lines)), place)
            return len(self.lines)
        end = self._end_of_marked(opening.end)
        self._place(range(opening.end, end), place)
        return end

    @property
    def has_no_opening(self) -> bool:
        """Whether no line was found that introduces another mail."""
        return self._first is None

    def gathered(self, place: Place) -> str:
        """Return the lines of one place."""
        return gathered(self.lines, self.places, place)

    def forwarded(self) -> ForwardedMail | None:
        """Return the mail that was forwarded, if one was."""
        if self._forward is None:
            return None
        lines = [line if place is Place.FORWARDED else "" for line, place in zip(self.lines, self.places, strict=True)]
        if all(line.startswith(">") for line in lines if line.strip()):
            lines = [unmarked(line) for line in lines]
        fields = self._forward.fields
        return ForwardedMail(
            sender=named_sender(fields.get("from", "")),
            sent_on=clean_line(fields.get("date", ""), MAX_FIELD).strip(" ,"),
            subject=clean_line(fields.get("subject", ""), MAX_FIELD),
            text=gathered(lines, self.places, Place.FORWARDED),
        )

    def turn_quote_into_forward(self) -> None:
        """Let a mail without words of its own pass on what it quotes."""
        quoted = [number for number, place in enumerate(self.places) if place is Place.QUOTED]
        if self._forward is not None or not quoted:
            return
        self._forward = self._first or Opening(quoted[0], quoted[0])
        for number in quoted:
            if number not in self._heads:
                self.places[number] = Place.FORWARDED

    def _opening(self, at: int) -> Opening | None:
        opening = reply_opening(self.lines, at) if at in self._before_colon else None
        opening = opening or mail_opening(self.lines, at)
        if opening and opening.is_bare and not self._has_words and not self._is_forward_subject:
            # Header lines at the top of a mail may be the head of the writer's own letter.
            return opening if is_made_by_a_program(opening.fields) else None
        return opening

    def _is_forwarding(self, opening: Opening) -> bool:
        if self._forward is not None or opening.is_reply:
            return False
        return opening.is_forward or self._is_forward_subject or not (self._is_reply_subject or self._has_words)

    def _note(self, opening: Opening, place: Place) -> None:
        self._first = self._first or opening
        if place is Place.FORWARDED:
            self._forward = opening

    def _marked_lines(self, at: int) -> int:
        """Place lines marked with ">"; they may hold a forwarded mail, as Apple Mail writes it."""
        end = self._end_of_marked(at)
        inner = [unmarked(line) for line in self.lines[at:end]]
        first = next((number for number, line in enumerate(inner) if line.strip()), 0)
        opening = mail_opening(inner, first)
        if opening is None or not (opening.is_forward or self._is_forward_subject):
            self._place(range(at, end), Place.QUOTED)
            return end
        opening = Opening(at, at + opening.end, opening.fields, is_forward=True, marks_lines=True)
        return self.take(opening)

    def _end_of_marked(self, at: int) -> int:
        """Return the line after neighbouring lines marked with ">", blank lines between them included."""
        end = at
        for number in range(at, len(self.lines)):
            if self.lines[number].startswith(">"):
                end = number + 1
            elif self.lines[number].strip():
                break
        return end

    def _is_mbox_escape(self, at: int) -> bool:
        """Tell whether a ">" was put before a writer's "From " by an mbox file."""
        around = self.lines[max(at - 1, 0) : at] + self.lines[at + 1 : at + 2]
        return self.lines[at].startswith(">From ") and not any(line.startswith(">") for line in around)

    def _place(self, numbers: range, place: Place, *, is_head: bool = False) -> None:
        self.places[numbers.start : numbers.stop] = [place] * len(numbers)
        if is_head:
            self._heads.update(numbers)


def _colon_lines(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if line.rstrip("* \t").endswith(":")]


def _foreign_opening(lines: Sequence[str]) -> Opening | None:
    """Ask quotequail where another mail begins, for the languages that the own tables do not know."""
    top = [line[:MAX_FOREIGN_LINE] for line in lines[:MAX_FOREIGN_LINES]]
    if not _MAY_BE_FOREIGN.search("\n".join(top)):
        return None
    _, *below = quotequail.quote("\n".join(top), limit=MAX_FOREIGN_LINES + 1, quote_intro_line=True)
    if not below:
        return None
    start = len(top) - below[0][1].count("\n") - 1
    found = quotequail.unwrap("\n".join(top[start : start + 60])) or {}
    fields = {name: found[name] for name in ("from", "date", "subject") if name in found}
    following = next((line for line in top[start + 1 :] if line.strip()), "")
    marks_lines = following.startswith(">")
    if not marks_lines and "@" not in fields.get("from", ""):
        return None
    is_forward = found.get("type") == "forward"
    return Opening(start, start + 1, fields, is_forward=is_forward, is_reply=not is_forward, marks_lines=marks_lines)
