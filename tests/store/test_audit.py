"""The audit chain: whatever is done to it shows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, delete, select, update

from models.audit import Action, AuditEntry, AuditHead
from store.audit import Audit
from store.database import Database
from store.vault import MasterKey


@pytest.fixture
def chain(database: Database, audit: Audit, now: datetime) -> Database:
    for number in range(5):
        with database.transaction() as session:
            audit.append(
                session,
                Action.MESSAGE_STORED,
                at=now + timedelta(seconds=number),
                message_id=number,
                details={"text": "é"},
            )
            audit.append(session, Action.MESSAGE_DECIDED, at=now, message_id=number, details={"outcome": "filed"})
    return database


def _problem(database: Database, audit: Audit) -> str:
    with database.reading() as session:
        return audit.verify(session).problem


def test_an_untouched_chain_is_intact(chain: Database, audit: Audit) -> None:
    with chain.reading() as session:
        found = audit.verify(session)
    assert found.is_intact
    assert found.entries == 10


def test_an_empty_chain_is_intact(database: Database, audit: Audit) -> None:
    assert _problem(database, audit) == ""


def _alter(session: Session) -> None:
    session.exec(update(AuditEntry).where(col(AuditEntry.seq) == 4).values(details='{"outcome":"case"}'))


def _redate(session: Session) -> None:
    session.exec(
        update(AuditEntry).where(col(AuditEntry.seq) == 4).values(at=datetime.fromisoformat("2020-01-01T00:00:00Z"))
    )


def _remove_middle(session: Session) -> None:
    session.exec(delete(AuditEntry).where(col(AuditEntry.seq) == 5))


def _remove_and_close_the_gap(session: Session) -> None:
    session.exec(delete(AuditEntry).where(col(AuditEntry.seq) == 5))
    for seq in range(6, 11):
        session.exec(update(AuditEntry).where(col(AuditEntry.seq) == seq).values(seq=seq - 1))


def _cut_tail(session: Session) -> None:
    session.exec(delete(AuditEntry).where(col(AuditEntry.seq) >= 9))


def _cut_tail_and_move_the_end(session: Session) -> None:
    _cut_tail(session)
    last = session.exec(select(AuditEntry).where(col(AuditEntry.seq) == 8)).one()
    session.exec(update(AuditHead).values(seq=8, digest=last.digest))


def _swap(session: Session) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        session.exec(update(AuditEntry).where(col(AuditEntry.seq) == old).values(seq=new))


def _remove_all(session: Session) -> None:
    session.exec(delete(AuditEntry))


def _remove_the_end(session: Session) -> None:
    session.exec(delete(AuditHead))


@pytest.mark.parametrize(
    "tamper",
    [
        _alter,
        _redate,
        _remove_middle,
        _remove_and_close_the_gap,
        _cut_tail,
        _cut_tail_and_move_the_end,
        _swap,
        _remove_all,
        _remove_the_end,
    ],
)
def test_every_tampering_shows(chain: Database, audit: Audit, tamper: Callable[[Session], None]) -> None:
    with chain.transaction() as session:
        tamper(session)
    assert _problem(chain, audit)


def test_a_chain_rewritten_without_the_key_shows(chain: Database, audit: Audit, now: datetime) -> None:
    with chain.transaction() as session:
        _remove_all(session)
        _remove_the_end(session)
    with chain.transaction() as session:
        Audit(MasterKey(b"x" * 32)).append(session, Action.MESSAGE_STORED, at=now)
    assert "altered" in _problem(chain, audit)


def test_what_is_rolled_back_leaves_no_gap(chain: Database, audit: Audit, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), chain.transaction() as session:
        audit.append(session, Action.MESSAGE_STORED, at=now)
        session.flush()
        1 / 0  # noqa: B018
    with chain.transaction() as session:
        audit.append(session, Action.MESSAGE_STORED, at=now)
    assert _problem(chain, audit) == ""
