"""Staff accounts by command: the deeds of `web/desk/members.py`, at this moment, and the list."""

from sqlmodel import Session, col, select

from models.accounts import StaffMember
from models.staff import Role
from store.clock import utc_now
from store.vault import Vault
from web.desk import members
from web.desk.members import Given, Newcomer, change_member, reset_member

__all__ = ["Given", "add_member", "change_member", "member_rows", "reset_member"]


def add_member(
    session: Session,
    vault: Vault,
    name: str,
    role: Role,
    organisation: str,
    *,
    with_codes: bool,
    must_choose: bool = True,
) -> Given:
    """Add somebody who may log in; raises NotAllowed for a name that is taken or empty."""
    newcomer = Newcomer(name, role, organisation, must_choose)
    return members.add_member(session, vault, newcomer, utc_now(), with_codes=with_codes)


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
