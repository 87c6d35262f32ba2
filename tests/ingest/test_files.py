"""Mail from files: every mail once, its bytes as they were, its time of receipt never the sender's."""

import mailbox as python_mailbox
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.files import mails_in, received_line
from models.errors import PermanentFailure
from models.mail import RawMail

LIMIT = 64 * 1024 * 1024
FILE_TIME = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
MAIL = b"From: ana@mail.example\nDate: Mon, 1 Jan 2001 00:00:00 +0000\nSubject: Hello\n\nDelete my data.\n"
ENVELOPE = b"From ana@mail.example Mon Mar  2 10:00:00 2026\n"


def put(path: Path, raw: bytes, *, at: datetime = FILE_TIME) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def read(path: Path, limit: int = LIMIT) -> list[RawMail]:
    return list(mails_in(path, limit))


def test_an_eml_file_is_one_mail_of_exactly_its_bytes(tmp_path: Path) -> None:
    raw = b"Subject: \xfc\r\n\r\nx\n\nFrom here on Mon Mar  2 10:00:00 2026\r\n>From there\x00"
    (found,) = read(put(tmp_path / "a.eml", raw))
    assert (found.raw, found.size, found.uid, found.received_at) == (raw, len(raw), None, FILE_TIME)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_an_mbox_gives_each_of_its_mails_as_it_was_before_it_was_put_in(tmp_path: Path, end: bytes) -> None:
    first = b"Subject: one\n\nLine\n\n>From quoted\n>>From twice\n From not\n".replace(b"\n", end)
    second = b"Subject: two\n\nFrom inside, not after a blank line\n\n".replace(b"\n", end)
    envelope = ENVELOPE.replace(b"\n", end)
    found = read(put(tmp_path / "box", envelope + first + end + envelope + second + end))
    assert [each.raw for each in found] == [first.replace(b">From", b"From"), second]
    assert [each.received_at for each in found] == [datetime(2026, 3, 2, 10, 0, tzinfo=UTC)] * 2


def test_an_mbox_that_python_wrote_comes_back_as_it_went_in(tmp_path: Path) -> None:
    texts = [b"Subject: a\n\nFrom the start\n\nFrom now on\n", b"Subject: b\n\n", b"Subject: c\n\nend\n"]
    box = python_mailbox.mbox(tmp_path / "box")
    for text in texts:
        box.add(text)
    box.close()
    assert [each.raw for each in read(tmp_path / "box")] == texts


@pytest.mark.parametrize("garbage", [b"\n\n", b"\r\n", b"Exported by a program of ours\n\n", b"\x00\x01 binary\n"])
def test_what_stands_before_the_first_envelope_is_no_mail(tmp_path: Path, garbage: bytes) -> None:
    found = read(put(tmp_path / "box", garbage + ENVELOPE + MAIL + b"\n" + ENVELOPE + MAIL))
    assert [each.raw for each in found] == [MAIL, MAIL]


def test_a_text_that_opens_a_paragraph_with_from_is_not_cut_in_two(tmp_path: Path) -> None:
    raw = b"Subject: x\n\nHello\n\nFrom the moment I read this, I object.\n"
    found = read(put(tmp_path / "box", ENVELOPE + raw + b"\n" + ENVELOPE + MAIL))
    assert [each.raw for each in found] == [raw, MAIL]


def test_envelopes_without_a_date_part_mails_too(tmp_path: Path) -> None:
    found = read(put(tmp_path / "box", b"From ana@mail.example\n" + MAIL + b"\nFrom ben@mail.example\n" + MAIL))
    assert [each.raw for each in found] == [MAIL, MAIL]
    assert {each.received_at for each in found} == {FILE_TIME}


