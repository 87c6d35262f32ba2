"""Deeds on many cases: planned, looked at, carried out and taken back by the very code of the desk.

A plan is a row, with the state of each case in it. What changed since is left alone; nothing is done twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import FastAPI, Path
from sqlmodel import Session, col, select

from cases.worklist import fitting_ids
from models.case import Case
from models.views import BulkDeed
from web.api.bulk_shapes import Chosen, chosen_for
from web.api.callers import CaseWriter, check_works
from web.api.deed_routes import KeyHeader
from web.api.deed_shapes import filled_from
from web.api.once import Order
from web.api.shapes import Plan, TakenBack
from web.desk.many.planned import Prospect, plan_of
from web.desk.many.plans import MOST, PLANNED, Wanted, carry_out, prospects, undo, waiting, write_plan
from web.desk.parts import DeskParts, Row
from web.tokens import Program

_Number = Annotated[int, Path(ge=0, lt=2**31)]


@dataclass(frozen=True, slots=True)
class BulkRoutes:
    """What is done to many cases."""

    parts: DeskParts

    def add_to(self, app: FastAPI) -> None:
        """Add a path for each deed on many cases, and those of plans."""
        for name, planned in PLANNED.items():
            app.add_api_route(
                f"/bulk/{name}",
                self._handler(name),
                methods=["POST"],
                summary=f"{planned.label.removesuffix(' …')}: many cases",
                name=f"bulk_{name}",
                response_model=Plan,
            )
        app.add_api_route("/plans/{number}", self.plan, response_model=Plan)
        app.add_api_route("/plans/{number}", self.carry_out, methods=["POST"], response_model=Plan)
        app.add_api_route("/plans/{number}/undo", self.take_back, methods=["POST"], response_model=TakenBack)

    def _handler(self, name: str) -> Any:
        body_of: Any = chosen_for(name)

        def do(who: CaseWriter, body: body_of, idempotency_key: KeyHeader = "") -> Row:
            check_works(who)
            number = self._planned(who, name, body, idempotency_key)
            if not body.dry_run:
                carry_out(self.parts, who, number)
            return self._shown(who, number)

        do.__doc__ = f"{PLANNED[name].warns} With `dry_run` it is only planned."
        return do

    def plan(self, who: CaseWriter, number: _Number) -> Row:
        """Return a plan of this token: what it would do, or what became of it."""
        return self._shown(who, number)

    def carry_out(self, who: CaseWriter, number: _Number) -> Row:
        """Do what is planned, or what is left of it: nothing is done twice."""
        check_works(who)
        carry_out(self.parts, who, number)
        return self._shown(who, number)

    def take_back(self, who: CaseWriter, number: _Number) -> Row:
        """Take back what a plan did, but for what somebody changed since; once."""
        check_works(who)
        return {"number": number, "cases": undo(self.parts, who, number)}

    def _planned(self, who: Program, name: str, body: Chosen, key: str) -> int:
        """Write the plan down, or find the one that was written under this key; return its number."""
        order = Order(self.parts.vault, who.token_id, key, "", f"bulk {name}", (body.model_dump_json(),))
        with self.parts.database.transaction() as session:
            before = order.done(session)
            if before and session.get(BulkDeed, int(before.reference)):
                return int(before.reference)
            if before:  # a plan that was never begun, and is forgotten
                session.delete(before)
                session.flush()
            wanted = Wanted(name, self._references(session, who, body), filled_from(body.for_all()))
            number = write_plan(session, who, wanted, self.parts.now())
            order.note(session, self.parts.now(), str(number))
            return number

    def _references(self, session: Session, who: Program, body: Chosen) -> Sequence[str]:
        if body.filter is None:
            return body.cases or ()
        filters, today = body.filter.filters(who.organisation), self.parts.local_days(who.may_see)
        ids = fitting_ids(session, filters, today, MOST + 1)
        return session.exec(select(Case.reference).where(col(Case.id).in_(ids))).all()

    def _shown(self, who: Program, number: int) -> Row:
        with self.parts.database.reading() as session:
            plan = plan_of(session, who, number)
            session.expunge(plan)
        found = prospects(self.parts, who, plan) if plan.begun_at is None else []
        left = {**plan.refused, **{one.reference: one.problem for one in found if one.problem}}
        planned = PLANNED[plan.deed]
        return {
            "number": number,
            "deed": plan.deed,
            "says": planned.says(plan),
            "state": _state(plan),
            "may_be_taken_back": planned.undo is not None and plan.undone_at is None,
            "would": [_prospect_row(one) for one in found if not one.problem],
            "done": [{"case": one, "into": _into(plan, one)} for one in plan.before],
            "waiting": waiting(plan) if plan.begun_at else [],
            "left_alone": [{"case": reference, "why": why} for reference, why in left.items()],
        }


def _state(plan: BulkDeed) -> str:
    if plan.undone_at is not None:
        return "taken_back"
    if plan.begun_at is None:
        return "planned"
    return "unfinished" if waiting(plan) else "done"


def _into(plan: BulkDeed, reference: str) -> str | None:
    target = PLANNED[plan.deed].into
    return target(plan, reference) if target else None


def _prospect_row(one: Prospect) -> Row:
    return {
        "case": one.reference,
        "kinds": list(one.kinds),
        "due_date": one.due_on and f"{one.due_on}",
        "ends": one.ends_on and f"{one.ends_on}",
        "into": one.into or None,
        "letters": list(one.letters),
    }
