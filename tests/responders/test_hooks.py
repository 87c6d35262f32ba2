"""Web hooks against a real receiver: what it is told, in which order, and what happens when it fails."""

import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
import trustme
from mailboxes import mailbox, organisation
from receiver import Receiver
from sqlmodel import col, select
from story import ANA, Story

from cases.arranging import tag
from cases.asking import ask
from models.audit import Action, AuditEntry
from models.casework import PauseReason
from models.message import Message
from models.outbox import OutboxMail
from models.verdict import Label
from models.webhook import HookEvent, HookState, Webhook, WebhookState
from responders import hook_sender
from responders.hook_sender import signed
from responders.hooks import Hooks, begin, end, go_on, pause, send_again, send_test, withdraw
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SECRET = b"a secret that nobody guesses"


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit) -> Iterator[Story]:
    presence = Presence(database)
    yield Story(database, vault, audit, presence, mailbox(organisation=organisation(languages=("en",))), START)
    presence.leave()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(SECRET)
    receiver.start()
    yield receiver
    receiver.stop()


class Sending:
    """A hook that has begun to listen."""

    def __init__(self, story: Story, hook: Webhook) -> None:
        self.story, self.hook = story, hook
        self()

    def __call__(self) -> int:
        return Hooks(self.story.database, (self.hook,), lambda: self.story.now).deliver(Event())

    @property
    def state(self) -> WebhookState:
        with self.story.database.reading() as session:
            found = session.get_one(WebhookState, self.hook.name)
            session.expunge(found)
            return found


def tagged(story: Story, case: str, *words: str) -> None:
    for word in words:
        story.does(ANA, case, lambda office, word=word: tag(office, add=(word,)))


def test_a_hook_is_told_in_order_what_happens_from_when_it_begins(story: Story, receiver: Receiver) -> None:
    story.receives(Label.ACCESS, sender="before@mail.example")
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    case = story.receives(Label.ACCESS)
    story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="Mara's shoes", text="Which year?"))
    story.post()
    sending()
    assert receiver.types[0] == "case.opened"
    assert receiver.types.count("letter.sent") == 3
    assert {"case.changed", "due.changed"} <= set(receiver.types)
    numbers = [int(number.removeprefix("crm-")) for number, _ in receiver.got]
    assert numbers == sorted(set(numbers))
    _, body = receiver.got[0]
    assert body == {
        "type": "case.opened",
        "timestamp": "2026-03-02T09:00:00Z",
        "data": {
            "case": case,
            "organisation": "example",
            "deed": "case_opened",
            "message": 2,
            "letter": None,
        },
    }
    told = str(receiver.got).lower()
    assert not any(word in told for word in ("mara", "brightmail", "shoes", "ana", "which year"))
    assert sending() == 0
    assert (sending.state.state, sending.state.sent) == (HookState.WORKING, len(receiver.got))


def test_a_hook_gets_the_events_and_the_organisation_it_asks_for(story: Story, receiver: Receiver) -> None:
    own = Sending(story, Webhook("own", receiver.url, SECRET, frozenset({HookEvent.CASE_OPENED}), "example"))
    other = Sending(story, Webhook("other", receiver.url, SECRET, organisation="elsewhere"))
    case = story.receives(Label.ACCESS)
    tagged(story, case, "x")
    assert (own(), other()) == (1, 0)
    assert receiver.types == ["case.opened"]