@pytest.mark.parametrize(
    "envelope",
    [
        b"From - Mon Mar  2 10:00:00 2026\n",
        b"From 1234567890@xxx Mon Mar 02 10:00:00 +0000 2026\n",
        b"From ana@mail.example Mon Mar  2 11:00:00 2026 +0100\n",
        b"From MAILER-DAEMON Mon Mar 2 10:00 2026\n",
    ],
)
def test_envelopes_as_programs_write_them_tell_the_time_of_receipt(tmp_path: Path, envelope: bytes) -> None:
    assert [each.received_at for each in read(put(tmp_path / "box", envelope + MAIL))] == [
        datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
    ]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (b"Received: by mx; Mon, 2 Mar 2026 11:30:00 +0100\nReceived: by x; Mon, 2 Mar 2026 01:00:00 +0000\n", "10:30"),
        (b"received:\tfrom a (b; c)\r\n\tby mx; Mon, 2 Mar 2026\r\n 10:30:00 -0000 (UTC)\r\n", "10:30"),
        (b"Received: by mx\nSubject: now; Mon, 2 Mar 2026 10:30:00 +0000\n", None),
        (b"Received: by mx; nonsense\nReceived: by x; Mon, 2 Mar 2026 10:30:00 +0000\n", None),
        (b"Received: by mx; Mon, 99 Mar 2026 10:30:00 +9999\n", None),
        (b"Received: by mx; Fri, 31 Dec 9999 23:59:59 -0800\n", None),
        (b"X-Received: by mx; Mon, 2 Mar 2026 10:30:00 +0000\nDate: Mon, 2 Mar 2026 10:30:00 +0000\n", None),
        (b"Subject: x\n\nReceived: by mx; Mon, 2 Mar 2026 10:30:00 +0000\n", None),
        (b"", None),
    ],
)
def test_the_topmost_received_line_alone_tells_the_time_of_receipt(header: bytes, expected: str | None) -> None:
    found = received_line(header + b"\nbody")
    assert (found and f"{found:%H:%M}") == expected


def test_the_received_line_counts_before_the_envelope_and_the_envelope_before_the_file(tmp_path: Path) -> None:
    received = b"Received: by mx; Mon, 2 Mar 2026 09:00:00 +0000\n"
    found = read(put(tmp_path / "box", ENVELOPE + received + MAIL + b"\n" + ENVELOPE + MAIL))
    assert [f"{each.received_at:%H:%M}" for each in found] == ["09:00", "10:00"]


@given(st.binary(max_size=400))
def test_no_header_upsets_the_reading_of_its_time(raw: bytes) -> None:
    for before in (b"", b"Received: ", b"Received: x; "):
        found = received_line(before + raw)
        assert found is None or found.tzinfo is UTC


def test_a_folder_gives_its_mails_oldest_first_and_those_of_folders_below(tmp_path: Path) -> None:
    put(tmp_path / "b.eml", b"Subject: late\n\n", at=FILE_TIME)
    put(tmp_path / "2025" / "a.eml", b"Subject: early\n\n", at=datetime(2025, 1, 1, tzinfo=UTC))
    put(tmp_path / "c.mbox", ENVELOPE + MAIL + b"\n" + ENVELOPE + MAIL, at=datetime(2025, 6, 1, tzinfo=UTC))
    put(tmp_path / ".hidden", b"not mail")
    assert [each.raw for each in read(tmp_path)] == [b"Subject: early\n\n", MAIL, MAIL, b"Subject: late\n\n"]


def test_a_maildir_gives_what_was_delivered_and_not_what_is_on_its_way(tmp_path: Path) -> None:
    put(tmp_path / "cur" / "1.host:2,S", b"Subject: one\n\n", at=datetime(2026, 1, 1, tzinfo=UTC))
    put(tmp_path / "new" / "2.host", b"Subject: two\n\n")
    put(tmp_path / "tmp" / "3.host", b"Subject: half")
    put(tmp_path / "dovecot-uidlist", b"3 V1 N1\n")
    assert [each.raw for each in read(tmp_path)] == [b"Subject: one\n\n", b"Subject: two\n\n"]


@pytest.mark.parametrize("name", ["a.eml", "box"])
def test_a_mail_over_the_limit_comes_as_its_header_with_its_size(tmp_path: Path, name: str) -> None:
    large = b"Subject: large\r\nX: y\r\n\r\n" + b"x" * 70 + b"\r\n" * 500
    raw = large if name == "a.eml" else ENVELOPE + large + b"\n" + ENVELOPE + MAIL
    found = read(put(tmp_path / name, raw), limit=200)
    assert (found[0].raw, found[0].is_truncated) == (b"Subject: large\r\nX: y\r\n\r\n", True)
    assert found[0].size >= len(large)
    assert [each.raw for each in found[1:]] == ([] if name == "a.eml" else [MAIL])


def test_an_empty_file_is_a_mail_of_no_bytes(tmp_path: Path) -> None:
    assert [each.raw for each in read(put(tmp_path / "a.eml", b""))] == [b""]


def test_an_empty_folder_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match=r"holds no mail: name \.eml files, an mbox or a Maildir"):
        read(tmp_path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PermanentFailure, match=r"gone\.eml cannot be read: No such file"):
        read(tmp_path / "gone.eml")


def test_a_file_that_cannot_be_read_does_not_keep_the_others_back(tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path / f"{number}.eml", MAIL)
    reading = mails_in(tmp_path, LIMIT)
    next(reading)
    (tmp_path / "1.eml").unlink()
    assert next(reading).raw == MAIL
    with pytest.raises(PermanentFailure, match=r"1\.eml cannot be read"):
        next(reading)
