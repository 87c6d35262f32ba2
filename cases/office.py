"""One person at work on one case, in the caller's transaction: what all deeds share.

A deed asks `permit` first, which keeps the table of moves and its rules, changes what it changes, notes it in the
timeline, and returns the letters it orders as `Post`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.clock_book import reckon
from cases.clocks import OfficeClock
from cases.lifecycle import Deed, RuleName, move_of, possible_deeds
from cases.rules import RULES, broken_rules
from cases.situation import Given, Situation, rows_of, situation_of
from models.audit import Action
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact, Note, ThirdParty
from models.errors import NotAllowed
from models.letter import LetterItem, LetterOrder
from models.mail import Address
from models.message import Message
from models.outbox import Template
from models.person import NO_PAGE, PageSettings
from models.staff import Actor
from store.audit import Audit
from store.vault import Vault


@dataclass(frozen=True, slots=True)
class Post:
    """A letter to be written, and the facts that it is to be noted with."""

    order: LetterOrder
    facts: tuple[ClockFact | ThirdParty, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """The desk at which one actor works on one case."""

    session: Session
    case: Case
    clock: OfficeClock
    audit: Audit
    vault: Vault
    actor: Actor
    now: datetime
    override: str = ""
    """The reason for which rules that may be set aside are; '' keeps them all."""
    second: str = ""
    """Who sets them aside together with the actor, where a rule asks for two people."""
    page: PageSettings = NO_PAGE
    """How requesters reach their page."""
    posts: list[Post] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.clock.local_date(self.now)

    def items(self) -> list[RequestItem]:
        """Return the items of the case, oldest first."""
        return rows_of(self.session, RequestItem, self.case)

    def open_items(self) -> list[RequestItem]:
        """Return the items without a result."""
        return [item for item in self.items() if item.result is None]

    def situation(self) -> Situation:
        """Read all that the rules look at."""
        return situation_of(self.session, self.case, self.clock, self.now)

    def permit(self, deed: Deed, given: Given | None = None) -> Situation:
        """Check that a deed may be done now, and move the case on; raises NotAllowed, which says all that is wrong."""
        move, given, situation = move_of(deed), given or Given(), self.situation()
        self.check_state(deed)
        self._keep_rules(deed, broken_rules(move, situation, given))
        if move.target is not None:
            self.case.status = move.target
        return situation

    def check_state(self, deed: Deed) -> None:
        """Check that the actor's role and the state of the case allow a deed at all; raises NotAllowed."""
        move, name = move_of(deed), deed.value.replace("_", " ")
        if not self.actor.role.covers(move.role):
            raise NotAllowed(f"{name} needs the role {move.role}")
        if self.case.status not in move.sources:
            able = ", ".join(one.value.replace("_", " ") for one in possible_deeds(self.case.status)) or "nothing"
            raise NotAllowed(f"the case is {self.case.status}: {name} is not possible now; possible: {able}")

    def _keep_rules(self, deed: Deed, broken: Sequence[RuleName]) -> None:
        fixed = [name for name in broken if not self._may_set_aside(name)]
        if fixed:
            raise NotAllowed("; ".join(self._objection(name) for name in fixed))
        for name in broken:
            self.note(Action.RULE_OVERRIDDEN, rule=name, deed=deed, second=self.second)
            self.remember(f"set aside {name}", self.override)

    def _may_set_aside(self, name: RuleName) -> bool:
        rule = RULES[name]
        is_allowed = rule.override is not None and self.actor.role.covers(rule.override)
        is_seconded = not rule.needs_two or self.second.strip() not in ("", self.actor.name)
        return is_allowed and is_seconded and bool(self.override.strip())

    def _objection(self, name: RuleName) -> str:
        rule = RULES[name]
        if rule.override is None:
            return rule.says
        who = f"a {rule.override} and a second person" if rule.needs_two else f"a person with the role {rule.override}"
        return f"{rule.says} ({who} may set this aside with a reason)"

    def note(self, action: Action, *, outbox_id: int | None = None, **details: object) -> None:
        """Write a deed into the timeline; details hold keys, dates and states, never personal data."""
        self.audit.append(
            self.session,
            action,
            at=self.now,
            actor=self.actor.name,
            case_id=self.case.id,
            outbox_id=outbox_id,
            details=details,
        )

    def remember(self, what: str, why: str) -> None:
        """Keep a reason as a sealed note: it may be about somebody, and goes when the case does."""
        if why.strip():
            sealed = self.vault.keep(self.session, f"{what.replace('_', ' ')}: {why.strip()}".encode())
            note = Note(case_id=self.case.id or 0, at=self.now, by=self.actor.name, sealed_id=sealed)
            self.session.add(note)

    def noon_of(self, day: date) -> datetime:
        """Return the middle of a local day: when something was done of which only the day is known."""
        return datetime.combine(day, time(12), ZoneInfo(self.clock.mailbox.timezone)).astimezone(UTC)

    def reckon(self) -> int:
        """Compute the dates of the case anew."""
        self.session.flush()
        return reckon(self.session, self.case, self.clock, self.audit, self.now, self.actor.name)

    def send(self, order: LetterOrder, *facts: ClockFact | ThirdParty) -> None:
        """Order a letter; the facts are noted with it when it is written."""
        self.posts.append(Post(order, facts))

    def order(self, template: Template, items: Sequence[RequestItem] = (), **more: Any) -> LetterOrder:
        """Return an order for a letter to the requester, in answer to their last mail.

        Raises NotAllowed where there is no address to write to.
        """
        if not self.case.requester_address:
            raise NotAllowed("the case has no address to write to: tell the person in another way")
        last = self._last_message()
        thread = {"in_reply_to": last.message_id, "references": (last.message_id,)} if last else {}
        to = Address(self.case.requester_name, self.case.requester_address)
        return self.order_to(to, self.case.language, template, items, **thread, **more)

    def order_to(
        self, to: Address, language: str, template: Template, items: Sequence[RequestItem] = (), **more: Any
    ) -> LetterOrder:
        """Return an order for a letter to anybody, which starts a thread of its own unless told otherwise."""
        organisation = self.clock.mailbox.organisation
        order = LetterOrder(
            template=template,
            case_id=self.case.id,
            reference=self.case.reference,
            mailbox=self.case.mailbox,
            language=organisation.language_for(language),
            to=to,
            received_on=self.clock.local_date(min((item.received_at for item in items), default=self.case.received_at)),
            items=tuple(LetterItem(item.kind, item.due_on, None, item.result, item.ground) for item in items),
            answer_by=max((item.due_on for item in items if item.due_on), default=None),
            state=organisation.letter_state,
            ordered_at=self.now,
        )
        return replace(order, **more)

    def messages(self) -> list[Message]:
        """Return the mails of the case, oldest first."""
        return rows_of(self.session, Message, self.case)

    def _last_message(self) -> Message | None:
        with_id = [message for message in self.messages() if message.message_id and message.duplicate_of is None]
        return with_id[-1] if with_id else None

    @property
    def is_closed(self) -> bool:
        """Tell whether nothing more is done here."""
        return self.case.status is CaseState.CLOSED


def paragraphs(text: str) -> tuple[str, ...]:
    """Return a text of staff as paragraphs, each on one line."""
    return tuple(" ".join(part.split()) for part in text.replace("\r", "").split("\n\n") if part.strip())
