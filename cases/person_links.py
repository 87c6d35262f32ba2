"""The link to a requester's page: one for a case, prolonged by each letter that carries it, ended by staff or purge.

The row holds a random number; what signs it into a link is the vault (`store/link_tokens.py`).
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete, select

from cases.clocks import OfficeClock
from cases.office import Office
from models.audit import Action
from models.case import Case
from models.errors import NotAllowed
from models.person import AddressProof, PageSettings, PersonLink
from store.audit import Audit
from store.link_tokens import LinkPurpose, new_nonce, token_of
from store.vault import Vault

_PATHS = {LinkPurpose.PAGE: "s", LinkPurpose.PROOF: "p"}


def address_of(vault: Vault, page: PageSettings, purpose: LinkPurpose, nonce: str) -> str:
    """Return the whole address of a page."""
    return f"{page.base_url}/{_PATHS[purpose]}/{token_of(vault, purpose, nonce)}"


def live_link(session: Session, case: Case, now: datetime) -> PersonLink | None:
    """Return the link that opens the page of a case now, None where none does."""
    query = select(PersonLink).where(col(PersonLink.case_id) == case.id, col(PersonLink.revoked_at).is_(None))
    return session.exec(query.where(col(PersonLink.ends_at) > now).order_by(col(PersonLink.made_at).desc())).first()


def end_of_term(clock: OfficeClock, now: datetime, days: int) -> datetime:
    """Return the last second of the local day that comes so many days after today: letters name the day."""
    day = clock.local_date(now) + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(clock.mailbox.timezone)).astimezone(UTC)


def link_for_letter(
    session: Session, case: Case, clock: OfficeClock, page: PageSettings, audit: Audit, now: datetime, actor: str
) -> PersonLink:
    """Return the link that a letter is to carry: the live one, open for a full term from now on, else a new one."""
    link = live_link(session, case, now)
    if link is None:
        link = PersonLink(nonce=new_nonce(), case_id=case.id or 0, made_at=now, ends_at=now)
        audit.append(session, Action.PAGE_LINK_MADE, at=now, actor=actor, case_id=case.id)
    link.ends_at = max(link.ends_at, end_of_term(clock, now, page.link_days))
    session.add(link)
    return link


def make_link(office: Office) -> PersonLink:
    """End the links of the case and make a new one, for staff to hand over; raises NotAllowed where there are no pages.

    Contents that were erased are not shown again: such a case gets none.
    """
    if not office.page.base_url:
        raise NotAllowed("there are no pages for requesters: web.base_url is not set")
    if office.case.contents_erased_at is not None:
        raise NotAllowed("the contents of this case were erased: it has no page any more")
    _revoke(office)
    name = office.actor.name
    return link_for_letter(office.session, office.case, office.clock, office.page, office.audit, office.now, name)


def revoke_links(office: Office) -> None:
    """Let no link open the page of the case any more; raises NotAllowed where none does."""
    if not _revoke(office):
        raise NotAllowed("no link opens the page of this case")
    office.note(Action.PAGE_LINK_REVOKED)


def _revoke(office: Office) -> bool:
    query = select(PersonLink).where(col(PersonLink.case_id) == office.case.id, col(PersonLink.revoked_at).is_(None))
    links = [link for link in office.session.exec(query) if link.ends_at > office.now]
    for link in links:
        link.revoked_at = office.now
        office.session.add(link)
    office.session.flush()
    return bool(links)


def end_links(session: Session, case: Case) -> None:
    """Forget all links and proofs of a case, with its contents."""
    session.exec(delete(PersonLink).where(col(PersonLink.case_id) == case.id))
    session.exec(delete(AddressProof).where(col(AddressProof.case_id) == case.id))
