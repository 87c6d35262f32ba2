"""What a case is listed and found by, kept beside it: its place in the queue, and words with that place in their key.

A word is one of its reference, name, address and subject, or a fact: "kind:access", "owner:ana", "tag:press". A list of
a million cases is read in order, narrowed and searched by these alone. Whoever changes a case, its items, its tags or
the state of its letters calls `index_case` in the same transaction.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, delete, insert, select, update

from models.case import ENDED, ENDED_STATES, UNDATED, Case, CaseState, CaseWord, ItemResult, RequestItem
from models.casework import ClockFact, FactSort, PauseReason
from models.deletion import DeletionRequest, DeletionState
from models.files import FileSort, sort_of
from models.message import Message
from models.outbox import OutboxMail, OutboxState
from models.person import Submission, SubmissionSort
from models.verdict import Confidence, confidence_in

SOME_FILE = "some"
"""Stands for files of whatever sort."""
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 40
_LETTERS = {OutboxState.FAILED: "bounced:1", OutboxState.HELD: "held:1"}
_NEVER_ASKED = (ItemResult.NOT_A_REQUEST, ItemResult.DUPLICATE)


def index_case(session: Session, case: Case) -> None:
    """Put a case into its place of the queue, and keep the words it is found by."""
    session.flush()
    items = session.exec(select(RequestItem).where(col(RequestItem.case_id) == case.id)).all()
    _place(case, items)
    session.add(case)
    session.flush()
    _keep(session, case, _words_of(case) | dict.fromkeys(_facts_of(session, case, items), False))


def words_in(text: str) -> list[str]:
    """Return the words of a text as they are kept and looked for: without case and accents, cut at forty letters."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return [word[:_LONGEST] for word in _WORD.findall(letters)]


def fact_word(name: str, value: str) -> str:
    """Return what a fact is kept as among the words; no word of a text has a colon."""
    return f"{name}:{value}"


def tag_word(tag: str) -> str:
    """Return what a tag is kept as among the words."""
    return fact_word("tag", tag.casefold())


def _place(case: Case, items: Iterable[RequestItem]) -> None:
    kinds = sorted({item.kind.value for item in items})
    case.kinds = f"|{'|'.join(kinds)}|" if kinds else ""
    otherwise = ENDED if case.status in ENDED_STATES else UNDATED
    case.queue_on = min((item.due_on for item in items if item.is_owed and item.due_on), default=otherwise)


def _words_of(case: Case) -> dict[str, bool]:
    """Return the words of a case's texts, and of each whether it is of the person."""
    plain = dict.fromkeys((word for text in (case.reference, case.subject) for word in words_in(text)), False)
    of_person = (word for text in (case.requester_name, case.requester_address) for word in words_in(text))
    return plain | dict.fromkeys(of_person, True)


def _facts_of(session: Session, case: Case, items: Sequence[RequestItem]) -> Iterator[str]:
    yield fact_word("of", case.organisation)
    yield fact_word("mailbox", case.mailbox)
    yield fact_word("language", case.language)
    yield fact_word("state", case.status)
    yield fact_word("owner", case.assigned_to)
    yield fact_word("identity", case.identity)
    yield from (fact_word("kind", item.kind) for item in items)
    yield from (fact_word("result", item.result) for item in items if item.result)
    yield from (tag_word(tag) for tag in case.tags)
    yield from (fact_word("mention", name) for name in case.mentioned)
    if case.needs_review:
        yield fact_word("review", "1")
    if case.replied_at:
        yield fact_word("replied", "1")
    if case.customer_id:
        yield fact_word("role", "processor")
    if case.merged_into_id:
        yield fact_word("merged", "1")
    if case.status is CaseState.WAITING:
        yield from (fact_word("stopped", reason) for reason in _open_questions(session, items))
    yield from _target(case, items)
    yield from _confidence(items)
    yield from _beside(session, case)


def _target(case: Case, items: Iterable[RequestItem]) -> Iterator[str]:
    """Yield the day on which we want to have answered; none where no clock runs, nor after the date of the law."""
    first = min((item.target_on for item in items if item.is_owed and item.due_on and item.target_on), default=None)
    if first and first < case.queue_on:
        yield fact_word("target", first.isoformat())


