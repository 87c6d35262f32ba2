"""Giving many cases to somebody, tags, and that one looked: by the deeds that do it to one case.

Chosen one by one, this is done at once on the desk: but for looking, it can be taken back.
"""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from cases.arranging import assign, colleague, tag
from cases.deciding import look_over
from cases.office import Office
from models.case import Case
from models.errors import NotAllowed
from models.views import BulkDeed
from web.desk.deeds.fields import Filled, one
from web.desk.many.planned import Choice, Planned, Planner, begin_step
from web.desk.parts import DeskParts


def _doing(
    deed: Callable[[Office, str], object], before: Callable[[Case, str], str]
) -> Callable[[DeskParts, Planner, BulkDeed, str], None]:
    """Return the step that does it to one case, and remembers what was there before."""

    def do(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
        """Do it to one case, by reference."""

        def done(office: Office) -> None:
            """Do it once."""
            begin_step(office.session, plan, office.case, before(office.case, plan.value))
            deed(office, plan.value)

        parts.do(who.actor, reference, done, "", "")

    return do


def _undoing(undo: Callable[[Office, str, str], object]) -> Callable[[DeskParts, Planner, BulkDeed, str], None]:
    """Return the step that takes it back from one case, given the value and what was before."""

    def take_back(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
        """Take it back from one case, by reference."""
        before = plan.before[reference]
        parts.do(who.actor, reference, lambda office: undo(office, plan.value, before), "", "")

    return take_back


def _give(office: Office, name: str) -> None:
    assign(office, colleague(office, name))


def _anything(_session: Session, _plan: BulkDeed, _case: Case) -> None:
    """Say nothing against it: it can be done in any state."""


def _named(filled: Filled, _cases: Sequence[Case]) -> Choice:
    return Choice(one(filled, "value"))


def _tagged(filled: Filled, _cases: Sequence[Case]) -> Choice:
    if not one(filled, "value"):
        raise NotAllowed("say which tag")
    return Choice(one(filled, "value"))


def _tag(office: Office, value: str) -> None:
    tag(office, add=(value,))


def _untag(office: Office, value: str) -> None:
    tag(office, remove=(value,))


def _had(case: Case, value: str) -> str:
    return "yes" if value in case.tags else ""


ARRANGING = {
    "assign": Planned(
        "Give to",
        _doing(_give, lambda case, _: case.assigned_to),
        *(_anything, _named),
        lambda plan: f"Give to {plan.value or 'nobody'}",
        "Taken back, each goes to who had it before.",
        undo=_undoing(
            lambda office, value, before: (
                assign(office, before) if office.case.assigned_to.casefold() == value.casefold() else None
            )
        ),
        is_direct=True,
    ),
    "tag": Planned(
        "Add the tag",
        _doing(_tag, _had),
        *(_anything, _tagged),
        lambda plan: f"Add the tag {plan.value}",
        "Taken back, it stays where it was before.",
        undo=_undoing(lambda office, value, before: None if before else _untag(office, value)),
        is_direct=True,
    ),
    "untag": Planned(
        "Take away the tag",
        _doing(_untag, _had),
        *(_anything, _tagged),
        lambda plan: f"Take away the tag {plan.value}",
        "Taken back, it is there again where it was before.",
        undo=_undoing(lambda office, value, before: _tag(office, value) if before else None),
        is_direct=True,
    ),
    "look_over": Planned(
        "Note that I looked",
        _doing(lambda office, _: look_over(office), lambda _case, _value: ""),
        *(_anything, lambda _filled, _cases: Choice()),
        lambda _: "Note that I looked",
        "What waited for a look waits no more. This cannot be taken back.",
        is_direct=True,
    ),
}
