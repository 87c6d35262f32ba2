"""Pages of a deed on many cases: what is to be chosen for all, what it would do to each, what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from models.errors import NotAllowed, NotFound
from models.views import BulkDeed
from web.desk.accounts import Visitor
from web.desk.conversation import letter_text
from web.desk.deeds.fields import TEXT, WHY, Field, Filled, Widget, one
from web.desk.many.letters import LETTERS
from web.desk.many.planned import plan_of
from web.desk.many.plans import PLANNED, carry_out, check_count, found_and_missing, prepare, prospects, waiting
from web.desk.many.setting_right import KINDS
from web.desk.pages import FilledForm, Number, Pages, to


@dataclass(frozen=True, slots=True)
class ManyPages:
    """The deeds on many cases that are planned first."""

    pages: Pages

    def add_to(self, app: FastAPI) -> None:
        """Add the pages to an application."""
        app.add_api_route("/bulk/plan", self.plan, methods=["POST"], response_class=HTMLResponse)
        app.add_api_route("/bulk/{number}", self.show, response_class=HTMLResponse)
        app.add_api_route("/bulk/{number}", self.do, methods=["POST"], response_class=HTMLResponse)

    def plan(self, request: Request, filled: FilledForm) -> Response:
        """Take what was chosen for all cases, and lead to what it would do to each."""
        who, name = self.pages.worker(request, filled), one(filled, "deed")
        if name not in PLANNED:
            raise NotAllowed("choose what is to be done")
        return begin(self.pages, who, name, one(filled, "cases").split(), filled, is_answer=True)

    def show(self, request: Request, number: Number) -> Response:
        """Show one's own plan: what it would do, or what became of it."""
        who = self.pages.visitor(request)
        plan = self._plan(who, number)
        planned = PLANNED[plan.deed]
        if plan.begun_at is not None:
            may_undo = planned.undo is not None and bool(plan.before) and plan.undone_at is None
            return self.pages.page(
                "many/done.html", who, plan=plan, planned=planned, left=waiting(plan), may_undo=may_undo
            )
        found = prospects(self.pages.parts, who, plan)
        can, cannot = [one for one in found if not one.problem], [one for one in found if one.problem]
        read = {one.reference: [letter_text(raw) for raw in one.letters] for one in can}
        return self.pages.page("many/plan.html", who, plan=plan, planned=planned, can=can, cannot=cannot, read=read)

    def do(self, request: Request, number: Number, filled: FilledForm) -> Response:
        """Do what was planned; a second time it does what was left, and nothing twice."""
        who = self.pages.worker(request, filled)
        self._plan(who, number)
        carry_out(self.pages.parts, who, number)
        return to(f"/bulk/{number}")

    def _plan(self, who: Visitor, number: int) -> BulkDeed:
        with self.pages.parts.database.reading() as session:
            plan = plan_of(session, who, number)
            session.expunge(plan)
        if plan.deed not in PLANNED:
            raise NotFound("there is no such deed of yours")
        return plan


def begin(
    pages: Pages, who: Visitor, name: str, references: Sequence[str], filled: Filled, *, is_answer: bool = False
) -> Response:
    """Lead to a new plan, by way of what is to be chosen for all cases; raises NotAllowed."""
    planned, value, references = PLANNED[name], one(filled, "value"), list(dict.fromkeys(references))
    check_count(planned, len(references))
    if planned.asks and value in _KNOWN[planned.asks]:
        filled = {**filled, planned.asks: [value]}
    if planned.asks and not filled.get(planned.asks) and not is_answer:
        return _choice(pages, who, name, references, filled)
    try:
        return to(f"/bulk/{prepare(pages.parts, who, name, references, filled)}")
    except NotAllowed as error:
        if not planned.asks:
            raise
        return _choice(pages, who, name, references, filled, str(error))


_KNOWN: Mapping[str, Collection[str]] = {"labels": KINDS, "letter": LETTERS}


def _choice(
    pages: Pages, who: Visitor, name: str, references: Sequence[str], filled: Filled, problem: str = ""
) -> Response:
    """Ask what is to be chosen for all cases."""
    with pages.parts.database.reading() as session:
        count = len(found_and_missing(session, who, references)[0])
    return pages.page(
        "many/choice.html",
        who,
        409 if problem else 200,
        form=_Asking(name),
        label=PLANNED[name].label.removesuffix(" …"),
        fields=_fields(pages, who, name),
        letters=LETTERS if name == "letter" else {},
        names={"letter": {key: letter.label for key, letter in LETTERS.items()}},
        cases=references,
        count=count,
        filled=filled,
        problem=problem,
    )


@dataclass(frozen=True, slots=True)
class _Asking:
    """What the fields of the choice are named after."""

    name: str


def _fields(pages: Pages, who: Visitor, name: str) -> tuple[Field, ...]:
    if name != "letter":
        return (Field("labels", "What they ask for", Widget.SEVERAL, KINDS),)
    organisations = pages.parts.organisations(who.may_see).values()
    languages = tuple(sorted({language for one in organisations for language in one.languages}))
    hint = "Letters in other languages are left out: send those in words of their own."
    return (
        Field("letter", "Letter", Widget.CHOICE, tuple(LETTERS), is_required=True),
        TEXT,
        Field("language", "Language of your words", Widget.CHOICE, languages, hint=hint),
        WHY,
    )
