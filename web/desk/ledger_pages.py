"""The ledger of received mail, and how reading goes."""

from dataclasses import dataclass
from datetime import date

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.backlog import backlogs
from cases.ledger import REACH, LedgerFilters, ledger
from models.message import Outcome
from models.verdict import Label
from web.desk.accounts import Visitor
from web.desk.pages import Pages, clean, page_number


@dataclass(frozen=True, slots=True)
class LedgerPages:
    """The ledger."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the page to an application."""
        app.add_api_route("/mail", self.ledger, response_class=HTMLResponse)

    def ledger(self, request: Request) -> Response:
        """Show the ledger, the last received first: what became of every mail, and why."""
        who, parts = self.pages.visitor(request), self.pages.parts
        filters = _filters(request, who)
        boxes = [box for box in parts.mailboxes if who.may_see(box.organisation.slug)]
        zones = {box.name: box.timezone for box in boxes}
        with parts.database.reading() as session:
            return self.pages.page(
                "ledger.html",
                who,
                ledger=ledger(session, filters, zones),
                filters=filters,
                mailboxes=sorted({*zones, filters.mailbox} - {""}),
                zones=sorted(set(zones.values())),
                looked_through=REACH.looked_through,
                outcomes=Outcome,
                labels=Label,
                polls=[poll for poll in parts.polls() if who.may_see(poll.organisation)],
                backlogs=backlogs(session, who.organisation),
                now=parts.now(),
            )


def _filters(request: Request, who: Visitor) -> LedgerFilters:
    asked = request.query_params
    return LedgerFilters(
        organisation=who.organisation,
        outcome=asked.get("outcome", ""),
        mailbox=clean(asked.get("mailbox", ""))[:100],
        label=asked.get("label", ""),
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        words=clean(asked.get("q", ""))[:200].strip(),
        page=page_number(request),
    )


def _day(text: str) -> str:
    """Return a day as YYYY-MM-DD, '' for nonsense; the first and the last there is have no day beside them."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return day.isoformat() if date.min.year < day.year < date.max.year else ""
