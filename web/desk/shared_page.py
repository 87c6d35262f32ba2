"""The figures as people without an account see them, by a link: no case, no name, no list, no menu, no cookie.

A secret that is unknown, over or ended gets one and the same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.figure_words import WORDS, Words
from cases.figures import standing
from cases.periods import Period, Span, period_of
from models.sharing import FigureLink
from web.addresses import network_of
from web.desk.charts import POLICY, drawn
from web.desk.dashboard_charts import CHARTS, Numbers, chart_named
from web.desk.dashboard_pages import as_of, shown
from web.desk.figure_choice import Choice, caught_up, zone_of
from web.desk.figure_link_pages import last_day
from web.desk.figure_links import live_link, note_opening
from web.desk.headers import GUEST_HEADERS
from web.desk.pages import Pages
from web.rate_limit import RateLimit
from web.throttle import Throttle

_WHILE = timedelta(minutes=5)
_CLOSED = "There is nothing at this address, or not any more. Ask whoever gave it to you for another one."
_TOO_OFTEN = "This was asked for too often. Please try again in a few minutes."
_NOT_FOR_GUESTS = frozenset({"breaches", "most_breaches", "members"})
"""Numbers of the dashboard that name cases or people."""
_MEMBERS = Words(
    "by organisation, mailbox, language",
    "Open and overdue cases as they are now; the rest are requests of the period.",
)
"""Without those who work on cases."""


class TurnedAway(Exception):
    """The link opens nothing, or was asked for too often; seconds to wait, 0 for the former."""

    def __init__(self, seconds: int = 0) -> None:
        """Take how long to wait."""
        super().__init__(str(seconds))
        self.seconds = seconds


@dataclass(frozen=True)
class SharedPage:
    """The page behind a link, and its charts."""

    pages: Pages
    looks: RateLimit = field(default_factory=lambda: RateLimit(300, _WHILE))
    """By address, in this process: a page is one look, and each of its charts."""

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/shared/{secret}", self.show, response_class=HTMLResponse)
        app.add_api_route("/shared/{secret}/chart/{name}.svg", self.chart)

    def show(self, request: Request, secret: str) -> Response:
        """Show the figures; that they were looked at is counted."""
        parts = self.pages.parts
        try:
            link, choice = self._opened(request, secret)
        except TurnedAway as why:
            return self._turned_away(request, why)
        progress = caught_up(parts)
        with parts.database.transaction() as session:
            note_opening(session, parts.audit, link, choice.zone, choice.now)
        with parts.database.reading() as session:
            values = for_guests(shown(session, choice))
        answer = self.pages.page(
            "shared.html",
            None,
            choice=choice,
            covers=choice.covers,
            last_day=last_day(link, choice.zone),
            progress=progress,
            as_of=as_of(progress, choice),
            charts_at=f"/shared/{secret}/chart/",
            asked={},
            leads=False,
            words=WORDS,
            **values,
        )
        answer.headers.update(GUEST_HEADERS)
        return answer

    def chart(self, request: Request, secret: str, name: str) -> Response:
        """Draw a chart; it may load nothing and run nothing."""
        try:
            _, choice = self._opened(request, secret)
            if name not in CHARTS:
                raise TurnedAway
        except TurnedAway as why:
            return self._turned_away(request, why)
        with self.pages.parts.database.reading() as session:
            numbers = Numbers(session, choice, standing(session, choice.slugs, choice.today, choice.now))
            picture = drawn(chart_named(name, numbers), is_dark=request.query_params.get("look") == "dark")
        headers = {**GUEST_HEADERS, "Content-Security-Policy": POLICY}
        return Response(picture, media_type="image/svg+xml", headers=headers)

    def _opened(self, request: Request, secret: str) -> tuple[FigureLink, Choice]:
        """Return the link of a secret and what it shows; raises TurnedAway, and counts wrong ones by address."""
        parts, now = self.pages.parts, self.pages.parts.now()
        if not self.looks.allows(network_of(request.client.host) if request.client else "nobody", now):
            raise TurnedAway(int(_WHILE.total_seconds()))
        throttle = Throttle(parts.vault, "links to figures", 60, _WHILE)
        with parts.database.reading() as session:
            seconds = throttle.seconds_to_wait(session, throttle.place(request), now)
            link = None if seconds else live_link(session, secret, now)
            session.expunge_all()
        choice = self._choice(link) if link else None
        if link is None or choice is None:
            raise TurnedAway(seconds or throttle.take(parts.database, throttle.place(request), now))
        return link, choice

    def _choice(self, link: FigureLink) -> Choice | None:
        """Return what a link shows now; None where none of its organisations is there any more."""
        own = list(self.pages.parts.organisations(lambda slug: slug in link.organisations).values())
        if not own:
            return None
        now = self.pages.parts.now()
        today, span = now.astimezone(zone_of(own[0])).date(), Span(link.span)
        period = Period(span, link.first) if link.first else period_of(span, today)
        return Choice(own, own[0].slug if len(own) == 1 else "", period, today, now)

    def _turned_away(self, request: Request, why: TurnedAway) -> Response:
        title, problem = ("Please wait", _TOO_OFTEN) if why.seconds else ("Not found", _CLOSED)
        answer = self.pages.page("shared_closed.html", None, 429 if why.seconds else 404, title=title, problem=problem)
        answer.headers.update(GUEST_HEADERS)
        if why.seconds:
            answer.headers["Retry-After"] = str(why.seconds)
        return answer


def for_guests(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return numbers of the dashboard without those that name cases or people, and all definitions of what is left."""
    kept = {name: value for name, value in values.items() if name not in _NOT_FOR_GUESTS}
    members = {name: rows for name, rows in values["members"].items() if name != "owner"}
    return {**kept, "members": members, "definitions": _definitions(values)}


def _definitions(values: Mapping[str, Any]) -> list[Words]:
    figures = (*values["now_figures"], *values["period_figures"])
    names = [one.name for one in figures] + list(CHARTS) + ["forecast"]
    names += [name for name, *_ in values["times"]] + ["median", "ninety", "causes"]
    names += [one.name for one in values["quality"]]
    return [*(WORDS[name] for name in dict.fromkeys(names)), _MEMBERS]