def test_quarantine_a_letter_that_comes_back_and_nothing_of_looks(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    case = story.case(story.receives(Label.ACCESS))
    with story.database.transaction() as session:
        message, letter = session.exec(select(Message)).one(), session.exec(select(OutboxMail)).one()
        note = {"at": story.now, "case_id": None, "message_id": message.id}
        story.audit.append(session, Action.MESSAGE_DECIDED, **note, details={"outcome": "quarantine"})  # type: ignore[arg-type]
        story.audit.append(session, Action.LETTER_BOUNCED, at=story.now, case_id=case.id, outbox_id=letter.id)
        for look in (Action.CASE_VIEWED, Action.EVIDENCE_EXPORTED, Action.CASES_EXPORTED):
            story.audit.append(session, look, at=story.now, case_id=case.id)
    receiver.got.clear()
    sending()
    assert receiver.types[-2:] == ["message.quarantined", "letter.bounced"]
    assert [body["data"]["letter"] for _, body in receiver.got[-2:]] == [None, 1]
    with story.database.reading() as session:
        newest = session.exec(select(AuditEntry.seq).order_by(col(AuditEntry.seq).desc())).first()
    assert sending.state.seq == newest


@pytest.mark.parametrize(
    ("answer", "words"), [(500, "answered 500"), (0, "broke the connection off"), (302, "no redirect is followed")]
)
def test_an_event_that_is_not_taken_is_offered_again_and_nothing_overtakes_it(
    story: Story, receiver: Receiver, answer: int, words: str
) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    case = story.receives(Label.ACCESS)
    sending()
    receiver.offered.clear()
    tagged(story, case, "first", "second")
    receiver.answers = [answer, answer]
    assert sending() == 0
    assert (sending.state.state, sending.state.attempts) == (HookState.RETRYING, 1)
    assert words in sending.state.last_error
    assert sending() == 0, "not yet"
    story.now += timedelta(seconds=15)
    assert sending() == 0
    story.now += timedelta(minutes=1)
    assert sending() == 2
    first, second, third, fourth = receiver.offered
    assert first == second == third < fourth
    assert (sending.state.state, sending.state.attempts, sending.state.last_error) == (HookState.WORKING, 0, "")


def test_a_receiver_that_is_not_there_or_does_not_answer_is_told_in_words(
    story: Story, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = Webhook("crm", receiver.url, SECRET)
    assert send_test(hook, story.now) == ""
    assert receiver.types == ["test"]
    receiver.answers = [-1]
    with monkeypatch.context() as impatient:
        impatient.setattr(hook_sender, "SECONDS", 1.0)
        assert "did not answer" in send_test(hook, story.now)
    for url in ("http://127.0.0.1:1/", "https://a..b/", "https://xn--a/"):
        assert "cannot be reached" in send_test(replace(hook, url=url), story.now)
    assert "ca_file" in send_test(replace(hook, ca_file=Path(__file__)), story.now)


def test_after_days_a_hook_is_left_alone_until_a_person_says_send_again(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    story.receives(Label.ACCESS)
    receiver.answers = [500] * 3
    sending()
    story.now += timedelta(days=2)
    sending()
    assert sending.state.state is HookState.RETRYING
    story.now += timedelta(days=1)
    sending()
    assert sending.state.state is HookState.STOPPED
    story.now += timedelta(days=30)
    assert sending() == 0
    with story.database.transaction() as session:
        send_again(session, "crm", story.now)
    assert sending() > 0
    assert receiver.types[0] == "case.opened", "nothing was skipped"
    assert sending.state.state is HookState.WORKING


def test_a_hook_that_is_paused_goes_on_where_it_stopped(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    case = story.receives(Label.ACCESS)

    def stop_after_one() -> None:
        receiver.before_answer = lambda: None
        with story.database.transaction() as session:
            pause(session, "crm")

    receiver.before_answer = stop_after_one
    sending()
    assert len(receiver.got) == 1, "it ended after the event on its way"
    assert (sending.state.state, sending.state.sent, sending.state.claimed_until) == (HookState.PAUSED, 1, None)
    tagged(story, case, "meanwhile")
    with story.database.transaction() as session:
        send_again(session, "crm", story.now)
    assert sending() == 0, "to send again is not to go on"
    with story.database.transaction() as session:
        go_on(session, "crm", story.now)
    assert sending() == sending.state.sent - 1
    assert len(receiver.offered) == len(set(receiver.offered)) == sending.state.sent, "nothing twice, nothing lost"
    assert sending.state.state is HookState.WORKING


def test_a_failure_does_not_undo_a_pause(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    story.receives(Label.ACCESS)
    ask = receiver.take

    def fail(headers: dict[str, str], body: bytes) -> int:
        with story.database.transaction() as session:
            pause(session, "crm")
        ask(headers, body)
        return 500

    receiver.take = fail  # type: ignore[method-assign]
    sending()
    assert (sending.state.state, sending.state.attempts) == (HookState.PAUSED, 0)


def test_a_hook_that_is_removed_says_what_it_was_never_told(story: Story, receiver: Receiver) -> None:
    hook = Webhook("crm", receiver.url, SECRET, frozenset({HookEvent.CASE_CHANGED}), is_made=True)
    sending = Sending(story, hook)
    case = story.receives(Label.ACCESS)
    tagged(story, case, "first")
    sending()
    told = len(receiver.got)
    tagged(story, case, "second", "third")
    with story.database.transaction() as session:
        assert end(session, hook, story.now) == 2
    assert (sending(), len(receiver.got)) == (0, told), "also by a process that has not heard of it yet"
    assert (sending.state.state, sending.state.untold, sending.state.removed_at) == (HookState.REMOVED, 2, story.now)
    with story.database.transaction() as session:
        begin(session, "crm", story.now)
    assert sending() == 0
    tagged(story, case, "fourth")
    assert sending() == 1, "one of the same name begins with what comes"
    assert (sending.state.state, sending.state.removed_at, sending.state.sent) == (HookState.WORKING, None, 1)


def test_the_file_may_take_the_name_of_a_hook_that_was_removed(story: Story, receiver: Receiver) -> None:
    hook = Webhook("crm", receiver.url, SECRET)
    sending = Sending(story, hook)
    with story.database.transaction() as session:
        end(session, hook, story.now)
    case = story.receives(Label.ACCESS)
    assert sending() == 0
    tagged(story, case, "x")
    assert sending() > 0
    assert "case.opened" not in receiver.types, "that was before it began anew"


def test_a_new_secret_counts_at_once_and_the_old_one_for_a_while(story: Story, receiver: Receiver) -> None:
    new = replace(
        Webhook("crm", receiver.url, b"another secret, as nobody guesses"),
        old_secret=SECRET,
        old_until=story.now + timedelta(days=1),
    )
    assert send_test(new, story.now) == ""
    receiver.secret = new.secret
    assert send_test(new, story.now) == ""
    assert send_test(new, story.now + timedelta(days=1)) == ""
    receiver.secret = SECRET
    assert send_test(new, story.now + timedelta(days=1)) != "", "the receiver knows only the old one"
    Sending(story, new)
    with story.database.transaction() as session:
        state = withdraw(session, "crm")
        assert state is not None
        assert state.state is HookState.WORKING


def test_a_receiver_that_wants_no_more_is_left_alone_at_once(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    story.receives(Label.ACCESS)
    receiver.answers = [410]
    sending()
    assert sending.state.state is HookState.STOPPED


SENDER = """
import sys
from datetime import timedelta
from threading import Event
from models.webhook import Webhook
from responders.hooks import Hooks
from store.clock import utc_now
from store.database import open_database
database, url, secret, hours = sys.argv[1:]
hook = Webhook("crm", url, secret.encode())
Hooks(open_database(database), (hook,), lambda: utc_now() + timedelta(hours=int(hours))).deliver(Event())
"""


def test_a_process_that_is_killed_while_sending_loses_no_event(
    story: Story, receiver: Receiver, database_url: str
) -> None:
    """Killed when the receiver has an event and before it answers: that event comes again under its number."""
    Sending(story, Webhook("crm", receiver.url, SECRET))
    case = story.receives(Label.ACCESS)
    tagged(story, case, "x")

    def sends(hours: int) -> subprocess.Popen[bytes]:
        arguments = (database_url, receiver.url, SECRET.decode(), str(hours))
        return subprocess.Popen([sys.executable, "-c", SENDER, *arguments])

    first = sends(0)
    receiver.before_answer = lambda: first.kill() if len(receiver.got) == 2 else None
    assert first.wait(60) == -signal.SIGKILL
    receiver.before_answer = lambda: None
    assert sends(0).wait(60) == 0
    assert len(receiver.got) == 2, "the dead process might still be at it"
    assert sends(1).wait(60) == 0
    numbers = [number for number, _ in receiver.got]
    assert numbers[1] == numbers[2]
    assert receiver.got[1] == receiver.got[2]
    assert receiver.types[0] == "case.opened"
    assert receiver.types[-1] == "case.changed"


def test_many_entries_are_told_once_each(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET, frozenset({HookEvent.ALARM_RAISED})))
    case = story.case(story.receives(Label.ACCESS))
    with story.database.transaction() as session:
        for number in range(450):
            action = Action.CASE_VIEWED if number % 10 else Action.ALARM_RAISED
            story.audit.append(session, action, at=story.now, case_id=case.id)
    assert sending() == 45
    assert len(set(receiver.offered)) == 45
    assert sending() == 0


def test_of_two_processes_one_sends(story: Story, receiver: Receiver) -> None:
    sending = Sending(story, Webhook("crm", receiver.url, SECRET))
    for number in range(3):
        story.receives(Label.ACCESS, sender=f"p{number}@mail.example")
    start = Barrier(4)

    def both(_number: int) -> int:
        start.wait()
        return sending()

    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(both, range(4)))
    assert taken == len(receiver.offered) == len(set(receiver.offered)) > 0
    assert receiver.offered == sorted(receiver.offered, key=lambda number: int(number.removeprefix("crm-")))


def test_the_check_in_the_guide_knows_what_is_genuine() -> None:
    text = (Path(__file__).parents[2] / "docs/guide/api.md").read_text()
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    guide: dict[str, Any] = {}
    exec(code, guide)
    headers, body = signed(SECRET, "crm-1", b"{}", int(time.time())), b"{}"
    assert guide["is_genuine"](SECRET, headers, body)
    assert not guide["is_genuine"](SECRET, headers, b"{ }")
    assert not guide["is_genuine"](b"another", headers, body)
    assert not guide["is_genuine"](SECRET, signed(SECRET, "crm-1", body, 1), body)


def test_certificates_are_verified(story: Story, authority: trustme.CA, tmp_path) -> None:  # type: ignore[no-untyped-def]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    receiver = Receiver(SECRET, context)
    receiver.start()
    hook = Webhook("crm", receiver.url, SECRET)
    assert send_test(hook, story.now) == "has a certificate that is not trusted: see ca_file"
    assert "name that one" in send_test(replace(hook, is_made=True), story.now)
    assert send_test(replace(hook, ca_file=tmp_path / "ca.pem"), story.now) == ""
    pem = (tmp_path / "ca.pem").read_text()
    assert send_test(replace(hook, ca_pem=pem), story.now) == ""
    receiver.stop()
    assert SECRET.decode() not in repr(hook)
