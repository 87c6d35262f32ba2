"""Logging in: lock-out and sessions. Passwords are in `passwords.py`, one-time codes in `codes.py`.

What went wrong is never told apart: a wrong name, a wrong password and a locked account look alike from outside.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from models.accounts import StaffMember, StaffSession
from models.audit import Action
from models.errors import NotAllowed
from models.staff import Actor, Role
from store.audit import Audit
from store.vault import Vault
from web.desk.codes import code_fits, digest
from web.desk.passwords import check_password, fits, hashed

_MOST_FAILURES = 5
_LOCKED = timedelta(minutes=15)
_IDLE, _AT_MOST = timedelta(hours=1), timedelta(hours=12)
_HANDLE = 16
"""How much of a session's digest names it on a page: enough to tell one's own apart, useless for logging in."""
_BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari")
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS X", "Linux")


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in, and the secret of their forms."""

    member_id: int
    name: str
    role: Role
    organisation: str
    csrf: str
    must_change_password: bool
    seen_at: datetime
    """When they last did something, to the minute."""
    has_codes: bool = True
    """A second factor: one-time codes, or that of the identity provider."""
    is_local: bool = True
    """Logs in with a password of this desk."""
    session: str = ""
    """The handle of this log-in."""
    token_id: None = None
    """No program."""

    @property
    def actor(self) -> Actor:
        """Return them as casework knows them."""
        return Actor(self.name, self.role)

    def may_see(self, organisation: str) -> bool:
        """Tell whether an organisation's cases are theirs to see."""
        return self.organisation in ("", organisation)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to log in, its password compared already."""

    name: str
    fits: bool
    code: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A log-in of somebody, as they recognise it."""

    handle: str
    browser: str
    created_at: datetime
    last_seen_at: datetime


def kept_password(session: Session, name: str) -> str:
    """Return what is kept of a member's password, '' for nobody: compared outside of transactions, as it takes long."""
    return session.exec(select(StaffMember.password_hash).where(col(StaffMember.name) == name.strip())).first() or ""


def log_in(session: Session, vault: Vault, audit: Audit, attempt: Attempt, now: datetime) -> str | None:
    """Return the token of a new session, None where name, password or code are wrong, or the account is locked."""
    name = attempt.name.strip()
    member = session.exec(select(StaffMember).where(col(StaffMember.name) == name).with_for_update()).first()
    if member is None or not member.is_active:
        return None
    if member.locked_until and now < member.locked_until:
        audit.append(session, Action.LOGIN_FAILED, at=now, actor=member.name, details={"why": "locked"})
        return None
    if not attempt.fits or not code_fits(member, vault, attempt.code, now):
        _count_failure(member, now)
        audit.append(session, Action.LOGIN_FAILED, at=now, actor=member.name)
        return None
    member.failed_logins, member.locked_until = 0, None
    return begin_session(session, audit, member, attempt.browser, now)


def begin_session(session: Session, audit: Audit, member: StaffMember, browser: str, now: datetime) -> str:
    """Return the token of a new session of somebody who has proved who they are."""
    member.last_login_at = now
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        token_digest=digest(token),
        member_id=member.id or 0,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        last_seen_at=now,
        browser=browser,
    )
    session.add(row)
    audit.append(session, Action.LOGGED_IN, at=now, actor=member.name)
    return token


def visitor(session: Session, token: str, now: datetime) -> Visitor | None:
    """Return who a cookie's token stands for; None where it is unknown or too old, or they were switched off."""
    found = session.get(StaffSession, digest(token))
    if found is None or _is_over(found, now):
        return None
    member = session.get(StaffMember, found.member_id)
    if member is None or not member.is_active:
        return None
    is_local = member.oidc_subject is None
    return Visitor(
        member_id=member.id or 0,
        name=member.name,
        role=member.role,
        organisation=member.organisation,
        csrf=found.csrf,
        must_change_password=member.must_change_password and is_local,
        has_codes=member.totp_sealed is not None or not is_local,
        is_local=is_local,
        session=found.token_digest[:_HANDLE],
        seen_at=found.last_seen_at,
    )


def note_sign_of_life(session: Session, token: str, now: datetime) -> None:
    """Note that somebody is there, which keeps them logged in."""
    found = session.get(StaffSession, digest(token))
    if found is not None:
        found.last_seen_at = now


def names_of(session: Session, who: Visitor) -> list[str]:
    """Return the names of those who work on the cases that somebody sees, their own first."""
    query = select(StaffMember.name).where(col(StaffMember.is_active), col(StaffMember.role) != Role.AUDITOR)
    if who.organisation:
        query = query.where(col(StaffMember.organisation).in_(["", who.organisation]))
    return sorted(session.exec(query), key=lambda name: (name != who.name, name))


def log_out(session: Session, token: str) -> None:
    """End a session."""
    session.exec(delete(StaffSession).where(col(StaffSession.token_digest) == digest(token)))


def sessions_of(session: Session, member_id: int, now: datetime) -> list[OpenSession]:
    """Return the log-ins of a member that still count, the last one first."""
    query = select(StaffSession).where(col(StaffSession.member_id) == member_id)
    rows = session.exec(query.order_by(col(StaffSession.created_at).desc())).all()
    return [
        OpenSession(one.token_digest[:_HANDLE], one.browser, one.created_at, one.last_seen_at)
        for one in rows
        if not _is_over(one, now)
    ]


def end_sessions(session: Session, member_id: int, *, only: str = "", but: str = "") -> None:
    """End the log-ins of a member: all, only the one with a handle, or all but that one."""
    query = delete(StaffSession).where(col(StaffSession.member_id) == member_id)
    if only:
        query = query.where(col(StaffSession.token_digest).startswith(only, autoescape=True))
    if but:
        query = query.where(~col(StaffSession.token_digest).startswith(but, autoescape=True))
    session.exec(query)


def change_password(session: Session, member_id: int, new: str, names: Sequence[str]) -> None:
    """Give a member another password, which ends all their sessions; raises NotAllowed."""
    check_password(new, names)
    member = session.get(StaffMember, member_id, with_for_update=True)
    if member is None:
        raise NotAllowed("this account is gone")
    if fits(member.password_hash, new):
        raise NotAllowed("that is the password so far")
    member.password_hash, member.must_change_password = hashed(new), False
    end_sessions(session, member_id)


def browser_words(agent: str) -> str:
    """Return which browser a User-Agent says it is, on which system: "Firefox on Linux"."""
    name = next((one for one in _BROWSERS if f"{one}/" in agent), "a browser")
    system = next((one for one in _SYSTEMS if re.search(rf"\b{one}\b", agent)), "")
    words = {"Edg": "Edge", "OPR": "Opera"}.get(name, name)
    return f"{words} on {system.replace('Mac OS X', 'a Mac')}" if system else words


def _is_over(one: StaffSession, now: datetime) -> bool:
    return now - one.last_seen_at > _IDLE or now - one.created_at > _AT_MOST


def _count_failure(member: StaffMember, now: datetime) -> None:
    member.failed_logins += 1
    if member.failed_logins >= _MOST_FAILURES:
        member.failed_logins, member.locked_until = 0, now + _LOCKED
