"""The first page of administration: what there is to administrate, how the mailboxes stand, which versions run."""

from dataclasses import dataclass
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session, col, func, select

from models.message import Message, Outcome
from models.organisation import Mailbox
from store.database import ping
from store.schema import schema_version
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, organisations
from web.desk.pages import Pages


@dataclass(frozen=True, slots=True)
class ShownState:
    """How a mailbox stands."""

    mailbox: Mailbox
    state: str
    is_well: bool
    pending: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class IndexPages:
    """The first page."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the page to an application."""
        app.add_api_route("/admin", self.index, response_class=HTMLResponse)

    def index(self, request: Request) -> Response:
        """Show what there is."""
        who, parts = administrator(self.pages, request), self.pages.parts
        boxes = [box for box in parts.mailboxes if who.may_see(box.organisation.slug)]
        with parts.database.reading() as session:
            states = [self._state(session, box) for box in boxes]
        return self.pages.page(
            "admin/index.html",
            who,
            states=states,
            has_organisation=bool(organisations(self.pages, who)),
            versions=self._versions(who),
        )

    def _state(self, session: Session, box: Mailbox) -> ShownState:
        issue = self.pages.parts.issue_of(box) if box.is_read else ""
        counted = [
            session.exec(
                select(func.count()).where(col(Message.mailbox) == box.name, col(Message.outcome) == outcome)
            ).one()
            for outcome in (Outcome.PENDING, Outcome.QUARANTINE)
        ]
        words = issue or ("read" if box.is_read else "switched off")
        return ShownState(box, words, not issue, counted[0], counted[1])

    def _versions(self, who: Visitor) -> dict[str, str]:
        """Return the versions that run, for administrators of the whole desk."""
        if who.organisation:
            return {}
        parts = self.pages.parts
        return {
            "Program": version("rightsdesk"),
            "Model": parts.model_version(),
            "Schema": schema_version(parts.database) or "",
            "Database": ping(parts.database),
        }
