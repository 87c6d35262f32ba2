"""Finding cases by the words kept beside them (`store/case_index.py`): texts, and facts such as "kind:access".

Each word is kept with its cases' places in the queue, so the cases of a word are read in order and no further than
asked. Of several words the rarest is read, and the others are asked case by case. Nothing here reads all cases.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlmodel import Session

from models.case import Case, CaseWord

FEW, FEW_SORTED = 10_000, 50_000
"""A word of fewer cases is rare; so many are sorted where a beginning stands for more words than are read in order."""
MANY_WORDS = 32
"""Beginnings of more words than this are read as one range."""

_ROWS = CaseWord.__table__  # type: ignore[attr-defined]
_CASES = Case.__table__  # type: ignore[attr-defined]
_LEAD, _OTHER = _ROWS.alias("lead"), _ROWS.alias("other")
"""Rows of the words that are read, and of those that each case is asked for. Made once: a query is built quicker."""


def _next_word(after: ColumnElement[bool]) -> Any:
    return sa.select(sa.func.min(_ROWS.c.word).label("word")).where(after, _ROWS.c.word < sa.bindparam("end"))


def _words_one_by_one() -> Any:
    """Return the query for the words of a range: from one word the index is asked for the next, however many cases
    have each."""
    found = _next_word(_ROWS.c.word >= sa.bindparam("start")).cte("found", recursive=True)
    following = _next_word(_ROWS.c.word > found.c.word).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.word.is_not(None)))
    return sa.select(found.c.word).where(found.c.word.is_not(None)).limit(MANY_WORDS + 1)


_WORDS_BETWEEN = _words_one_by_one()


@dataclass(frozen=True, slots=True)
class Term:
    """What a case must have among its words: one word, one that begins so, or one of those up to another."""

    word: str
    is_beginning: bool = False
    is_persons: bool = False
    """Only a word of the requester's name or address will do."""
    until: str = ""
    """Words from `word` on will do that sort before this one: of a case's facts at most one, like a day."""

    @property
    def end(self) -> str:
        """Return what stands behind all words that will do, '' where only the word itself does."""
        return self.word + "\U0010ffff" if self.is_beginning else self.until


