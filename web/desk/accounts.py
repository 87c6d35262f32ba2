"""Logging in: passwords, one-time codes, lock-out, sessions.

Passwords are hashed with Argon2id (OWASP); length and blocklist follow NIST SP 800-63B-4. What went wrong is never told
apart: a wrong name, a wrong password and a locked account look alike from outside.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlmodel import Session, col, delete, select

from models.accounts import StaffMember, StaffSession
from models.errors import NotAllowed
from models.staff import Actor, Role
from store.vault import Vault

SHORTEST = 15
"""Characters, where a password stands alone (NIST SP 800-63B-4, 3.1.1.2)."""
_LONGEST = 256
_MOST_FAILURES = 5
_LOCKED = timedelta(minutes=15)
_IDLE, _AT_MOST = timedelta(hours=1), timedelta(hours=12)
_COMMON = frozenset(
    {"passwordpassword", "123456789012345", "1234567890123456", "qwertyuiopasdfgh", "correcthorsebatterystaple"}
)
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_urlsafe(16))
"""Checked against for unknown names, so that they take as long."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is logged in, and the secret of their forms."""

    member_id: int
    name: str
    role: Role
    organisation: str
    csrf: str
    must_change_password: bool

    @property
    def actor(self) -> Actor:
        """Return them as casework knows them."""
        return Actor(self.name, self.role)

    def may_see(self, organisation: str) -> bool:
        """Tell whether an organisation's cases are theirs to see."""
        return self.organisation in ("", organisation)


def check_password(password: str, name: str) -> None:
    """Raise NotAllowed for a password that is too short, too long, common, or the name."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise NotAllowed(f"a password has {SHORTEST} to {_LONGEST} characters; a few words in a row do well")
    folded = password.casefold()
    repeats = len(set(folded)) < 5
    if folded in _COMMON or repeats or (name and name.casefold() in folded and len(folded) < len(name) + 8):
        raise NotAllowed("this password is too easy to guess")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def log_in(session: Session, vault: Vault, name: str, password: str, code: str, now: datetime) -> str | None:
    """Return the token of a new session, None where name, password or code are wrong, or the account is locked."""
    member = session.exec(select(StaffMember).where(col(StaffMember.name) == name.strip()).with_for_update()).first()
    is_right = _fits(member.password_hash if member else _NOBODY, password)
    if member is None or not member.is_active or (member.locked_until and now < member.locked_until):
        return None
    if not is_right or not _code_fits(member, vault, code, now):
        member.failed_logins += 1
        if member.failed_logins >= _MOST_FAILURES:
            member.failed_logins, member.locked_until = 0, now + _LOCKED
        return None
    member.failed_logins, member.locked_until, member.last_login_at = 0, None, now
    token = secrets.token_urlsafe(32)
    row = StaffSession(
        token_digest=digest_of(token),
        member_id=member.id or 0,
        csrf=secrets.token_urlsafe(24),
        created_at=now,
        last_seen_at=now,
    )
    session.add(row)
    return token


def visitor(session: Session, token: str, now: datetime, *, is_resting: bool = False) -> Visitor | None:
    """Return who a cookie's token stands for; None where it is unknown or too old, or they were switched off."""
    found = session.get(StaffSession, digest_of(token))
    if found is None or now - found.last_seen_at > _IDLE or now - found.created_at > _AT_MOST:
        return None
    member = session.get(StaffMember, found.member_id)
    if member is None or not member.is_active:
        return None
    if not is_resting and now - found.last_seen_at > timedelta(minutes=1):
        found.last_seen_at = now
    return Visitor(
        member.id or 0, member.name, member.role, member.organisation, found.csrf, member.must_change_password
    )


def names_of(session: Session, who: Visitor) -> list[str]:
    """Return the names of those who work on the cases that somebody sees, their own first."""
    query = select(StaffMember.name).where(col(StaffMember.is_active), col(StaffMember.role) != Role.AUDITOR)
    if who.organisation:
        query = query.where(col(StaffMember.organisation).in_(["", who.organisation]))
    return sorted(session.exec(query), key=lambda name: (name != who.name, name))


def log_out(session: Session, token: str) -> None:
    """End a session."""
    session.exec(delete(StaffSession).where(col(StaffSession.token_digest) == digest_of(token)))


def change_password(session: Session, member_id: int, old: str, new: str) -> None:
    """Give a member another password, which ends all their sessions; raises NotAllowed."""
    member = session.get(StaffMember, member_id, with_for_update=True)
    if member is None or not _fits(member.password_hash, old):
        raise NotAllowed("the password so far is another one")
    if old == new:
        raise NotAllowed("that is the password so far")
    check_password(new, member.name)
    member.password_hash, member.must_change_password = hashed(new), False
    session.exec(delete(StaffSession).where(col(StaffSession.member_id) == member_id))


def recovery_codes() -> tuple[list[str], list[str]]:
    """Return fresh codes for when the device with the one-time codes is lost, and what is kept of them."""
    codes = [secrets.token_hex(5) for _ in range(8)]
    return codes, [digest_of(code) for code in codes]


def _code_fits(member: StaffMember, vault: Vault, code: str, now: datetime) -> bool:
    """Tell whether a one-time or recovery code is right; each counts once (RFC 6238, 5.2)."""
    if member.totp_sealed is None:
        return True
    plain = code.replace(" ", "").strip()
    totp = pyotp.TOTP(vault.open_secret(member.totp_sealed).decode())
    for offset in (-1, 0, 1):
        step = totp.timecode(now) + offset
        if step > member.totp_used_step and secrets.compare_digest(totp.generate_otp(step), plain):
            member.totp_used_step = step
            return True
    if digest_of(plain) in member.recovery_hashes:
        member.recovery_hashes = [kept for kept in member.recovery_hashes if kept != digest_of(plain)]
        return True
    return False


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password[: _LONGEST + 1])
    except (Argon2Error, InvalidHashError):
        return False


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
