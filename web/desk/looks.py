"""Who else has a case open just now, in words."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from models.accounts import StaffMember
from models.casework import CaseLook

_LATELY = timedelta(minutes=15)
_FORGOTTEN = timedelta(days=1)


def look(session: Session, case_id: int, member_id: int, now: datetime) -> None:
    """Note that somebody looks, in a transaction that has written to the audit chain: no two get here at once."""
    session.exec(delete(CaseLook).where(col(CaseLook.case_id) == case_id, col(CaseLook.at) < now - _FORGOTTEN))
    found = session.get(CaseLook, (case_id, member_id))
    if found is None:
        session.add(CaseLook(case_id=case_id, member_id=member_id, at=now))
    else:
        found.at = now


def others_looking(session: Session, case_id: int, member_id: int, now: datetime) -> list[str]:
    """Return who else looked a short while ago, the latest first: "ben looked here 2 minutes ago"."""
    query = select(StaffMember.name, CaseLook.at).join(CaseLook, col(CaseLook.member_id) == col(StaffMember.id))
    query = query.where(col(CaseLook.case_id) == case_id, col(CaseLook.member_id) != member_id)
    query = query.where(col(CaseLook.at) > now - _LATELY).order_by(col(CaseLook.at).desc())
    return [f"{name} looked here {_ago(now - at)}" for name, at in session.exec(query)]


def _ago(passed: timedelta) -> str:
    minutes = int(passed.total_seconds() // 60)
    return "just now" if minutes < 1 else f"{minutes} minute{'' if minutes == 1 else 's'} ago"
