"""Tokens of programs: made, listed, revoked, recognised. A token is told once; only its digest is kept.

Each function takes an open session. What goes in and out of use is on record in the audit chain.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlmodel import Session, col, select

from models.audit import Action
from models.errors import NotAllowed, NotFound
from models.staff import Actor, Role
from models.tokens import ApiToken, Scope
from store.audit import Audit

LONGEST = timedelta(days=731)
"""How long a token may live: two years."""
_PREFIX = "rd_"
"""By which scanners of published code know one."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True)
class Wish:
    """A token as it is asked for."""

    name: str
    role: Role
    organisation: str
    scopes: Sequence[Scope]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Program:
    """Who comes with a token."""

    token_id: int
    name: str
    role: Role
    organisation: str
    scopes: frozenset[str]
    expires_at: datetime
    last_used_at: datetime | None
    member_id: None = None
    """None of the staff."""

    @property
    def actor(self) -> Actor:
        """Return it as casework and timelines know it."""
        return Actor(f"api:{self.name}", self.role)

    def may_see(self, organisation: str) -> bool:
        """Tell whether an organisation's cases are its to see."""
        return self.organisation in ("", organisation)


def add_token(session: Session, audit: Audit, wish: Wish, by: str, now: datetime) -> str:
    """Add a token and return it, this once; raises NotAllowed for what cannot be."""
    _check(wish, now)
    audit.hold(session)
    if session.exec(select(ApiToken).where(col(ApiToken.name) == wish.name)).first():
        raise NotAllowed(f"there is or was a token called {wish.name}: timelines know it, so take another name")
    token = _PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        name=wish.name,
        digest=_digest(token),
        organisation=wish.organisation,
        role=wish.role,
        scopes=sorted(set(wish.scopes)),
        created_by=by,
        created_at=now,
        expires_at=wish.expires_at,
    )
    session.add(row)
    details = {
        "token": row.name,
        "role": row.role,
        "organisation": row.organisation,
        "scopes": row.scopes,
        "expires_at": row.expires_at,
    }
    audit.append(session, Action.PROGRAM_ADDED, at=now, actor=by, details=details)
    return token


def revoke_token(session: Session, audit: Audit, row: ApiToken, by: str, now: datetime) -> None:
    """End a token at once; one that has ended stays as it is."""
    if row.revoked_at is None:
        row.revoked_at = now
        session.add(row)
        audit.append(session, Action.PROGRAM_REVOKED, at=now, actor=by, details={"token": row.name})


def tokens(session: Session, organisation: str) -> list[ApiToken]:
    """Return the tokens of an organisation, of all for '', by name."""
    query = select(ApiToken).order_by(col(ApiToken.name))
    return list(session.exec(query.where(col(ApiToken.organisation) == organisation) if organisation else query))


def token_named(session: Session, name: str) -> ApiToken:
    """Return a token by its name; raises NotFound."""
    row = session.exec(select(ApiToken).where(col(ApiToken.name) == name)).first()
    if row is None:
        raise NotFound(f"there is no token {name}; `rightsdesk token list` shows them all")
    return row


def program(session: Session, token: str, now: datetime) -> Program | None:
    """Return who comes with a token; None for one that is unknown, expired or revoked.

    It is looked up by its digest: how long that takes says nothing about how much of a guess was right.
    """
    row = session.exec(select(ApiToken).where(col(ApiToken.digest) == _digest(token))).first()
    if row is None or row.revoked_at is not None or now >= row.expires_at:
        return None
    return Program(
        row.id or 0, row.name, row.role, row.organisation, frozenset(row.scopes), row.expires_at, row.last_used_at
    )


def note_use(session: Session, token_id: int, now: datetime) -> None:
    """Remember that a token was used."""
    row = session.get(ApiToken, token_id)
    if row is not None:
        row.last_used_at = now


def day_end(day: date) -> datetime:
    """Return when a token ends whose last day is given: days of tokens are those of UTC."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def state_of(row: ApiToken, now: datetime) -> str:
    """Return how a token stands, in a word."""
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if now >= row.expires_at else "valid"


def _check(wish: Wish, now: datetime) -> None:
    if not _NAME.fullmatch(wish.name):
        raise NotAllowed("a token's name has 1 to 60 letters, digits, '.', '_' or '-'")
    if not wish.scopes:
        raise NotAllowed(f"say what it opens: {', '.join(Scope)}")
    if Scope.CASES_WRITE in wish.scopes and not wish.role.covers(Role.AGENT):
        raise NotAllowed(f"an auditor only looks: {Scope.CASES_WRITE} needs the role {Role.AGENT}")
    if Scope.CALENDAR_READ in wish.scopes and len(set(wish.scopes)) > 1:
        raise NotAllowed(f"{Scope.CALENDAR_READ} stands alone: such a token is part of an address, and opens no more")
    if not now < wish.expires_at <= now + LONGEST:
        raise NotAllowed("a token ends between tomorrow and two years from now")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
