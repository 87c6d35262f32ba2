"""Telling web hooks what happened, each at its own pace along the audit chain: in order, each event at least once.

A hook's row says which entry was settled last. It moves on when the receiver has taken an event, and only then: a
process that dies in between sends that event again, under the same number. A receiver that fails is asked again
later and later, and left alone after some days, until a person says "send again"; nothing is skipped.

Who sends holds a claim on the row. Pausing, removing or a new secret withdraw it: the sender ends after the event
that is on its way.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from sqlmodel import Session

from models.errors import NotFound
from models.webhook import HookState, Webhook, WebhookState
from responders.hook_events import Told, concerns, event_body, last_entry, told_after
from responders.hook_sender import GONE, HookSender
from responders.outbox import pause_after
from store.database import Database

GIVE_UP = timedelta(days=3)
_CLAIM = timedelta(minutes=2)
"""Longer than any event takes: another process takes over only where this one has died."""
_PART = 200
_MOST_COUNTED = 2000
"""Entries of the chain that are looked through for what is owed to a hook that ends."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """Sends to all web hooks."""

    database: Database
    hooks: Sequence[Webhook]
    now: Callable[[], datetime]

    def deliver(self, stop: Event) -> int:
        """Tell every hook what it has not been told yet; return how many events were taken."""
        return sum(self._deliver(hook, stop) for hook in self.hooks if not stop.is_set())

    def _deliver(self, hook: Webhook, stop: Event) -> int:
        seq, taken = self._claimed(hook), 0
        if seq is None:
            return 0
        with HookSender(hook) as sender:
            for told in self._due(hook, seq):
                is_told = concerns(told, hook)
                problem = sender.send(f"{hook.name}-{told.seq}", told.body, self.now()) if is_told else ""
                if problem:
                    self._note_failure(hook.name, seq, problem)
                    return taken
                if not self._moved(hook.name, seq, told.seq, is_taken=is_told):
                    return taken
                seq, taken = told.seq, taken + is_told
                if stop.is_set():
                    break
        self._let_go(hook.name, seq)
        return taken

    def _due(self, hook: Webhook, seq: int) -> Iterator[Told]:
        """Yield the entries that concern a hook, and the last one of each part that was looked through."""
        while True:
            with self.database.reading() as session:
                part = told_after(session, seq, _PART)
            if not part:
                return
            seq = part[-1].seq
            yield from (one for one in part if one.seq == seq or concerns(one, hook))

    def _claimed(self, hook: Webhook) -> int | None:
        """Claim a hook that has something to tell and is due; return the last entry it has settled."""
        with self.database.reading() as session:
            state = session.get(WebhookState, hook.name)
            is_known = state is not None and not _is_new(hook, state)
            if state and is_known and (last_entry(session) <= state.seq or not _is_due(state, self.now())):
                return None
        with self.database.transaction() as session:
            state = session.get(WebhookState, hook.name, with_for_update=True)
            if state is None or _is_new(hook, state):
                begin(session, hook.name, self.now())
                return None
            if not _is_due(state, self.now()):
                return None
            state.claimed_until = self.now() + _CLAIM
            return state.seq

    def _moved(self, name: str, before: int, seq: int, *, is_taken: bool) -> bool:
        """Note that all up to an entry is settled; False where another process, or a person, took the hook over."""
        with self.database.transaction() as session:
            state = session.get_one(WebhookState, name, with_for_update=True)
            if state.seq != before:
                return False
            now, is_withdrawn = self.now(), state.claimed_until is None
            state.seq = seq
            if is_taken:
                state.last_sent_at, state.sent = now, state.sent + 1
            if is_withdrawn:
                return False
            state.claimed_until = now + _CLAIM
            if is_taken:
                _begin_anew(state, HookState.WORKING, now)
            return True

    def _note_failure(self, name: str, seq: int, problem: str) -> None:
        _log.warning("web hook %s: %s", name, problem)
        with self.database.transaction() as session:
            state = session.get_one(WebhookState, name, with_for_update=True)
            if state.seq != seq or state.claimed_until is None:
                return
            now = self.now()
            state.claimed_until, state.last_error, state.attempts = None, problem, state.attempts + 1
            state.failing_since = state.failing_since or now
            is_over = problem == GONE or now - state.failing_since >= GIVE_UP
            state.state = HookState.STOPPED if is_over else HookState.RETRYING
            state.next_try_at = now + pause_after(state.attempts)

    def _let_go(self, name: str, seq: int) -> None:
        with self.database.transaction() as session:
            state = session.get_one(WebhookState, name, with_for_update=True)
            if state.seq == seq:
                state.claimed_until = None


def send_again(session: Session, name: str, now: datetime) -> None:
    """Have a hook asked again at once, from the event that it did not take; raises NotFound."""
    state = session.get(WebhookState, name, with_for_update=True)
    if state is None:
        raise NotFound(f"there is no web hook {name} that has run")
    if state.state in (HookState.RETRYING, HookState.STOPPED):
        state.state, state.attempts, state.failing_since, state.next_try_at = HookState.RETRYING, 0, None, now


def begin(session: Session, name: str, now: datetime) -> None:
    """Have a hook told of what happens from now on, also where one of this name was removed."""
    session.merge(WebhookState(name=name, seq=last_entry(session), next_try_at=now))


def withdraw(session: Session, name: str) -> WebhookState | None:
    """Have whoever sends to a hook end after the event on its way, so that a change of it counts; return its state."""
    state = session.get(WebhookState, name, with_for_update=True)
    if state is not None:
        state.claimed_until = None
    return state


def pause(session: Session, name: str) -> None:
    """Have a hook wait until `go_on`; its events wait with it. Raises NotFound."""
    state = withdraw(session, name)
    if state is None or state.state is HookState.REMOVED:
        raise NotFound(f"there is no web hook {name}")
    state.state = HookState.PAUSED


def go_on(session: Session, name: str, now: datetime) -> None:
    """Let a hook that waits go on where it stopped; raises NotFound."""
    state = session.get(WebhookState, name, with_for_update=True)
    if state is None:
        raise NotFound(f"there is no web hook {name}")
    if state.state is HookState.PAUSED:
        _begin_anew(state, HookState.WORKING, now)


def end(session: Session, hook: Webhook, now: datetime) -> int:
    """Have nothing sent to a hook any more; return how many events waited for it, as far as they are counted."""
    state = withdraw(session, hook.name)
    if state is None:
        return 0
    state.state, state.removed_at, state.last_error = HookState.REMOVED, now, ""
    state.untold = sum(concerns(told, hook) for told in told_after(session, state.seq, _MOST_COUNTED))
    return state.untold


def send_test(hook: Webhook, now: datetime) -> str:
    """Send an event of the type "test" at once; return '' where it was taken, else why not."""
    body = event_body("test", now, {"organisation": hook.organisation or None})
    with HookSender(hook) as sender:
        return sender.send(f"{hook.name}-test-{int(now.timestamp() * 1000)}", body, now)


def _begin_anew(state: WebhookState, how: HookState, now: datetime) -> None:
    state.state, state.attempts, state.failing_since, state.last_error, state.next_try_at = how, 0, None, "", now


def _is_new(hook: Webhook, state: WebhookState) -> bool:
    """Tell whether the file names a hook like one of the desk that was removed: what is made there begins by itself."""
    return state.state is HookState.REMOVED and not hook.is_made


def _is_due(state: WebhookState, now: datetime) -> bool:
    is_free = state.claimed_until is None or state.claimed_until <= now
    return state.state in (HookState.WORKING, HookState.RETRYING) and state.next_try_at <= now and is_free
