"""`RequestItem.is_owed` as a condition of queries: open items, and decided ones whose answer has not gone out."""

from sqlalchemy import ColumnElement
from sqlmodel import col, or_

from models.case import TOLD_BY_LETTER, RequestItem


def is_owed() -> ColumnElement[bool]:
    """Return the condition on items."""
    is_untold = col(RequestItem.told_at).is_(None) & col(RequestItem.result).in_(sorted(TOLD_BY_LETTER))
    return or_(col(RequestItem.result).is_(None), is_untold)
