"""The links by which people without an account look at figures: made, listed and revoked by managers."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.periods import Period, Span
from models.errors import NotAllowed
from models.sharing import FigureLink
from web.desk.accounts import Visitor
from web.desk.figure_choice import Choice, chosen, zone_of
from web.desk.figure_links import LONGEST, LONGEST_NAME, NEEDS, USUAL, Sharer, Wish, add_link, end_link, links, state_of
from web.desk.forms import Filled, one
from web.desk.pages import FilledForm, Number, Pages, to


@dataclass(frozen=True, slots=True)
class FigureLinkPages:
    """The page of links to the figures."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/dashboard/links", self.show, response_class=HTMLResponse)
        app.add_api_route("/dashboard/links", self.add, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/dashboard/links/{number}/revoke", self.revoke, methods=["POST"])

    def show(self, request: Request) -> Response:
        """Show the links, and the form for another that shows what was chosen on the dashboard."""
        who = self.pages.visitor_as(request, NEEDS)
        return self._shown(request, who, {})

    def add(self, request: Request, filled: FilledForm) -> Response:
        """Make a link and show it, this once; what cannot be is told with what was filled in kept."""
        who, parts = self.pages.visitor_as(request, NEEDS), self.pages.parts
        self.pages.check_form(request, who, filled)
        try:
            wish = _wish(chosen(request, who, parts), filled)
            with parts.database.transaction() as session:
                secret = add_link(session, parts.audit, wish, Sharer(who.member_id, who.name), parts.now())
        except NotAllowed as error:
            return self._shown(request, who, filled, problem=str(error))
        base = parts.page.base_url or str(request.base_url)
        return self._shown(request, who, filled, told=f"{base.rstrip('/')}/shared/{secret}")

    def revoke(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """End a link; one of another organisation is as if it were not there."""
        who, parts = self.pages.visitor_as(request, NEEDS), self.pages.parts
        self.pages.check_form(request, who, filled)
        with parts.database.transaction() as session:
            end_link(session, parts.audit, number, who.may_see, who.name, parts.now())
        return to("/dashboard/links")

    def _shown(self, request: Request, who: Visitor, filled: Filled, *, told: str = "", problem: str = "") -> Response:
        choice = chosen(request, who, self.pages.parts)
        with self.pages.parts.database.reading() as session:
            rows = [(link, maker, state_of(link, maker, choice.now)) for link, maker in links(session, who.may_see)]
            return self.pages.page(
                "figure_links.html",
                who,
                409 if problem else 200,
                choice=choice,
                covers=choice.covers,
                rows=rows,
                periods={link.id: period_words(link) for link, _, _ in rows},
                days={link.id: last_day(link, self._zone(link)) for link, _, _ in rows},
                usual=choice.today + USUAL,
                latest=choice.today + LONGEST,
                most_days=LONGEST.days,
                longest_name=LONGEST_NAME,
                filled={name: one(filled, name) for name in ("name", "shows", "expires")},
                told=told,
                problem=problem,
            )

    def _zone(self, link: FigureLink) -> ZoneInfo:
        own = self.pages.parts.organisations(lambda slug: slug in link.organisations)
        return zone_of(next(iter(own.values()), None))


def period_words(link: FigureLink) -> str:
    """Return which period a link shows."""
    return Period(Span(link.span), link.first).name if link.first else f"the {link.span} of the day"


def last_day(link: FigureLink, zone: ZoneInfo) -> date:
    """Return the last day of a link, by the clocks of its first organisation."""
    return (link.expires_at - timedelta(seconds=1)).astimezone(zone).date()


def _wish(choice: Choice, filled: Filled) -> Wish:
    try:
        last = date.fromisoformat(one(filled, "expires"))
        ends = datetime.combine(last + timedelta(days=1), time.min, choice.zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotAllowed("say its last day, written YYYY-MM-DD") from error
    if one(filled, "shows") not in ("fixed", "moving"):
        raise NotAllowed("choose the period")
    first = choice.period.first if one(filled, "shows") == "fixed" else None
    return Wish(one(filled, "name"), choice.slugs, choice.period.span, first, ends)
