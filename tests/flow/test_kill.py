"""Killed with SIGKILL at any moment, the desk takes up where it was: every message, case and letter once."""

import json
import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from builders import mail
from conftest import Command
from dovecot import Dovecot
from listener import Listener

from store.database import Database

sys.path.insert(0, str(Path(__file__).parent))
from sixty import SIXTY

pytestmark = pytest.mark.slow

SAMPLES = [sample for sample in SIXTY if sample.is_acknowledged is not None]
MOMENTS = ("stored", "decided", "accepted", "recorded")
KILLS = 2 * len(MOMENTS)


class Moments:
    """What a poll has done so far, as seen from outside: the points to kill it at."""

    def __init__(self, database: Database, listener: Listener) -> None:
        self.database, self.listener = database, listener

    def count(self, moment: str) -> int:
        if moment == "accepted":  # by the SMTP server, whether or not that is recorded
            return len(self.listener.mails)
        query = {
            "stored": "select count(*) from message",
            "decided": "select count(*) from message where outcome <> 'pending'",
            "recorded": "select count(*) from outbox_mail where state = 'sent'",
        }[moment]
        with self.database.reading() as session:
            return session.connection().exec_driver_sql(query).scalar_one()

    def kill_at(self, rightsdesk: Command, moment: str, patience: float) -> bool:
        """Start a poll and kill its whole process group a moment after it got there; tell whether it was alive."""
        before = self.count(moment)
        process = rightsdesk.start("poll", "--once", "--json")
        deadline = time.monotonic() + 60
        while process.poll() is None and self.count(moment) == before and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(patience)
        is_alive = process.poll() is None
        if is_alive:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return is_alive


def _lines(rightsdesk: Command, *arguments: str) -> list[dict[str, object]]:
    done = rightsdesk(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_kills_at_every_moment_lose_nothing_and_double_nothing(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener, database: Database
) -> None:
    moments, chance, waiting = Moments(database, listener), random.Random(7), [sample.raw for sample in SAMPLES]
    killed: Counter[str] = Counter()
    for number in range(3 * KILLS):
        dovecot.append(_request(number), *(waiting.pop(0) for _ in range(min(2, len(waiting)))))
        moment = min(MOMENTS, key=killed.__getitem__)
        killed[moment] += moments.kill_at(rightsdesk, moment, chance.uniform(0, 0.02))
        if killed.total() == KILLS:
            break
    dovecot.append(*waiting)
    assert killed == dict.fromkeys(MOMENTS, 2), "each moment twice"
    (report,) = _lines(rightsdesk, "poll", "--once")
    assert (report["error"], report["unaccounted"], report["pending"]) == (None, 0, 0)
    _check_everything_once(dovecot, rightsdesk, listener, database)


def _request(number: int) -> bytes:
    text = "Please delete all the personal data you hold about me, under Article 17 GDPR."
    return mail(text, sender=f"round{number}@mail.example", subject="Erasure request", message_id=f"<round{number}@x>")


def _check_everything_once(dovecot: Dovecot, rightsdesk: Command, listener: Listener, database: Database) -> None:
    with dovecot.client() as client:
        uids = client.search()
    ledger = _lines(rightsdesk, "mail", "list")
    assert Counter(row["uid"] for row in ledger) == Counter(uids)
    assert all(row["outcome"] not in ("pending", "quarantine") for row in ledger)

    opened = [row["case"] for row in ledger if row["outcome"] == "case"]
    cases = _lines(rightsdesk, "case", "list")
    assert Counter(opened) == Counter(case["reference"] for case in cases)
    assert max(Counter(case["requester"] for case in cases).values()) == 1

    letters = _lines(rightsdesk, "outbox", "list")
    assert {letter["state"] for letter in letters} == {"sent"}
    assert max(Counter(letter["case"] for letter in letters).values()) == 1
    accepted = Counter(mail.mail["Message-ID"] for mail in listener.mails)
    assert set(accepted) == {letter["message_id"] for letter in letters}
    doubtful = _doubtful(database)
    for message_id, copies in accepted.items():
        assert copies - 1 <= doubtful[message_id], "a second copy needs a record that its acceptance was in doubt"
    assert rightsdesk("audit", "verify").returncode == 0


def _doubtful(database: Database) -> Counter[str]:
    with database.reading() as session:
        found = session.connection().exec_driver_sql(
            "select o.message_id, count(*) from audit_entry a join outbox_mail o on o.id = a.outbox_id "
            "where a.action = 'letter_uncertain' group by o.message_id"
        )
        return Counter({message_id: count for message_id, count in found.all()})


def test_a_letter_whose_acceptance_was_not_told_goes_again_with_the_same_message_id(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    listener.handler.after_data.append("drop")
    dovecot.append(SAMPLES[0].raw)
    rightsdesk("poll", "--once", "--json")
    assert [letter["state"] for letter in _lines(rightsdesk, "outbox", "list")] == ["uncertain"]
    deadline = time.monotonic() + 40
    while len(listener.mails) < 2 and time.monotonic() < deadline:
        rightsdesk("poll", "--once", "--json")
    first, second = listener.mails
    assert first.mail["Message-ID"] == second.mail["Message-ID"]
    assert [letter["state"] for letter in _lines(rightsdesk, "outbox", "list")] == ["sent"]
