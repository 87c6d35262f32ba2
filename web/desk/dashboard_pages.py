"""The dashboard of managers: where things stand, how a period went, what lies ahead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from cases import board
from cases.breaches import explain_breach
from cases.figure_words import WORDS
from cases.figures import DAYS_AHEAD, Kept, PeriodFigures, Standing, period_figures, standing
from cases.periods import Period, Span
from cases.tally_book import Progress
from models.errors import NotAllowed
from models.staff import Role
from models.tally import BreachCause
from models.verdict import Kind
from web.csv_text import csv_text
from web.desk.charts import POLICY, drawn
from web.desk.dashboard_charts import CHARTS, Numbers, chart_named
from web.desk.figure_choice import Choice, caught_up, chosen
from web.desk.figure_links import NEEDS
from web.desk.forms import one
from web.desk.pages import FilledForm, Pages, to
from web.desk.visible_cases import case_of


@dataclass(frozen=True, slots=True)
class DashboardPages:
    """The dashboard, its charts, its numbers as CSV, and the causes of breaches."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/dashboard", self.dashboard, response_class=HTMLResponse)
        app.add_api_route("/dashboard/figures.csv", self.numbers)
        app.add_api_route("/dashboard/chart/{name}.svg", self.chart)
        app.add_api_route("/dashboard/cause", self.explain, methods=["POST"])

    def dashboard(self, request: Request) -> Response:
        """Show the dashboard."""
        who, parts = self.pages.visitor(request), self.pages.parts
        choice, progress = chosen(request, who, parts), caught_up(parts)
        with parts.database.reading() as session:
            values = shown(session, choice)
        return self.pages.page(
            "dashboard.html",
            who,
            choice=choice,
            progress=progress,
            as_of=as_of(progress, choice),
            words=WORDS,
            leads=True,
            charts_at="/dashboard/chart/",
            asked=choice.address(),
            may_share=who.role.covers(NEEDS),
            spans=Span,
            causes_known=BreachCause,
            may_explain=who.role.covers(Role.MANAGER),
            told=request.query_params.get("told", "") == "cause",
            **values,
        )

    def chart(self, request: Request, name: str) -> Response:
        """Draw a chart; it may load nothing and run nothing."""
        who, parts = self.pages.visitor(request), self.pages.parts
        choice = chosen(request, who, parts)
        with parts.database.reading() as session:
            numbers = Numbers(session, choice, standing(session, choice.slugs, choice.today, choice.now))
            picture = drawn(chart_named(name, numbers), is_dark=request.query_params.get("look") == "dark")
        return Response(picture, media_type="image/svg+xml", headers={"Content-Security-Policy": POLICY})

    def numbers(self, request: Request) -> Response:
        """Return the numbers of the dashboard as CSV."""
        who, parts = self.pages.visitor(request), self.pages.parts
        choice = chosen(request, who, parts)
        caught_up(parts)
        with parts.database.reading() as session:
            rows = as_rows(shown(session, choice), choice)
        name = f"figures-{choice.of or 'all'}-{choice.period.first}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        text = csv_text(("section", "of", "figure", "value", "before"), rows)
        return Response(text, media_type="text/csv", headers=headers)

    def explain(self, request: Request, filled: FilledForm) -> Response:
        """Put the cause of a breach right."""
        who, parts = self.pages.visitor(request), self.pages.parts
        self.pages.check_form(request, who, filled)
        reference, kind, cause = one(filled, "case"), one(filled, "kind"), one(filled, "cause")
        if kind not in set(Kind) or cause not in set(BreachCause):
            raise NotAllowed("choose one of the causes")
        with parts.database.reading() as session:
            case_of(session, who, reference)

        def deed(office: Any) -> None:
            """Record why the date was missed."""
            explain_breach(office, Kind(kind), BreachCause(cause), why=one(filled, "why"))

        parts.do(who.actor, reference, deed, "", "")
        kept = {name: one(filled, name) for name in ("of", "period", "on") if one(filled, name)}
        return to(f"/dashboard?{urlencode(kept | {'told': 'cause'})}#breaches")


def as_of(progress: Progress, choice: Choice) -> str:
    """Return when the figures were counted, by the clocks of the organisation."""
    return f"{progress.at.astimezone(choice.zone):%Y-%m-%d %H:%M}"


def shown(session: Session, choice: Choice) -> dict[str, Any]:
    """Return all numbers of the dashboard."""
    now = standing(session, choice.slugs, choice.today, choice.now)
    went, before = period_figures(session, choice.slugs, choice.period, now, choice.today)
    numbers = Numbers(session, choice, now)
    return {
        "now_figures": board.now_figures(now, choice.now),
        "period_figures": board.period_board(went, before),
        "kept": _kept_lately(numbers.shares),
        "charts": [chart_named(name, numbers) for name in CHARTS],
        "load": numbers.load,
        "days_ahead": DAYS_AHEAD,
        "ages": board.ages(now, choice.today),
        "age_names": board.age_names(),
        "times": board.times(went, before),
        "quality": board.quality(went, before),
        "members": _members(session, choice, now, went),
        "causes": board.causes(session, choice.slugs, choice.period),
        "breaches": board.breaches(session, choice.slugs, choice.period, choice.today),
        "most_breaches": board.MOST_BREACHES,
        "percent": board.percent,
        "tenths": board.tenths,
    }


def _members(session: Session, choice: Choice, now: Standing, went: PeriodFigures) -> dict[str, list[board.Member]]:
    found = board.members(now, went, choice.today)
    if len(choice.slugs) < 2:
        return found
    return {"organisation": board.by_organisation(session, choice.slugs, choice.period, choice.today)} | found


def _kept_lately(found: Mapping[Period, Kept]) -> list[tuple[str, Kept, Period]]:
    """Return how the due dates of this month, quarter and year were kept."""
    latest = {period.span: (period, kept) for period, kept in found.items()}
    names = {Span.MONTH: "this month", Span.QUARTER: "this quarter", Span.YEAR: "this year"}
    return [(names[span], latest[span][1], latest[span][0]) for span in Span]


def as_rows(values: Mapping[str, Any], choice: Choice) -> list[tuple[object, ...]]:
    """Return the numbers of the dashboard as rows of a table."""
    whose = choice.of or "all"
    rows: list[tuple[object, ...]] = [("now", whose, one.words.title, one.value, None) for one in values["now_figures"]]
    rows += [(choice.period.name, whose, one.words.title, one.value, one.before) for one in values["period_figures"]]
    rows += [(choice.period.name, whose, one.words.title, one.value, one.before) for one in values["quality"]]
    for name, units, spread, old in values["times"]:
        for part in ("median", "ninety"):
            pair = (board.tenths(getattr(found, part), units) for found in (spread, old))
            rows.append((choice.period.name, whose, f"{WORDS[name].title}, {WORDS[part].title}", *pair))
    for dimension, members in values["members"].items():
        for member in members:
            counts = (("open", member.open), ("overdue", member.overdue), ("received", member.received),
                      ("answered", member.answered), ("in time", board.percent(member.kept.share)))  # fmt: skip
            rows += [(f"by {dimension}", member.name or "–", name, value, None) for name, value in counts]
    for chart in values["charts"]:
        rows += [
            (chart.title, label, series.name, series.values[place], None)
            for series in chart.series
            for place, label in enumerate(chart.labels)
        ]
    rows += [("breaches by cause", cause.value, "requests", count, None) for cause, count in values["causes"].items()]
    return rows
