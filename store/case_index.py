"""What a case is listed and found by, kept beside it: its place in the queue, its kinds, and its words.

A list of a million cases is read in order and searched by these alone. Whoever changes a case, its items or its tags
calls `index_case` in the same transaction.
"""

import re
import unicodedata
from collections.abc import Iterable

from sqlmodel import Session, col, delete, select

from models.case import ENDED, ENDED_STATES, UNDATED, Case, CaseWord, RequestItem

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40


def index_case(session: Session, case: Case) -> None:
    """Put a case into its place of the queue, and keep the words it is found by."""
    place_case(session, case)
    _keep_words(session, case)


def place_case(session: Session, case: Case) -> None:
    """Put a case into its place of the queue, where neither its names nor its tags have changed."""
    session.flush()
    items = session.exec(select(RequestItem).where(col(RequestItem.case_id) == case.id)).all()
    _place(case, items)
    session.add(case)


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are kept and looked for: without case and accents, cut at forty letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(letters)]


def tag_word(tag: str) -> str:
    """Return what a tag is kept as among the words."""
    return f"tag:{tag.casefold()}"


def _place(case: Case, items: Iterable[RequestItem]) -> None:
    kinds = sorted({item.kind.value for item in items})
    case.kinds = f"|{'|'.join(kinds)}|" if kinds else ""
    otherwise = ENDED if case.status in ENDED_STATES else UNDATED
    case.queue_on = min((item.due_on for item in items if item.is_owed and item.due_on), default=otherwise)


def _keep_words(session: Session, case: Case) -> None:
    texts = (case.reference, case.requester_name, case.requester_address, case.subject)
    wanted = {word for text in texts for word in words_in(text)} | {tag_word(tag) for tag in case.tags}
    mine = col(CaseWord.case_id) == case.id
    kept = set(session.exec(select(CaseWord.word).where(mine)))
    if kept - wanted:
        session.exec(delete(CaseWord).where(mine, col(CaseWord.word).in_(kept - wanted)))
    session.add_all(CaseWord(case_id=case.id or 0, word=word) for word in sorted(wanted - kept))
