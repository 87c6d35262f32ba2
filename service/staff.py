"""Staff accounts: made and changed on the command line; everything else is on the desk. One transaction each."""

import secrets
from dataclasses import dataclass

import pyotp
from sqlmodel import Session, col, delete, select

from models.accounts import StaffMember, StaffSession
from models.errors import NotAllowed, NotFound
from models.staff import REQUESTER, Role
from store.clock import utc_now
from store.vault import Vault
from web.desk.accounts import hashed, recovery_codes

_NOT_STAFF = {REQUESTER.name, "rightsdesk"}


@dataclass(frozen=True, slots=True)
class Given:
    """What is told once, and kept only as hashes: a first password, and what one-time codes need."""

    password: str
    totp_address: str = ""
    """For an authenticator (otpauth://); '' where no codes are asked for."""
    recovery: tuple[str, ...] = ()


def add_member(session: Session, vault: Vault, name: str, role: Role, organisation: str, *, with_codes: bool) -> Given:
    """Add somebody who may log in; raises NotAllowed for a name that is taken or empty."""
    if not name.strip() or len(name) > 80:
        raise NotAllowed("a name has 1 to 80 characters")
    if name.strip().casefold() in _NOT_STAFF or name.strip().casefold().startswith("api:"):
        raise NotAllowed(f"{name.strip()} stands in timelines for somebody who is not of the staff")
    if session.exec(select(StaffMember).where(col(StaffMember.name) == name.strip())).first():
        raise NotAllowed(f"there is somebody called {name} already")
    member = StaffMember(
        name=name.strip(), role=role, organisation=organisation, password_hash="", created_at=utc_now()
    )
    given = _new_secrets(member, vault, with_codes=with_codes)
    session.add(member)
    return given


def reset_member(session: Session, vault: Vault, name: str, *, with_codes: bool) -> Given:
    """Give somebody a new password and new codes, and end their sessions; raises NotFound."""
    member = _named(session, name)
    given = _new_secrets(member, vault, with_codes=with_codes)
    member.failed_logins, member.locked_until, member.must_change_password = 0, None, True
    _end_sessions(session, member)
    return given


def change_member(session: Session, name: str, role: Role | None, *, is_active: bool) -> None:
    """Give somebody another role, or switch them on or off, and end their sessions; raises NotFound."""
    member = _named(session, name)
    member.role, member.is_active = role or member.role, is_active
    _end_sessions(session, member)


def member_rows(session: Session) -> list[dict[str, object]]:
    """Return everybody who may log in, by name."""
    return [
        {
            "name": one.name,
            "role": one.role.value,
            "organisation": one.organisation or "all",
            "codes": one.totp_sealed is not None,
            "active": one.is_active,
            "last_login_at": one.last_login_at.strftime("%Y-%m-%dT%H:%M:%SZ") if one.last_login_at else None,
        }
        for one in session.exec(select(StaffMember).order_by(col(StaffMember.name)))
    ]


def _new_secrets(member: StaffMember, vault: Vault, *, with_codes: bool) -> Given:
    password = secrets.token_urlsafe(18)
    member.password_hash, member.totp_sealed, member.recovery_hashes = hashed(password), None, []
    if not with_codes:
        return Given(password)
    secret = pyotp.random_base32()
    codes, member.recovery_hashes = recovery_codes()
    member.totp_sealed, member.totp_used_step = vault.seal_secret(secret.encode()), 0
    address = pyotp.TOTP(secret).provisioning_uri(name=member.name, issuer_name="rightsdesk")
    return Given(password, address, tuple(codes))


def _named(session: Session, name: str) -> StaffMember:
    member = session.exec(select(StaffMember).where(col(StaffMember.name) == name.strip())).first()
    if member is None:
        raise NotFound(f"there is nobody called {name}; `rightsdesk user list` shows who may log in")
    return member


def _end_sessions(session: Session, member: StaffMember) -> None:
    session.exec(delete(StaffSession).where(col(StaffSession.member_id) == member.id))
