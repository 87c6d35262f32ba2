"""Saved views of the queue: filters under a name, one's own or shared with all who see the same cases."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from sqlmodel import Session, col, or_, select

from models.accounts import StaffMember
from models.errors import NotAllowed, NotFound
from models.views import SavedView
from web.desk.accounts import Visitor

_MOST = 30


def views_of(session: Session, who: Visitor) -> Sequence[SavedView]:
    """Return the views that somebody sees, by name."""
    is_theirs = col(SavedView.is_shared) & col(SavedView.organisation).in_(["", who.organisation])
    query = select(SavedView).where(or_(col(SavedView.member_id) == who.member_id, is_theirs))
    return session.exec(query.order_by(col(SavedView.name), col(SavedView.id))).all()


def save_view(session: Session, who: Visitor, name: str, query: str, *, is_shared: bool) -> None:
    """Keep filters under a name; raises NotAllowed where there is no name, no filter, or too many views."""
    name, filters = " ".join(name.split())[:60], parse_qsl(query)
    if not name:
        raise NotAllowed("the view has no name")
    if not filters:
        raise NotAllowed("set a filter first: without one the view is the queue itself")
    session.get(StaffMember, who.member_id, with_for_update=True)  # of two tabs the second sees what the first kept
    own = select(SavedView).where(col(SavedView.member_id) == who.member_id)
    mine = session.exec(own).all()
    kept = next((one for one in mine if one.name == name), None)
    if kept is None and len(mine) >= _MOST:
        raise NotAllowed(f"{_MOST} views are the most: delete one first")
    view = kept or SavedView(member_id=who.member_id, name=name, query="")
    view.query, view.is_shared, view.organisation = urlencode(filters), is_shared, who.organisation
    session.add(view)


def delete_view(session: Session, who: Visitor, number: int) -> None:
    """Delete one's own view; raises NotFound."""
    view = session.get(SavedView, number)
    if view is None or view.member_id != who.member_id:
        raise NotFound("there is no such view of yours")
    session.delete(view)
