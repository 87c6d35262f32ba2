"""The outbox: what is owed is written with its cause, claimed, handed over, and settled, one letter at a time.

A claim is committed before the server hears of the letter, and carries the name of the process. Whatever dies when,
the letter is offered again with the same Message-ID; it may arrive twice only where nobody recorded the server's
answer, and that is noted. After two repeats for a silent server it waits for staff as `held`, as does what the
server refuses for good. Temporary refusals are tried again with growing pauses for five days (RFC 5321, 4.5.4.1).
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Lock

from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from models.audit import Action
from models.case import Case, ItemResult, RequestItem
from models.errors import DeskError, PermanentFailure
from models.letter import LetterOrder
from models.mail import DeliveryReport
from models.organisation import Mailbox
from models.outbox import ACKNOWLEDGEMENTS, ANSWERS, OutboxMail, OutboxState, Template
from responders.letters import Letter
from responders.smtp import Handover, HandoverState, SmtpSender
from store.audit import Audit
from store.case_index import index_case
from store.database import Database, despite_deadlocks
from store.presence import Presence
from store.vault import Vault

_GIVE_UP = timedelta(days=5)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=4)
_MOST_DOUBTFUL = 2
_LOOK_AGAIN = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Claim:
    """A letter that this process hands over now."""

    id: int
    raw: bytes
    recipient: str
    state: OutboxState
    """Before the claim."""


@dataclass(slots=True)
class Delivery:
    """What became of the letters of one mailbox in one run."""

    sent: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True)
class Outbox:
    """The letters of one database, as one process works on them; a process has one outbox."""

    database: Database
    vault: Vault
    audit: Audit
    presence: Presence
    now: Callable[[], datetime]
    _turns: dict[str, Lock] = field(default_factory=dict)
    """By mailbox: in this process one thread at a time hands over; a claim of ours that nobody works on was lost."""

    def enqueue(self, session: Session, order: LetterOrder, letter: Letter, organisation: str) -> OutboxMail:
        """Keep a finished letter in the transaction of what caused it."""
        mail = OutboxMail(
            organisation=organisation,
            mailbox=order.mailbox,
            case_id=order.case_id,
            once_key=order.once_key,
            template=order.template,
            language=order.language,
            to_address=order.to.address,
            subject=letter.subject,
            message_id=letter.message_id,
            sealed_id=self.vault.keep(session, letter.raw),
            state=order.state,
            reason=order.reason,
            created_at=order.ordered_at,
            next_try_at=order.ordered_at,
        )
        session.add(mail)
        session.flush()
        self._note(session, Action.LETTER_WRITTEN, mail, state=order.state, template=order.template)
        if mail.state is OutboxState.HELD:
            index_case_of(session, mail)
        return mail

    def deliver_due(
        self, mailbox: Mailbox, stop: Event, is_more_coming: Callable[[], bool] = lambda: False
    ) -> Delivery:
        """Hand over all letters of a mailbox that are due; raises only for what the database does.

        As long as `is_more_coming`, the line is kept open and new letters are looked for.
        """
        delivery = Delivery()
        if mailbox.smtp is None:
            return delivery
        with self._turns.setdefault(mailbox.name, Lock()), SmtpSender(mailbox.smtp) as sender:
            self._take_over(mailbox)
            while self._wait_for_due(mailbox, stop, is_more_coming):
                try:
                    # Before any claim: a process that dies while it waits for the server leaves no doubt behind.
                    sender.connect()
                except DeskError as error:
                    delivery.error = str(error)
                    break
                self._hand_over_due(mailbox, sender, stop, delivery)
        return delivery

    def _wait_for_due(self, mailbox: Mailbox, stop: Event, is_more_coming: Callable[[], bool]) -> bool:
        """Tell whether a letter is due, waiting as long as more are coming."""
        while not stop.is_set():
            was_more_coming = is_more_coming()  # asked first: what came before the answer is found below
            if self._is_any_due(mailbox):
                return True
            if not was_more_coming:
                return False
            stop.wait(_LOOK_AGAIN)
        return False

    def _is_any_due(self, mailbox: Mailbox) -> bool:
        with self.database.reading() as session:
            return session.exec(self._due(mailbox)).first() is not None

    def _hand_over_due(self, mailbox: Mailbox, sender: SmtpSender, stop: Event, delivery: Delivery) -> None:
        """Hand over one due letter after another, as long as the line holds."""
        claim = self._settle_and_claim(mailbox, None, None)
        while claim is not None:
            handover = sender.send(claim.raw, mailbox.address, claim.recipient)
            delivery.sent += handover.state is HandoverState.ACCEPTED
            if handover.state is HandoverState.REFUSED:
                delivery.error = f"a letter is held for staff: {handover.reason}"
            only_settle = handover.is_line_broken or stop.is_set()
            claim = self._settle_and_claim(mailbox, claim, handover, only_settle=only_settle)

    def _take_over(self, mailbox: Mailbox) -> None:
        """Offer again what a dead process had claimed, or what we could not settle: perhaps it was accepted, so with
        the same Message-ID and a record.
        """
        with self.database.transaction() as session:
            query = select(OutboxMail).where(
                col(OutboxMail.mailbox) == mailbox.name, col(OutboxMail.state) == OutboxState.SENDING
            )
            for mail in session.exec(query.with_for_update(skip_locked=True)):
                if mail.owner in (None, self.presence.name) or not self.presence.is_alive(mail.owner):
                    mail.owner, mail.next_try_at = None, self.now()
                    mail.reason = "nobody recorded what the server answered; perhaps it was accepted"
                    self._doubt(session, mail)

    def note_report(self, session: Session, report: DeliveryReport) -> OutboxMail | None:
        """Match a delivery report to the letter it is about; None where it is about none of ours.

        The Message-ID carries a random part that only the receiver of the letter can know.
        """
        if not report.original_message_id:
            return None
        query = select(OutboxMail).where(col(OutboxMail.message_id) == report.original_message_id)
        mail = session.exec(query).first()
        if mail is not None and report.action == "failed":
            mail.state, mail.reason = OutboxState.FAILED, f"a delivery report came back: {report.status or 'failed'}"
            self._note(session, Action.LETTER_BOUNCED, mail, status=report.status)
            index_case_of(session, mail)
        return mail

    def _settle_and_claim(
        self, mailbox: Mailbox, claim: Claim | None, handover: Handover | None, *, only_settle: bool = False
    ) -> Claim | None:
        """Record one letter's end and claim the next in a single commit."""

        def step() -> Claim | None:
            """Be this one commit, which may have to be tried again."""
            with self.database.transaction() as session:
                if claim is not None and handover is not None:
                    self.audit.hold(session)
                    self._settle(session, claim, handover)
                return None if only_settle else self._claim(session, mailbox)

        return despite_deadlocks(step)

    def _claim(self, session: Session, mailbox: Mailbox) -> Claim | None:
        query = self._due(mailbox).with_for_update(skip_locked=True)
        while (mail := session.exec(query).first()) is not None:
            try:
                raw = self.vault.open(session, mail.sealed_id)
            except PermanentFailure as error:
                mail.reason = str(error)
                self._hold(session, mail)
                session.flush()
                continue
            claim = Claim(mail.id or 0, raw, mail.to_address, mail.state)
            mail.state, mail.owner, mail.attempts = OutboxState.SENDING, self.presence.name, mail.attempts + 1
            return claim
        return None

    def _due(self, mailbox: Mailbox) -> SelectOfScalar[OutboxMail]:
        waits = col(OutboxMail.state).in_([OutboxState.QUEUED, OutboxState.UNCERTAIN])
        is_due = (col(OutboxMail.mailbox) == mailbox.name, waits, col(OutboxMail.next_try_at) <= self.now())
        return select(OutboxMail).where(*is_due).order_by(col(OutboxMail.id)).limit(1)

    def _settle(self, session: Session, claim: Claim, handover: Handover) -> None:
        mail = session.get(OutboxMail, claim.id, with_for_update=True)
        if mail is None or mail.state is not OutboxState.SENDING or mail.owner != self.presence.name:
            return  # somebody took it over while we slept; that process settles it
        mail.owner, mail.reason, now = None, handover.reason, self.now()
        mail.next_try_at = now + pause_after(mail.attempts)
        if handover.state is HandoverState.ACCEPTED:
            self._settle_accepted(session, mail, now)
        elif handover.state is HandoverState.UNTRIED:
            mail.state, mail.attempts, mail.next_try_at = claim.state, mail.attempts - 1, now
        elif handover.state is HandoverState.UNCERTAIN:
            self._doubt(session, mail)
            mail.doubtful_handovers += 1
            if mail.doubtful_handovers > _MOST_DOUBTFUL:
                self._hold(session, mail)
        elif handover.state is HandoverState.TRY_AGAIN and now - mail.created_at <= _GIVE_UP:
            mail.state = OutboxState.QUEUED
        else:
            self._hold(session, mail)

    def _doubt(self, session: Session, mail: OutboxMail) -> None:
        mail.state = OutboxState.UNCERTAIN
        self._note(session, Action.LETTER_UNCERTAIN, mail, reason=mail.reason)

    def _hold(self, session: Session, mail: OutboxMail) -> None:
        mail.state = OutboxState.HELD
        self._note(session, Action.LETTER_HELD, mail, reason=mail.reason)
        index_case_of(session, mail)

    def _settle_accepted(self, session: Session, mail: OutboxMail, now: datetime) -> None:
        mail.state, mail.sent_at = OutboxState.SENT, now
        if mail.template in ACKNOWLEDGEMENTS:
            is_first = (col(Case.id) == mail.case_id, col(Case.acknowledged_at).is_(None))
            session.exec(update(Case).where(*is_first).values(acknowledged_at=now))
        if mail.template in ANSWERS:
            self._settle_told(session, mail, now)
        self._note(session, Action.LETTER_SENT, mail, attempts=mail.attempts)

    def _settle_told(self, session: Session, mail: OutboxMail, now: datetime) -> None:
        """Note which results an answer has told: those decided when it was written, not what came or changed since."""
        is_forwarded = col(RequestItem.result) == ItemResult.FORWARDED
        told = update(RequestItem).where(
            col(RequestItem.case_id) == mail.case_id,
            col(RequestItem.told_at).is_(None),
            col(RequestItem.decided_at) <= mail.created_at,
            is_forwarded if mail.template is Template.FORWARDED else ~is_forwarded,
        )
        session.exec(told.values(told_at=now))
        session.exec(update(Case).where(col(Case.id) == mail.case_id).values(answered_at=now))
        index_case_of(session, mail)

    def _note(self, session: Session, action: Action, mail: OutboxMail, **details: object) -> None:
        self.audit.append(session, action, at=self.now(), case_id=mail.case_id, outbox_id=mail.id, details=details)


def index_case_of(session: Session, mail: OutboxMail) -> None:
    """Index the case of a letter whose state says something of the case; who calls it has the end of the chain."""
    case = session.get(Case, mail.case_id) if mail.case_id else None
    if case is not None:
        index_case(session, case)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts: doubling, with some chance in it so that many do not come at
    once."""
    pause: timedelta = min(_FIRST_PAUSE * 2.0 ** min(attempts - 1, 12), _LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311 - no secret hangs on it
