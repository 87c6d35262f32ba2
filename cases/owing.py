"""Which items still owe the person something: open ones, and decided ones whose answer has not gone out."""

from sqlalchemy import ColumnElement
from sqlmodel import col, or_

from models.case import TOLD_BY_LETTER, RequestItem


def is_owed() -> ColumnElement[bool]:
    """Return the condition on items."""
    is_untold = col(RequestItem.told_at).is_(None) & col(RequestItem.result).in_(sorted(TOLD_BY_LETTER))
    return or_(col(RequestItem.result).is_(None), is_untold)


def owes(item: RequestItem) -> bool:
    """Tell the same of one item."""
    return item.result is None or (item.told_at is None and item.result in TOLD_BY_LETTER)
