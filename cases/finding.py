"""Finding cases by words: each must begin a word of the case's reference, name, address or subject.

Few cases are found by their ids; where words fit many, the queue is walked and each case asked for them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from models.case import Case, CaseWord
from store.case_index import tag_word, words_in

FEW = 2_000
_SOME = 50_000
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What words lead to: few cases by their ids, else conditions on cases; neither where there are no words."""

    ids: Sequence[int] | None = None
    conditions: list[ColumnElement[bool]] = field(default_factory=list)


def found_by_words(session: Session, text: str) -> Found:
    """Look up words."""
    wanted = _wanted(text)
    if not wanted:
        return Found([] if text.strip() else None)
    counts = [_count(session, one) for one in wanted]
    rarest, *others = (one for _, one in sorted(zip(counts, wanted, strict=True), key=lambda pair: pair[0]))
    if min(counts) < _SOME:
        ids = select(CaseWord.case_id).where(rarest).distinct()
        for one in others:
            ids = ids.where(col(CaseWord.case_id).in_(select(CaseWord.case_id).where(one)))
        some = session.exec(ids.limit(FEW + 1)).all()
        if len(some) <= FEW:
            return Found(some)
    return Found(None, [_has(one) for one in (rarest, *others)])


def _wanted(text: str) -> list[ColumnElement[bool]]:
    tags = [part for part in text.split() if part.casefold().startswith("tag:") and len(part) > 4]
    rest = " ".join(part for part in text.split() if part not in tags)
    exact = [col(CaseWord.word) == tag_word(tag[4:]) for tag in tags]
    return [*exact, *(_begins(word) for word in dict.fromkeys(words_in(rest)))][:_MOST_WORDS]


def _begins(word: str) -> ColumnElement[bool]:
    return and_(col(CaseWord.word) >= word, col(CaseWord.word) < word + "\U0010ffff")


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    some = select(CaseWord.case_id).where(condition).limit(_SOME).subquery()
    return session.exec(select(func.count()).select_from(some)).one()


def _has(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # A scalar, as a database may turn "exists" into a join that reads every case with the word.
    of_case = select(CaseWord.case_id).where(col(CaseWord.case_id) == col(Case.id), condition).limit(1)
    return of_case.correlate(Case).scalar_subquery().is_not(None)
