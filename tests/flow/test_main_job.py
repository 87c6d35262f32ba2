"""The main job through the real command: Dovecot in, a real SMTP listener out, on both databases."""

import hashlib
import json
import re
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from conftest import Command, on_sqlite
from dovecot import Dovecot
from listener import Listener

sys.path.insert(0, str(Path(__file__).parent))
from sixty import SIXTY, Sample

pytestmark = pytest.mark.slow

RECEIVED = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)


def rows(command: Command, *arguments: str) -> list[dict[str, object]]:
    done = command(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def polled(dovecot: Dovecot, rightsdesk: Command) -> dict[str, object]:
    for sample in SIXTY:
        dovecot.append(sample.raw, received_at=RECEIVED)
    done = rightsdesk("poll", "--once", "--json", timeout=180)
    assert done.returncode == 0, done.stderr
    (report,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert set(report) == {
        "mailbox",
        "fetched",
        "cases",
        "threads",
        "filed",
        "automatic",
        "duplicates",
        "archived",
        "quarantined",
        "pending",
        "sent",
        "unaccounted",
        "error",
    }
    return report


def test_sixty_mails_become_what_they_are(
    polled: dict[str, object], rightsdesk: Command, dovecot: Dovecot, listener: Listener
) -> None:
    ledger = {row["uid"]: row for row in rows(rightsdesk, "mail", "list")}
    cases = {case["reference"]: case for case in rows(rightsdesk, "case", "list")}
    with dovecot.client() as client:
        uids = sorted(client.search())
        served = {uid: data[b"BODY[]"] for uid, data in client.fetch(uids, ["BODY.PEEK[]"]).items()}

    # The ledger: one row for each UID, the bytes exactly as served.
    assert polled["fetched"] == len(SIXTY) == len(ledger)
    assert (polled["unaccounted"], polled["pending"], polled["error"]) == (0, 0, None)
    assert sorted(ledger) == uids
    assert {uid: row["sha256"] for uid, row in ledger.items()} == {
        uid: hashlib.sha256(raw).hexdigest() for uid, raw in served.items()
    }
    wrong = [_fault(sample, ledger[uid], cases) for uid, sample in zip(uids, SIXTY, strict=True)]
    assert [fault for fault in wrong if fault] == []

    # The acknowledgements: each person one letter, nobody else any.
    reached = Counter(mail.recipients[0] for mail in listener.mails)
    assert max(reached.values()) == 1
    wanted = {_sender(sample) for sample in SIXTY if sample.is_acknowledged}
    unwanted = {_sender(sample) for sample in SIXTY if sample.is_acknowledged is False} - wanted
    assert wanted <= set(reached)
    assert unwanted.isdisjoint(reached)
    assert polled["sent"] == len(listener.mails)

    # The dates: received on Saturday 31 January, 23:30 in London; a month later is Saturday 28 February.
    access = next(case for case in cases.values() if case["requester"] == "alice@mail.example")
    assert access["due_date"] == "2026-03-02"
    assert access["due_at_utc"] == "2026-03-03T00:00:00Z"
    assert access["received_at"] == "2026-01-31T23:30:00Z"
    assert access["messages"] == 2
    assert access["acknowledged_at"]

    # The letters: threaded, marked automatic, in the sender's language, with the reference.
    for letter in listener.mails:
        assert letter.mail["Auto-Submitted"] == "auto-replied"
        assert any(reference in letter.mail["Subject"] for reference in cases)
    greta = next(letter for letter in listener.mails if letter.recipients == ["greta@mail.example"])
    assert greta.mail["In-Reply-To"] == "<Greta@mail.example>"
    assert (
        "Eingang" in greta.mail.get_body(("plain",)).get_content()
        or "erhalten" in greta.mail.get_body(("plain",)).get_content()
    )

    assert "intact" in rightsdesk("audit", "verify").stdout


def _sender(sample: Sample) -> str:
    found = re.search(rb"^From: .*?<(.+?)>", sample.raw, re.MULTILINE)
    return found.group(1).decode().lower() if found else ""


def _fault(sample: Sample, row: dict[str, object], cases: dict[str, dict[str, object]]) -> str:
    if row["outcome"] not in sample.outcomes:
        return f"{sample.name}: {row['outcome']} ({row['reason']})"
    if sample.kinds and not sample.kinds <= set(cases[row["case"]]["kinds"]):
        return f"{sample.name}: {cases[row['case']]['kinds']}"
    return ""


def test_neither_a_second_poll_nor_new_numbers_on_the_server_double_anything(
    polled: dict[str, object], rightsdesk: Command, dovecot: Dovecot, listener: Listener
) -> None:
    letters, cases = len(listener.mails), rows(rightsdesk, "case", "list")
    (report,) = rows(rightsdesk, "poll", "--once")
    assert report["fetched"] == report["sent"] == report["cases"] == 0
    dovecot.renumber()
    (report,) = rows(rightsdesk, "poll", "--once")
    assert report["duplicates"] == report["fetched"] == len(SIXTY)
    assert (report["unaccounted"], report["sent"]) == (0, 0)
    assert rows(rightsdesk, "case", "list") == cases
    assert len(listener.mails) == letters


@on_sqlite
def test_the_bounce_of_an_acknowledgement_is_shown_on_its_case_and_opens_none(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    request = next(sample for sample in SIXTY if sample.name == "Alice")
    dovecot.append(request.raw)
    rows(rightsdesk, "poll", "--once")
    (letter,) = listener.mails
    bounce = next(sample for sample in SIXTY if sample.name == "bounce0").raw
    dovecot.append(bounce.replace(b"<unknown0@example.org>", letter.mail["Message-ID"].encode()))
    rows(rightsdesk, "poll", "--once")
    (case,) = rows(rightsdesk, "case", "list")
    bounced = rows(rightsdesk, "mail", "list")[-1]
    assert (bounced["outcome"], bounced["case"]) == ("automatic", case["reference"])
    assert [row["state"] for row in rows(rightsdesk, "outbox", "list")] == ["failed"]
    assert len(listener.mails) == 1


@on_sqlite
def test_old_mail_of_a_mailbox_is_archived_at_the_first_poll_and_never_answered(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    settings = rightsdesk.folder / "rightsdesk.toml"
    settings.write_text(settings.read_text().replace('archive_before = "none"', ""))
    request = next(sample for sample in SIXTY if sample.name == "Alice")
    later = next(sample for sample in SIXTY if sample.name == "Bruno")
    dovecot.append(request.raw, received_at=datetime.now(UTC) - timedelta(days=200))
    (report,) = rows(rightsdesk, "poll", "--once")
    assert (report["archived"], report["cases"], report["sent"]) == (1, 0, 0)
    dovecot.append(later.raw)
    (report,) = rows(rightsdesk, "poll", "--once")
    assert (report["archived"], report["cases"], report["sent"]) == (0, 1, 1)


@on_sqlite
def test_a_mailbox_that_fails_is_named_and_the_other_goes_on(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    settings = rightsdesk.folder / "rightsdesk.toml"
    text = settings.read_text()
    box = text[text.index("[[mailbox]]") :]
    settings.write_text(
        text + box.replace('"contact"', '"second"').replace('password_file = "imap.password"', 'password = "wrong"')
    )
    dovecot.append(SIXTY[0].raw)
    done = rightsdesk("poll", "--once", "--json")
    first, second = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert (first["error"], first["cases"]) == (None, 1)
    assert "user and password" in second["error"]
    assert "Traceback" not in done.stderr
