"""Doing something in a case: load it, let casework decide, write the letters, commit. One transaction a deed."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.office import Office
from models.case import Case
from models.errors import NotAllowed, NotFound
from models.organisation import Mailbox
from models.staff import REQUESTER, Actor, Role
from service.desk import Desk
from service.posting import post, with_page
from store.case_index import index_case

Result = TypeVar("Result")


class _OnlyLooking(Exception):
    """Ends a transaction of which nothing is to be kept."""


@dataclass(frozen=True, slots=True)
class Casework:
    """Deeds of one person."""

    desk: Desk
    actor: Actor
    override: str = ""
    """The reason for which rules that may be set aside are."""
    second: str = ""
    """Who sets them aside together with the actor."""

    def do(self, reference: str, deed: Callable[[Office], Result]) -> Result:
        """Do something in a case, and write the letters that follow; raises NotFound and NotAllowed."""
        if not self.actor.role.covers(Role.AGENT):
            raise NotAllowed(f"the role {self.actor.role} only looks: this needs the role {Role.AGENT}")
        with self.desk.database.transaction() as session:
            office = self._office(session, reference)
            result = deed(office)
            self._post(office)
            index_case(session, office.case)
            return result

    def preview(self, reference: str, deed: Callable[[Office], object]) -> list[str]:
        """Return the letters that a deed would write, as they would go out; nothing is kept, no rule is passed over."""
        letters: list[str] = []
        with suppress(_OnlyLooking), self.desk.database.transaction() as session:
            office = self._office(session, reference)
            deed(office)
            mailbox = office.clock.mailbox
            orders = [with_page(self.desk, session, one.order, mailbox, self.actor.name) for one in office.posts]
            letters += [self.desk.letters.compose(order, mailbox).raw.decode("utf-8", "replace") for order in orders]
            raise _OnlyLooking
        return letters

    def _office(self, session: Session, reference: str) -> Office:
        self.desk.audit.hold(session)
        case = case_named(session, reference, is_changed=True)
        if case.first_opened_at is None and self.actor != REQUESTER:
            case.first_opened_at = self.desk.now()
        clock = OfficeClock(mailbox_of(self.desk, case))
        return Office(
            session,
            case,
            clock,
            self.desk.audit,
            self.desk.vault,
            self.actor,
            self.desk.now(),
            self.override,
            self.second,
            self.desk.page,
        )

    def _post(self, office: Office) -> None:
        """Write the ordered letters, and note them with the facts that they tell."""
        for one in office.posts:
            mail = post(self.desk, office.session, one.order, office.clock.mailbox, actor=self.actor.name)
            for fact in one.facts:
                fact.letter_id = mail.id
                office.session.add(fact)


def case_named(session: Session, reference: str, *, is_changed: bool = False) -> Case:
    """Return a case, locked where it is to be changed; raises NotFound."""
    query = select(Case).where(col(Case.reference) == reference.strip().upper())
    case = session.exec(query.with_for_update() if is_changed else query).first()
    if case is None:
        raise NotFound(f"there is no case {reference}; `rightsdesk case list` shows them all")
    return case


def mailbox_of(desk: Desk, case: Case) -> Mailbox:
    """Return the mailbox that a case belongs to; raises NotAllowed where it is not configured any more."""
    mailbox = next((one for one in desk.mailboxes if one.name == case.mailbox), None)
    if mailbox is None:
        raise NotAllowed(f"the mailbox {case.mailbox} of this case is not configured any more")
    return mailbox
