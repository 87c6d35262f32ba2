"""The audit chain: who did what, by case, person, deed and day; and whether the chain holds.

Administrators of one organisation see the entries of its cases and mails alone.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from models.audit import Action, AuditEntry
from models.case import Case
from models.message import Message
from models.outbox import OutboxMail
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, whole_desk
from web.desk.pages import FilledForm, Pages, clean, page_number

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Sought:
    """What entries are looked for, as the address says."""

    case: str
    actor: str
    action: str
    day: str

    def query(self, page: int) -> dict[str, object]:
        """Return the parts of the address of a page."""
        parts = {"case": self.case, "actor": self.actor, "action": self.action, "day": self.day, "page": page}
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True, slots=True)
class AuditPages:
    """The entries, and the check of the chain."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/admin/audit", self.entries, response_class=HTMLResponse)
        app.add_api_route("/admin/audit", self.verify, methods=["POST"], response_class=HTMLResponse)

    def entries(self, request: Request) -> Response:
        """Show entries, the last first."""
        return self._entries(request, administrator(self.pages, request))

    def verify(self, request: Request, filled: FilledForm) -> Response:
        """Check the whole chain."""
        who = administrator(self.pages, request, filled)
        whole_desk(who)
        with self.pages.parts.database.reading() as session:
            found = self.pages.parts.audit.verify(session)
        told = f"The chain is whole: {found.entries} entries." if found.is_intact else ""
        return self._entries(request, who, told, "" if found.is_intact else f"The chain is broken: {found.problem}.")

    def _entries(self, request: Request, who: Visitor, told: str = "", problem: str = "") -> Response:
        asked = {
            name: clean(request.query_params.get(name, "")).strip()[:100] for name in ("case", "actor", "action", "day")
        }
        sought, page = Sought(**asked), page_number(request)
        with self.pages.parts.database.reading() as session:
            wanted = [*self._conditions(sought, who), *_own(who)]
            count = session.exec(select(func.count()).select_from(AuditEntry).where(*wanted)).one()
            query = select(AuditEntry).where(*wanted).order_by(col(AuditEntry.seq).desc())
            rows = session.exec(query.offset((page - 1) * _PAGE).limit(_PAGE)).all()
            return self.pages.page(
                "admin/audit.html",
                who,
                rows=rows,
                references=_references(session, rows),
                details={row.seq: _words(row.details) for row in rows},
                count=count,
                page=page,
                pages=max((count + _PAGE - 1) // _PAGE, 1),
                sought=sought,
                actions=Action,
                told=told,
                problem=problem,
            )

    def _conditions(self, sought: Sought, who: Visitor) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if sought.case:
            ids = select(Case.id).where(col(Case.reference) == sought.case.upper())
            wanted.append(col(AuditEntry.case_id).in_(ids))
        if sought.actor:
            wanted.append(col(AuditEntry.actor) == sought.actor)
        if sought.action in set(Action):
            wanted.append(col(AuditEntry.action) == Action(sought.action))
        try:
            day = date.fromisoformat(sought.day)
            begin = datetime.combine(day, time(), ZoneInfo(self.pages.zone(who)))
            wanted += [col(AuditEntry.at) >= begin, col(AuditEntry.at) < begin + timedelta(days=1)]
        except (ValueError, OverflowError):
            pass  # no day, or none that exists: all days
        return wanted


def _own(who: Visitor) -> list[ColumnElement[bool]]:
    if not who.organisation:
        return []
    own: list[tuple[Any, Any]] = [
        (AuditEntry.case_id, select(Case.id).where(col(Case.organisation) == who.organisation)),
        (AuditEntry.message_id, select(Message.id).where(col(Message.organisation) == who.organisation)),
        (AuditEntry.outbox_id, select(OutboxMail.id).where(col(OutboxMail.organisation) == who.organisation)),
    ]
    return [or_(*(col(column).in_(ids) for column, ids in own))]


def _references(session: Session, rows: Any) -> dict[int, str]:
    """Return the references of the cases that entries are about."""
    ids = {row.case_id for row in rows if row.case_id is not None}
    found = session.exec(select(Case.id, Case.reference).where(col(Case.id).in_(ids))) if ids else ()
    return {number: reference for number, reference in found if number is not None}


def _words(details: str) -> str:
    """Return the details of an entry as names and values."""
    found = json.loads(details).items()
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found if value not in ("", None, []))
