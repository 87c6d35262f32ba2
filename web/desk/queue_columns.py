"""Which columns of the queue somebody sees, and in which order: chosen by each person, kept for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, func, select

from cases.next_steps import next_steps
from cases.playbook import Suggestion
from cases.worklist import Queue
from models.audit import LOOKS, AuditEntry
from models.files import FileSort
from models.views import QueueLayout
from store.database import insert_into
from web.desk.forms import Filled, one
from web.desk.parts import DeskParts

COLUMNS: Mapping[str, str] = {
    "due": "Due",
    "case": "Case",
    "kinds": "Asks for",
    "person": "Person",
    "status": "State",
    "identity": "Identity",
    "owner": "Works on it",
    "files": "Files",
    "received": "Received",
    "organisation": "Organisation",
    "mailbox": "Mailbox",
    "language": "Language",
    "role": "Role",
    "tags": "Tags",
    "active": "Last change",
    "target": "Our target",
    "next": "Next step",
}
FILE_WORDS: Mapping[str, str] = {
    FileSort.PDF: "PDF",
    FileSort.PICTURE: "picture",
    FileSort.OFFICE: "document",
    FileSort.ARCHIVE: "archive",
    FileSort.MAIL: "mail",
    FileSort.OTHER: "other file",
    FileSort.IDENTITY: "identity?",
}
"""What the list calls sorts of files."""
FIXED = frozenset({"due", "case", "person"})
"""Without these a row says nothing: they may be moved, not left out."""
AT_FIRST = tuple(COLUMNS)[:9]


def columns_of(session: Session, member_id: int) -> tuple[str, ...]:
    """Return the columns that somebody sees, in their order."""
    kept = session.get(QueueLayout, member_id)
    return _whole(kept.columns) if kept else AT_FIRST


def choose_columns(session: Session, member_id: int, filled: Filled) -> None:
    """Keep what somebody chose: the ticked columns, by their places; what is moved comes before or behind what stands
    there, as it came from below or from above."""
    before = list(in_offer(columns_of(session, member_id)))
    places = {name: _place(one(filled, f"place_{name}"), at) for at, name in enumerate(before, 1)}
    moved = {name: (places[name], (places[name] > at) - (places[name] < at), at) for at, name in enumerate(before, 1)}
    ticked = FIXED | set(filled.get("column", ()))
    chosen = [name for name in sorted(before, key=lambda name: moved[name]) if name in ticked]
    insert = insert_into(session, QueueLayout).values(member_id=member_id, columns=chosen)
    session.execute(
        insert.on_conflict_do_update(index_elements=["member_id"], set_={"columns": insert.excluded["columns"]})
    )


def forget_columns(session: Session, member_id: int) -> None:
    """Let somebody see again what all see first."""
    session.exec(delete(QueueLayout).where(col(QueueLayout.member_id) == member_id))


def in_offer(columns: Sequence[str]) -> tuple[str, ...]:
    """Return all columns as the form offers them: those that are seen, then the others."""
    return (*columns, *(name for name in COLUMNS if name not in columns))


def last_changes(session: Session, queue: Queue, columns: Sequence[str]) -> dict[int, datetime]:
    """Return when something was last done in each case of a page, by its id; nothing where nobody wants to know."""
    if "active" not in columns:
        return {}
    ids = [row.id for row in queue.rows]
    query = select(col(AuditEntry.case_id), func.max(AuditEntry.at)).where(
        col(AuditEntry.case_id).in_(ids), col(AuditEntry.action).not_in(LOOKS)
    )
    return {case_id or 0: at for case_id, at in session.exec(query.group_by(col(AuditEntry.case_id)))}


def next_of(session: Session, parts: DeskParts, queue: Queue, columns: Sequence[str]) -> dict[int, Suggestion]:
    """Return the first thing to do in each case of a page, by its id; nothing where nobody wants to know."""
    if "next" not in columns:
        return {}
    return next_steps(session, [row.id for row in queue.rows], parts.mailboxes, parts.now())


def _whole(columns: Sequence[str]) -> tuple[str, ...]:
    """Return kept columns without those that there are no more, and with those that may not be missing."""
    known = [name for name in dict.fromkeys(columns) if name in COLUMNS]
    return (*(name for name in COLUMNS if name in FIXED and name not in known), *known)


def _place(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else otherwise