@dataclass(frozen=True, slots=True)
class Search:
    """What cases are looked for by: all of it must be so."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    """Words that a case must not have; not beginnings."""
    first: date | None = None
    """The first place in the queue, and the last one."""
    last: date | None = None
    conditions: tuple[ColumnElement[bool], ...] = ()
    """On cases."""
    is_vain: bool = False
    """No case can be so."""


@dataclass(frozen=True, slots=True)
class _Sought:
    """A term, and the words it stands for; none where there are too many to name."""

    term: Term
    words: tuple[str, ...]

    @property
    def few(self) -> int:
        """Return to where its cases are counted; fewer are rare."""
        return FEW if self.words else FEW_SORTED

    def of(self, table: Any, *words: str) -> list[ColumnElement[bool]]:
        """Return the conditions on rows of words: all of the term, or some of its words only."""
        word, named = table.c.word, words or self.words
        found = [word.in_(named) if len(named) > 1 else word == named[0]] if named else _between(word, self.term)
        return [*found, table.c.names_person.is_(True)] if self.term.is_persons else found


def ids_in_order(session: Session, search: Search, most: int | None) -> list[int]:
    """Return the ids of the cases that fit, in the order of the queue: all, or no more than `most`."""
    sought = _looked_up(session, search)
    if sought is None:
        return []
    lead = _lead(session, search, sought)
    if lead is None:
        query = _walk(search, sought).order_by(_CASES.c.queue_on, _CASES.c.id).limit(most)
        return list(session.execute(query).scalars())
    return _unlike(session, _led(search, lead, sought).order_by("queue_on", "case_id"), most)


def ids_after(session: Session, search: Search, last: int, most: int) -> list[int]:
    """Return the lowest ids above the last one of cases that fit, no more than `most`."""
    sought = _looked_up(session, search)
    if sought is None:
        return []
    lead = _lead(session, replace(search, conditions=(*search.conditions, _CASES.c.id > last)), sought)
    if lead is None:
        query = _walk(search, sought).where(_CASES.c.id > last).order_by(_CASES.c.id).limit(most)
        return list(session.execute(query).scalars())
    found = _led(search, lead, sought).subquery()
    ids = sa.select(found.c.case_id).where(found.c.case_id > last).distinct().order_by(found.c.case_id).limit(most)
    return list(session.execute(ids).scalars())


def counts(session: Session, searches: Mapping[str, Search], most: int) -> dict[str, int]:
    """Return how many cases fit each search, counted to `most`, in two questions; for terms that are whole words."""
    sought = {name: [_Sought(term, (term.word,)) for term in one.terms] for name, one in searches.items()}
    pairs = [(searches[name], one) for name, several in sought.items() if len(several) > 1 for one in several]
    once = {_at(*pair): pair for pair in pairs}
    sizes = dict(zip(once, _sizes(session, list(once.values())), strict=True))
    leads = {name: _rarest(searches[name], several, sizes) for name, several in sought.items() if several}
    queries = {
        name: _led(one, leads[name], sought[name]) if name in leads else _walk(one, ())
        for name, one in searches.items()
    }
    return dict(zip(queries, _counted(session, [query.limit(most) for query in queries.values()]), strict=True))


def _at(search: Search, one: _Sought) -> tuple[object, ...]:
    """Return what tells how many cases have a term at the places of a search."""
    return one.words, search.first, search.last


def _rarest(search: Search, several: Sequence[_Sought], sizes: Mapping[tuple[object, ...], int]) -> _Sought:
    return min(several, key=lambda one: sizes.get(_at(search, one), 0))


def _looked_up(session: Session, search: Search) -> list[_Sought] | None:
    """Return the terms with the words that they stand for; None where no case can fit."""
    found = []
    for term in search.terms:
        words = _words_between(session, term) if term.end else (term.word,)
        if words is None:
            return None
        found.append(_Sought(term, words))
    return None if search.is_vain else found


def _words_between(session: Session, term: Term) -> tuple[str, ...] | None:
    """Return the words that will do, none where there are too many, None where there are none."""
    words = session.execute(_WORDS_BETWEEN, {"start": term.word, "end": term.end}).scalars().all()
    if not words:
        return None
    return tuple(words) if len(words) <= MANY_WORDS else ()


def _lead(session: Session, search: Search, sought: Sequence[_Sought]) -> _Sought | None:
    """Return the term whose cases are read; None where it is better to walk the queue and ask each case."""
    if len(sought) == 1 and sought[0].words and not search.conditions:
        return sought[0]
    # Words first, as beginnings that stand for very many take longer to be counted.
    for some in ([one for one in sought if one.words], [one for one in sought if not one.words]):
        sizes = _sizes(session, [(search, one) for one in some])
        rare = [(size, place) for place, size in enumerate(sizes) if size < some[place].few]
        if rare:
            return some[min(rare)[1]]
    # In order, and dense. What is asked of the case itself may be rare: then its own indexes are the better way.
    return None if search.conditions else next((one for one in sought if one.words), None)


def _sizes(session: Session, pairs: Sequence[tuple[Search, _Sought]]) -> list[int]:
    """Return how many cases have each term at the places of its search, counted no further than what is rare."""
    on, number = _LEAD.c.queue_on, _LEAD.c.case_id
    queries = [sa.select(number).where(*one.of(_LEAD), *_window(search, on)).limit(one.few) for search, one in pairs]
    return _counted(session, queries)


def _counted(session: Session, queries: Sequence[Any]) -> list[int]:
    if not queries:
        return []
    numbers = [sa.select(sa.func.count()).select_from(query.subquery()).scalar_subquery() for query in queries]
    return list(session.execute(sa.select(*numbers)).one())


def _led(search: Search, lead: _Sought, sought: Sequence[_Sought]) -> Any:
    """Return the query for place and id of the cases of one term that have the others, too; each of its words is read
    in order, and databases merge what they read."""
    parts = [_read(search, lead, sought, word) for word in lead.words] or [_read(search, lead, sought)]
    return parts[0] if len(parts) == 1 else sa.union_all(*parts)


def _read(search: Search, lead: _Sought, sought: Sequence[_Sought], *words: str) -> Any:
    on, number = _LEAD.c.queue_on, _LEAD.c.case_id
    query = sa.select(on, number).where(*lead.of(_LEAD, *words), *_window(search, on))
    query = query.where(*_all_else(search, [one for one in sought if one is not lead], _LEAD, on, number))
    if search.conditions:
        fitting = sa.select(_CASES.c.id).where(_CASES.c.id == number, *search.conditions)
        query = query.where(fitting.correlate(_LEAD).scalar_subquery().is_not(None))
    return query


def _walk(search: Search, sought: Sequence[_Sought]) -> Any:
    """Return the query for the ids of cases, each of which is asked for all."""
    on, number = _CASES.c.queue_on, _CASES.c.id
    query = sa.select(number).where(*_window(search, on), *search.conditions)
    return query.where(*_all_else(search, sought, _CASES, on, number))


def _all_else(
    search: Search, sought: Sequence[_Sought], table: Any, on: Any, number: Any
) -> Iterator[ColumnElement[bool]]:
    yield from (_has(one, table, on, number) for one in sought)
    yield from (~_has(_Sought(one, (one.word,)), table, on, number) for one in search.without)


def _has(sought: _Sought, table: Any, on: Any, number: Any) -> ColumnElement[bool]:
    """Return the condition that a case has a term: by its place where the words are known, else among all its words."""
    of_case = sa.select(_OTHER.c.case_id).where(*sought.of(_OTHER), _OTHER.c.case_id == number)
    if sought.words:
        of_case = of_case.where(_OTHER.c.queue_on == on)
    # A scalar, as a database may turn "exists" into a join that reads every case with the word.
    return of_case.limit(1).correlate(table).scalar_subquery().is_not(None)


def _window(search: Search, on: Any) -> list[ColumnElement[bool]]:
    return [*([on >= search.first] if search.first else []), *([on <= search.last] if search.last else [])]


def _between(word: Any, term: Term) -> list[ColumnElement[bool]]:
    return [word >= term.word, word < term.end]


def _unlike(session: Session, query: Any, most: int | None) -> list[int]:
    """Return ids without repetition: a case may have several of the words."""
    asked = most
    while True:
        rows = [number for _, number in session.execute(query.limit(asked))]
        ids = list(dict.fromkeys(rows))
        if asked is None or most is None or len(ids) >= most or len(rows) < asked:
            return ids[:most]
        asked *= 2
