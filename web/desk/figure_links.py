"""Links by which people without an account look at figures: made, listed, ended, recognised.

A link shows no more than who made it may share now: it ends for good when they are switched off, or lose the role or
an organisation. Each function takes an open session. What goes in and out of use is on record in the audit chain.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete, select

from cases.periods import Span
from models.accounts import StaffMember
from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.sharing import FigureLink, LinkEnd
from models.staff import GUEST, Role
from store.audit import Audit
from web.desk.codes import digest

USUAL, LONGEST = timedelta(days=14), timedelta(days=90)
NEEDS = Role.MANAGER
"""The role that may share figures."""
LONGEST_NAME = 80
_LONGEST_SECRET = 64
_KEPT = timedelta(days=90)
"""How long a link stays in the list after its last day."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A link as it is asked for."""

    name: str
    organisations: Sequence[str]
    span: Span
    first: date | None
    """The first day of the period; None for the one in which the link is opened."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sharer:
    """Who makes or ends links: their number and their name."""

    member_id: int
    name: str


def add_link(session: Session, audit: Audit, wish: Wish, by: Sharer, now: datetime) -> str:
    """Add a link and return its secret, this once; raises NotAllowed for what cannot be."""
    if not wish.name or len(wish.name) > LONGEST_NAME or not wish.name.isprintable():
        raise NotAllowed(f"a name has 1 to {LONGEST_NAME} characters: say whom the link is for")
    if not wish.organisations:
        raise NotAllowed("there are no figures yet: an organisation comes first")
    if not now < wish.expires_at <= now + LONGEST + timedelta(days=1):
        raise NotAllowed(f"the last day of a link is between today and {LONGEST.days} days from now")
    secret = secrets.token_urlsafe(32)
    row = FigureLink(
        name=wish.name,
        digest=digest(secret),
        organisations=sorted(wish.organisations),
        span=wish.span,
        first=wish.first,
        member_id=by.member_id,
        created_at=now,
        expires_at=wish.expires_at,
    )
    audit.hold(session)
    session.add(row)
    session.flush()
    details = {"link": row.id, "organisations": row.organisations, "expires_at": row.expires_at}
    audit.append(session, Action.FIGURES_SHARED, at=now, actor=by.name, details=details)
    return secret


def links(session: Session, may_see: Callable[[str], bool]) -> list[tuple[FigureLink, StaffMember]]:
    """Return the links whose figures somebody may all see, each with who made it, the latest first."""
    query = select(FigureLink, StaffMember).join(StaffMember, col(StaffMember.id) == col(FigureLink.member_id))
    found = session.exec(query.order_by(col(FigureLink.id).desc()))
    return [(link, maker) for link, maker in found if all(map(may_see, link.organisations))]


def end_link(
    session: Session, audit: Audit, number: int, may_see: Callable[[str], bool], by: str, now: datetime
) -> None:
    """End a link at once; one that has ended stays as it is. Raises NotFound, alike for one that is not theirs."""
    audit.hold(session)
    row = session.get(FigureLink, number, with_for_update=True)
    if row is None or not all(map(may_see, row.organisations)):
        raise NotFound("there is no such link")
    if row.ended is LinkEnd.NOT:
        row.ended = LinkEnd.REVOKED
        audit.append(session, Action.SHARING_ENDED, at=now, actor=by, details={"link": row.id})


def end_links_beyond(session: Session, member: StaffMember) -> None:
    """End what somebody shared and may not share any more; call it wherever their role or organisation changes."""
    query = select(FigureLink).where(col(FigureLink.member_id) == member.id)
    for row in session.exec(query.where(col(FigureLink.ended) == LinkEnd.NOT)).all():
        if not may_share(member, row.organisations):
            row.ended = LinkEnd.MAKER


def may_share(member: StaffMember, organisations: Sequence[str]) -> bool:
    """Tell whether somebody may show the figures of some organisations to others."""
    sees_all = all(member.organisation in ("", slug) for slug in organisations)
    return member.is_active and member.role.covers(NEEDS) and sees_all


def live_link(session: Session, secret: str, now: datetime) -> FigureLink | None:
    """Return the link of a secret; None for one that is unknown, over or ended.

    It is looked up by its digest: how long that takes says nothing about how much of a guess was right.
    """
    if len(secret) > _LONGEST_SECRET or not secret.isascii():
        return None
    row = session.exec(select(FigureLink).where(col(FigureLink.digest) == digest(secret))).first()
    maker = session.get(StaffMember, row.member_id) if row else None
    return row if row and maker and state_of(row, maker, now) == "open" else None


def note_opening(session: Session, audit: Audit, link: FigureLink, zone: ZoneInfo, now: datetime) -> None:
    """Count that a link was opened; the first time of a day is on record."""
    is_first = _is_first_of_day(link, zone, now)
    if is_first:
        audit.hold(session)
    row = session.get_one(FigureLink, link.id, with_for_update=True)
    if is_first and _is_first_of_day(row, zone, now):
        audit.append(session, Action.FIGURES_OPENED, at=now, actor=GUEST, details={"link": row.id})
    row.opened, row.last_opened_at = row.opened + 1, now


def state_of(row: FigureLink, maker: StaffMember, now: datetime) -> str:
    """Return how a link stands, in words."""
    if row.ended is LinkEnd.REVOKED:
        return "revoked"
    if row.ended is LinkEnd.MAKER or not may_share(maker, row.organisations):
        return "ended with its maker's rights"
    return "over" if now >= row.expires_at else "open"


def forget_links(session: Session, now: datetime) -> None:
    """Erase links whose last day is long over."""
    session.exec(delete(FigureLink).where(col(FigureLink.expires_at) <= now - _KEPT))


def _is_first_of_day(link: FigureLink, zone: ZoneInfo, now: datetime) -> bool:
    last = link.last_opened_at
    return last is None or last.astimezone(zone).date() != now.astimezone(zone).date()
