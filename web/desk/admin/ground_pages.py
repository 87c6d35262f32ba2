"""What the desk rests on: the letters in use, the days that do not count, and what is to be erased."""

from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from cases.holiday_calendar import working_days
from models.errors import NotFound
from models.organisation import Mailbox, Organisation
from models.outbox import Template
from web.desk.accounts import Visitor
from web.desk.admin.entry import administrator, organisations
from web.desk.forms import one
from web.desk.pages import FilledForm, Pages, to


@dataclass(frozen=True, slots=True)
class GroundPages:
    """Letters, holidays, retention."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/admin/letters", self.letters, response_class=HTMLResponse)
        app.add_api_route("/admin/letters/{name}", self.letter, response_class=HTMLResponse)
        app.add_api_route("/admin/holidays", self.holidays, response_class=HTMLResponse)
        app.add_api_route("/admin/retention", self.retention, response_class=HTMLResponse)
        app.add_api_route("/admin/retention", self.erase, methods=["POST"], response_class=HTMLResponse)

    def letters(self, request: Request) -> Response:
        """List the letters of each organisation."""
        who = administrator(self.pages, request)
        return self.pages.page("admin/letters.html", who, own=organisations(self.pages, who), templates=Template)

    def letter(self, request: Request, name: str) -> Response:
        """Show a letter as an organisation would write it, for an invented case."""
        who, query = administrator(self.pages, request), request.query_params
        own = next((each for each in organisations(self.pages, who) if each.slug == query.get("organisation")), None)
        if own is None or name not in set(Template) or query.get("language") not in own.languages:
            raise NotFound("there is no such letter")
        language = query["language"]
        text = self.pages.parts.sample_letter(Template(name), language, own)
        return self.pages.page("admin/letter.html", who, own=own, name=name, language=language, text=text)

    def holidays(self, request: Request) -> Response:
        """Show the days that do not count, of this year and the next."""
        who = administrator(self.pages, request)
        first = self.pages.today(who).replace(month=1, day=1)
        found = [(each, _days_off(each, first)) for each in organisations(self.pages, who)]
        return self.pages.page("admin/holidays.html", who, found=found, years=(first.year, first.year + 1))

    def retention(self, request: Request) -> Response:
        """Show what would be erased now; nothing is."""
        who = administrator(self.pages, request)
        with self.pages.parts.database.reading() as session:
            rows = self.pages.parts.planned_erasures(session, self._mailboxes(who))
        done = request.query_params.get("done", "")
        told = f"{done} erased, each with a record." if done.isdecimal() and len(done) < 9 else ""
        return self.pages.page("admin/retention.html", who, rows=rows, told=told, problem="")

    def erase(self, request: Request, filled: FilledForm) -> Response:
        """Erase what the plan shows, once it was confirmed."""
        who = administrator(self.pages, request, filled)
        if not one(filled, "sure"):
            with self.pages.parts.database.reading() as session:
                rows = self.pages.parts.planned_erasures(session, self._mailboxes(who))
            problem = "Tick that you are sure: what is erased cannot be brought back."
            return self.pages.page("admin/retention.html", who, 409, rows=rows, told="", problem=problem)
        done = self.pages.parts.erase_planned(self._mailboxes(who), who.name)
        return to(f"/admin/retention?done={len(done)}")

    def _mailboxes(self, who: Visitor) -> list[Mailbox]:
        return [box for box in self.pages.parts.mailboxes if who.may_see(box.organisation.slug)]


def _days_off(own: Organisation, first: date) -> list[tuple[date, str]]:
    """Return the public and local holidays of two years, with their names; Saturdays and Sundays are none."""
    calendar = working_days(own.country, own.local_holidays)
    days = (first + timedelta(days=number) for number in range((first.replace(year=first.year + 2) - first).days))
    return [(day, name) for day in days if day.weekday() < 5 and (name := calendar.day_off(day))]
