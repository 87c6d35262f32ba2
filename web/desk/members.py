"""Who may log in: added, changed, switched off and helped by an administrator, on the desk or by command.

There is always somebody left who may do that: the last administrator of the whole desk cannot be switched off or
demoted.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from models.accounts import StaffMember
from models.errors import NotAllowed, NotFound
from models.staff import GUEST, REQUESTER, Role
from store.audit import hold_chain
from store.vault import Vault
from web.desk.accounts import end_sessions
from web.desk.codes import new_secret, provisioning_address, recovery_codes
from web.desk.figure_links import end_links_beyond
from web.desk.passwords import hashed

LONGEST_NAME = 80
_NOT_STAFF = {REQUESTER.name, GUEST, "rightsdesk"}


@dataclass(frozen=True, slots=True)
class Given:
    """What is told once, and kept only as hashes: a first password, and what one-time codes need."""

    password: str
    totp_address: str = ""
    """For an authenticator (otpauth://); '' where no codes are asked for."""
    recovery: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to log in."""

    name: str
    role: Role
    organisation: str = ""
    must_choose: bool = True
    """They choose a password of their own before anything else."""


def add_member(session: Session, vault: Vault, who: Newcomer, now: datetime, *, with_codes: bool) -> Given:
    """Add somebody who may log in; raises NotAllowed for a name that is taken or empty."""
    member = new_member(session, who, now)
    given = _new_secrets(member, vault, with_codes=with_codes)
    session.add(member)
    return given


def new_member(session: Session, who: Newcomer, now: datetime) -> StaffMember:
    """Return a member without secrets, not yet added; raises NotAllowed for a name that is taken or empty."""
    name = " ".join(who.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotAllowed(f"a name has 1 to {LONGEST_NAME} characters")
    if name.casefold() in _NOT_STAFF or name.casefold().startswith("api:"):
        raise NotAllowed(f"{name} stands in timelines for somebody who is not of the staff")
    hold_chain(session)
    if session.exec(select(StaffMember).where(col(StaffMember.name) == name)).first():
        raise NotAllowed(f"there is somebody called {name} already")
    return StaffMember(
        name=name,
        role=who.role,
        organisation=who.organisation,
        password_hash="",
        must_change_password=who.must_choose,
        created_at=now,
    )


def reset_member(session: Session, vault: Vault, name: str, *, with_codes: bool) -> Given:
    """Give somebody a new password and new codes, and end their sessions; raises NotFound or NotAllowed."""
    member = member_named(session, name)
    if member.oidc_subject is not None:
        raise NotAllowed(f"{member.name} logs in by the identity provider: passwords and codes are changed there")
    given = _new_secrets(member, vault, with_codes=with_codes)
    member.failed_logins, member.locked_until, member.must_change_password = 0, None, True
    end_sessions(session, member.id or 0)
    return given


def change_member(
    session: Session, name: str, role: Role | None, *, is_active: bool, organisation: str | None = None
) -> None:
    """Give somebody another role or organisation, or switch them on or off.

    That ends their sessions, and the links to figures that they may not share any more.

    Raises NotFound, or NotAllowed where nobody would be left to administrate the desk.
    """
    member = member_named(session, name)
    role, organisation = role or member.role, member.organisation if organisation is None else organisation
    stays = is_active and role is Role.ADMINISTRATOR and not organisation
    if _administrates(member) and not stays and len(administrators(session)) < 2:
        raise NotAllowed("nobody else is administrator of the whole desk: make somebody else one first")
    member.role, member.organisation, member.is_active = role, organisation, is_active
    end_sessions(session, member.id or 0)
    end_links_beyond(session, member)


def administrators(session: Session) -> Sequence[StaffMember]:
    """Return who may administrate the whole desk, locked until the transaction ends."""
    query = select(StaffMember).where(col(StaffMember.role) == Role.ADMINISTRATOR, col(StaffMember.organisation) == "")
    return session.exec(query.where(col(StaffMember.is_active)).order_by(col(StaffMember.id)).with_for_update()).all()


def is_anybody_there(session: Session) -> bool:
    """Tell whether there is a member at all."""
    return session.exec(select(func.count()).select_from(StaffMember)).one() > 0


def member_named(session: Session, name: str) -> StaffMember:
    """Return a member, locked until the transaction ends; raises NotFound."""
    query = select(StaffMember).where(col(StaffMember.name) == name.strip()).with_for_update()
    member = session.exec(query).first()
    if member is None:
        raise NotFound(f"there is nobody called {name}; `rightsdesk user list` shows who may log in")
    return member


def _administrates(member: StaffMember) -> bool:
    return member.is_active and member.role is Role.ADMINISTRATOR and not member.organisation


def _new_secrets(member: StaffMember, vault: Vault, *, with_codes: bool) -> Given:
    password = secrets.token_urlsafe(18)
    member.password_hash, member.recovery_hashes = hashed(password), []
    member.totp_sealed = member.totp_pending = None
    if not with_codes:
        return Given(password)
    secret = new_secret()
    codes, member.recovery_hashes = recovery_codes()
    member.totp_sealed, member.totp_used_step = vault.seal_secret(secret.encode()), 0
    return Given(password, provisioning_address(secret, member.name), tuple(codes))
