"""The ledger: in the order of receipt, by the clocks of each mailbox, and with an end however many mails there are."""

from datetime import UTC, datetime, timedelta

import pytest
from builders import stored
from sqlmodel import Session

from cases.backlog import backlogs
from cases.ledger import LedgerFilters, Reach, ledger
from models.message import Outcome
from store.database import Database
from store.label_index import set_labels

ZONES = {"contact": "Europe/London", "paris": "Europe/Paris", "york": "America/New_York"}


def put(session: Session, number: int, at: str, mailbox: str = "contact", label: str = "other", **more: object) -> None:
    message = stored(number, datetime.fromisoformat(at).replace(tzinfo=UTC), **{"outcome": Outcome.FILED, **more})
    message.mailbox = mailbox
    session.add(message)
    session.flush()
    set_labels(session, message, [label])


def found(session: Session, **filters: object) -> list[int]:
    rows = ledger(session, LedgerFilters(**filters), ZONES).rows  # type: ignore[arg-type]
    return [message.uid or 0 for message, _ in rows]


@pytest.mark.parametrize(
    ("day", "numbers"),
    [("2026-03-28", [1]), ("2026-03-29", [4, 3, 2]), ("2026-03-30", [6, 5]), ("2026-03-31", [])],
    ids=["a day before", "the day of 23 hours", "the day after", "nothing"],
)
def test_a_day_is_one_of_the_clocks_at_the_mailbox(database: Database, day: str, numbers: list[int]) -> None:
    with database.transaction() as session:
        put(session, 1, "2026-03-28T22:59:59", "paris")  # 23:59:59 there, the last second of winter's last day
        put(session, 2, "2026-03-28T23:00:00", "paris")  # midnight there
        put(session, 3, "2026-03-29T22:59:59")  # 23:59:59 of the first day of British Summer Time
        put(session, 4, "2026-03-30T00:30:00", "york")  # 20:30 there on the day before
        put(session, 5, "2026-03-29T23:00:00")
        put(session, 6, "2026-03-30T12:00:00", "closed long ago")  # no mailbox any more: by UTC
    with database.reading() as session:
        assert sorted(found(session, since=day, until=day)) == sorted(numbers)


def test_the_last_received_comes_first_whenever_it_was_taken_in(database: Database) -> None:
    with database.transaction() as session:
        put(session, 1, "2026-03-02T09:00:00")
        put(session, 2, "2021-03-02T09:00:00", outcome=Outcome.ARCHIVED)
        put(session, 3, "2026-03-01T09:00:00")
    with database.reading() as session:
        assert found(session) == [1, 3, 2]


def test_filters_go_together(database: Database) -> None:
    with database.transaction() as session:
        put(session, 1, "2026-03-02T09:00:00", label="access", outcome=Outcome.CASE)
        put(session, 2, "2026-03-03T09:00:00", label="access", reason="odd thing")
        put(session, 3, "2026-03-04T09:00:00", "paris", label="access")
        put(session, 4, "2026-03-05T09:00:00", label="erasure")
    with database.reading() as session:
        assert found(session, label="access") == [3, 2, 1]
        assert found(session, label="access", outcome="filed") == [3, 2]
        assert found(session, label="access", outcome="filed", mailbox="contact") == [2]
        assert found(session, label="access", words="ODD") == [2]
        assert found(session, label="erasure", words="<m2@mail.example>") == []
        assert found(session, words="m2@mail.example") == found(session, words="<m2@mail.example>") == [2]
        assert found(session, organisation="elsewhere", words="2") == []
        assert found(session, outcome="nonsense", label="nonsense") == [4, 3, 2, 1]


def test_a_list_ends_and_says_from_where_to_go_on(database: Database) -> None:
    start, reach = datetime(2026, 3, 2, 9, tzinfo=UTC), Reach(listed=60, first=70, looked_through=80)
    with database.transaction() as session:
        for number in range(1, 121):
            put(session, number, (start + timedelta(days=number)).isoformat()[:19], reason="odd" if number == 5 else "")
    with database.reading() as session:
        first = ledger(session, LedgerFilters(), ZONES, reach)
        assert (first.counted, first.pages, first.rows[0][0].uid) == ("60+", 2, 120)
        rest = ledger(session, LedgerFilters(until=first.older, page=99), ZONES, reach)
        assert {message.uid for message, _ in rest.rows} <= set(range(1, 62)), "the page of the last received is over"
        assert ledger(session, LedgerFilters(until=first.older), ZONES, reach).rows[0][0].uid == 61, (
            "nothing is left out"
        )
        words = ledger(session, LedgerFilters(words="odd"), ZONES, reach)
        assert (words.rows, words.is_cut, words.older) == ([], False, "2026-04-12"), "looked through 80, back to there"
        assert found(session, words="odd", until=words.older) == [5]


def test_what_waits_is_counted_by_mailbox_with_the_age_of_the_first(database: Database) -> None:
    with database.transaction() as session:
        put(session, 1, "2026-03-02T09:00:00", outcome=Outcome.PENDING)
        put(session, 2, "2026-03-01T09:00:00", outcome=Outcome.PENDING)
        put(session, 3, "2026-03-01T09:00:00", "paris", outcome=Outcome.QUARANTINE)
    with database.reading() as session:
        waiting = backlogs(session)
        assert (waiting["contact"].pending.counted, waiting["contact"].quarantine.count) == ("2", 0)
        assert waiting["contact"].pending.since == datetime(2026, 3, 1, 9, tzinfo=UTC)
        assert waiting["paris"].quarantine.count == 1
        assert backlogs(session, "elsewhere") == {}