def _confidence(items: Iterable[RequestItem]) -> Iterator[str]:
    """Yield how sure the least sure item is, and the kinds that are not sure."""
    known = [item for item in items if item.confidence is not None and item.result not in _NEVER_ASKED]
    chances = {item.kind: item.confidence or 0.0 for item in known}
    if chances:
        yield fact_word("confidence", confidence_in(min(chances.values())))
    for kind, chance in chances.items():
        if confidence_in(chance) is not Confidence.SURE:
            yield fact_word("unsure", kind)


def _lies_beside() -> Any:
    """Return the query for letters of a case that did not reach whom they are for, for files that came: by mail, or by
    the requester's page, and for a deletion that waits for a second person. What was erased is not there. One
    question, as it is asked with every mail."""
    case_id: Any = sa.bindparam("case_id")
    nothing = sa.literal("")
    letters = sa.select(sa.literal("letter"), _text(OutboxMail.state), nothing)
    letters = letters.where(col(OutboxMail.case_id) == case_id, col(OutboxMail.state).in_(list(_LETTERS)))
    mails = sa.select(sa.literal("mail"), _text(Message.files), nothing).where(col(Message.case_id) == case_id)
    files = sa.select(sa.literal("file"), col(Submission.content_type), _text(Submission.question))
    files = files.where(col(Submission.case_id) == case_id, col(Submission.sort) == SubmissionSort.FILE)
    deletions = sa.select(sa.literal("deletion"), nothing, nothing).where(col(DeletionRequest.case_id) == case_id)
    deletions = deletions.where(col(DeletionRequest.state) == DeletionState.ASKED)
    return sa.union_all(letters, mails, files.where(col(Submission.sealed_id).is_not(None)), deletions)


def _text(column: object) -> Any:
    return sa.cast(column, sa.String)


_LIES_BESIDE = _lies_beside()


def _beside(session: Session, case: Case) -> Iterator[str]:
    """Yield what letters, files and a wish to delete it say of a case."""
    files: set[str] = set()
    for what, value, question in session.execute(_LIES_BESIDE, {"case_id": case.id}):
        if what == "letter":
            yield _LETTERS[OutboxState(value)]
        elif what == "deletion":
            yield fact_word("deletion", "1")
        elif what == "mail":
            files |= set(json.loads(value))
        else:
            files |= {sort_of(value), *([FileSort.IDENTITY] if question == PauseReason.IDENTITY else [])}
    if files:
        yield from (fact_word("files", sort) for sort in (SOME_FILE, *files))


def _open_questions(session: Session, items: Sequence[RequestItem]) -> list[str]:
    """Return what the person was asked for and has not answered."""
    of_case = col(ClockFact.item_id).in_([item.id for item in items])
    is_open = (col(ClockFact.sort) == FactSort.PAUSE, col(ClockFact.answered_on).is_(None))
    return [reason.value for reason in session.exec(select(col(ClockFact.reason)).where(of_case, *is_open)) if reason]


def _keep(session: Session, case: Case, wanted: Mapping[str, bool]) -> None:
    """Write what is new, take away what is gone, and let all stand where the case stands."""
    mine = col(CaseWord.case_id) == case.id
    rows = session.exec(
        select(col(CaseWord.word), col(CaseWord.names_person), col(CaseWord.queue_on)).where(mine)
    ).all()
    kept = {word: names_person for word, names_person, _ in rows}
    gone = [word for word in kept if wanted.get(word) is not kept[word]]
    if gone:
        session.exec(delete(CaseWord).where(mine, col(CaseWord.word).in_(gone)))
    if any(queue_on != case.queue_on for _, _, queue_on in rows):
        session.exec(update(CaseWord).where(mine).values(queue_on=case.queue_on))
    new = sorted(word for word in wanted if kept.get(word) is not wanted[word])
    if new:
        place = {"queue_on": case.queue_on, "case_id": case.id}
        session.execute(insert(CaseWord), [{"word": word, "names_person": wanted[word]} | place for word in new])
