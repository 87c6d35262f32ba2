"""A Maildir as a source: the contract of IMAP folders, kept by files."""

import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from mailboxes import mailbox

from ingest.maildir import Maildir
from ingest.source import Gone, Listing
from models.errors import PermanentFailure, TemporaryFailure
from models.mail import RawMail

MAIL = b"Subject: Hello\n\nDelete my data.\n"
DELIVERED = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / "Maildir" / part).mkdir(parents=True)
    return tmp_path / "Maildir"


def deliver(root: Path, name: str, raw: bytes = MAIL, *, part: str = "new", at: datetime = DELIVERED) -> Path:
    path = root / part / name
    path.write_bytes(raw)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def source_of(root: Path, **changes: object) -> Maildir:
    return Maildir(mailbox(maildir=root, **changes))


def fetched(source: Maildir) -> list[RawMail | Gone]:
    return [found for batch in source.fetch(sorted(source.listing().uids)) for found in batch]


def test_mails_come_whole_oldest_first_with_their_time_of_delivery(root: Path) -> None:
    deliver(root, "2.b.host", b"Subject: two\r\n\r\n\xff\x00")
    deliver(root, "1.a.host:2,S", part="cur", at=datetime(2026, 1, 1, tzinfo=UTC))
    first, second = fetched(source_of(root))
    assert (first.raw, first.received_at) == (MAIL, datetime(2026, 1, 1, tzinfo=UTC))
    assert (second.raw, second.received_at, second.size) == (b"Subject: two\r\n\r\n\xff\x00", DELIVERED, 18)


def test_only_delivered_files_are_mail(root: Path) -> None:
    deliver(root, "3.half", part="tmp")
    deliver(root, ".hidden")
    (root / "cur" / "folder").mkdir()
    assert source_of(root).listing() == Listing(1, frozenset())


def test_a_mail_keeps_its_number_when_it_is_read_flagged_or_looked_at_by_another_process(root: Path) -> None:
    path = deliver(root, "1.a.host")
    before = source_of(root).listing()
    path.rename(root / "cur" / "1.a.host:2,FS")
    assert source_of(root).listing() == before


def test_a_mail_that_is_flagged_between_listing_and_fetching_still_comes(root: Path) -> None:
    path, source = deliver(root, "1.a.host"), source_of(root)
    (uid,) = source.listing().uids
    path.rename(root / "cur" / "1.a.host:2,S")
    assert [found.raw for batch in source.fetch([uid]) for found in batch] == [MAIL]


def test_a_mail_that_is_deleted_between_listing_and_fetching_is_gone(root: Path) -> None:
    path, source = deliver(root, "1.a.host"), source_of(root)
    deliver(root, "2.b.host")
    uids = source.listing().uids
    path.unlink()
    found = [each for batch in source.fetch(sorted(uids)) for each in batch]
    assert sorted(type(each).__name__ for each in found) == ["Gone", "RawMail"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_a_mail_over_the_limit_comes_as_its_header_with_its_size(root: Path, end: bytes) -> None:
    raw = b"Subject: large\n\n".replace(b"\n", end) + b"x" * 3000
    deliver(root, "1.a", raw)
    (found,) = fetched(source_of(root, max_mail_bytes=1000))
    assert (found.raw, found.size, found.is_truncated) == (raw.rstrip(b"x"), len(raw), True)


def test_many_mails_come_in_batches_that_lose_none(root: Path) -> None:
    for number in range(120):
        deliver(root, f"{number}.host", b"Subject: %d\n\n" % number)
    source = source_of(root)
    batches = list(source.fetch(sorted(source.listing().uids)))
    assert [len(batch) for batch in batches] == [50, 50, 20]
    assert len({found.raw for batch in batches for found in batch}) == 120


def test_after_keep_touches_nothing(root: Path) -> None:
    path, source = deliver(root, "1.a.host"), source_of(root)
    source.settle(sorted(source.listing().uids))
    assert path.exists()


def test_after_seen_marks_the_mail_and_keeps_its_other_flags(root: Path) -> None:
    deliver(root, "1.a.host")
    deliver(root, "2.b.host:2,F", part="cur")
    source = source_of(root, after="seen")
    before = source.listing()
    source.settle(sorted(before.uids))
    assert sorted(path.name for path in (root / "cur").iterdir()) == ["1.a.host:2,S", "2.b.host:2,FS"]
    assert source.listing() == before


def test_after_move_makes_a_folder_that_mail_programs_know(root: Path) -> None:
    deliver(root, "1.a.host")
    source = source_of(root, after="move:Done")
    source.settle(sorted(source.listing().uids))
    assert sorted(path.name for path in (root / ".Done").iterdir()) == ["cur", "new", "tmp"]
    assert [path.name for path in (root / ".Done" / "cur").iterdir()] == ["1.a.host:2,S"]
    assert source.listing().uids == frozenset()


def test_settling_what_is_gone_is_no_trouble(root: Path) -> None:
    path, source = deliver(root, "1.a.host"), source_of(root, after="seen")
    uids = sorted(source.listing().uids)
    path.unlink()
    source.settle([*uids, 5])


def test_a_folder_to_move_to_that_cannot_be_made_is_told(root: Path) -> None:
    deliver(root, "1.a.host")
    (root / ".Done").write_text("in the way")
    source = source_of(root, after="move:Done")
    with pytest.raises(TemporaryFailure, match="mailbox contact: the Maildir does not take the mark or move"):
        source.settle(sorted(source.listing().uids))


@pytest.mark.parametrize("missing", ["new", "cur", ""])
def test_a_folder_that_is_no_maildir_is_named(root: Path, missing: str) -> None:
    if missing:
        (root / missing).rmdir()
    with pytest.raises(PermanentFailure, match="is no Maildir"):
        source_of(root if missing else root / "nowhere").listing()


def test_waiting_ends_when_told_to_stop(root: Path) -> None:
    stop = Event()
    stop.set()
    source_of(root).wait(600, stop)
