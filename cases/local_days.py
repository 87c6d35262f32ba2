"""Which day it is where each case is counted: "due today" is so by the clocks of its own mailbox, whoever looks.

For most desks that is one day for all. Where zones differ, at most three days are under way at once on earth, and for
some hours only: a window of due dates is then read from its earliest to its latest day, and each case at its ends is
asked for its mailbox.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select

from cases.finding import Search, Term
from models.case import Case, CaseWord


@dataclass(frozen=True, slots=True)
class LocalDays:
    """The day it is at each of some mailboxes."""

    here: date
    """Where nothing else is known: of mailboxes that are not named."""
    at: Mapping[str, date] = field(default_factory=dict)
    """By the name of the mailbox."""

    def distinct(self) -> list[date]:
        """Return each day once, the one that is here first."""
        return list(dict.fromkeys((self.here, *self.at.values())))

    def is_on(self, day: date) -> ColumnElement[bool]:
        """Return the condition that it is a day where a case is counted."""
        if day == self.here:
            return col(Case.mailbox).not_in([name for name, other in self.at.items() if other != day])
        return col(Case.mailbox).in_([name for name, other in self.at.items() if other == day])


Today = date | LocalDays
"""One day for all cases, or the day of each mailbox."""


def days_of(today: Today) -> LocalDays:
    """Return the days at mailboxes."""
    return today if isinstance(today, LocalDays) else LocalDays(today)


def joined(searches: Mapping[date, Search], days: LocalDays) -> Search:
    """Return one search for the same filters as they read on several days; each case keeps to that of its own day."""
    several = list(searches.values())
    ends = {(one.first, one.last, one.terms) for one in several}
    if len(ends) == 1:
        return several[0]
    firsts, lasts = [one.first for one in several], [one.last for one in several]
    own = [or_(~days.is_on(day), and_(*_keeps_to(one, several[0]))) for day, one in searches.items()]
    return replace(
        several[0],
        first=None if None in firsts else min(day for day in firsts if day),
        last=None if None in lasts else max(day for day in lasts if day),
        terms=tuple(_widest(terms) for terms in zip(*(one.terms for one in several), strict=True)),
        conditions=(*several[0].conditions, *own),
    )


def _keeps_to(search: Search, other: Search) -> Iterator[ColumnElement[bool]]:
    """Yield the conditions that a case is within a search, where it differs from others by the day."""
    yield col(Case.id).is_not(None)
    if search.first:
        yield col(Case.queue_on) >= search.first
    if search.last:
        yield col(Case.queue_on) <= search.last
    for term in search.terms:
        if term.until and (term not in other.terms or search is other):
            yield _has_between(term)


def _has_between(term: Term) -> Any:
    words = select(CaseWord.word).where(col(CaseWord.case_id) == col(Case.id), col(CaseWord.word) >= term.word)
    return words.where(col(CaseWord.word) < term.until).correlate(Case).exists()


def _widest(terms: Sequence[Term]) -> Term:
    """Return a term of which each of some, alike but for the day, is a part."""
    if len(set(terms)) == 1:
        return terms[0]
    return replace(terms[0], word=min(one.word for one in terms), until=max(one.until for one in terms))
