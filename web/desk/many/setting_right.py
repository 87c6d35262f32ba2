"""Saying of many cases what they are: the correction of their mail, as on its page; and taking it back."""

from collections.abc import Callable, Sequence

from sqlmodel import Session, col, select

from cases.correcting import check_correctable
from models.case import Case, CaseState, ItemResult, RequestItem
from models.errors import NotAllowed
from models.message import Message, Outcome
from models.verdict import Doubt, Kind, Label
from models.views import BulkDeed
from web.desk.deeds.fields import Filled, several
from web.desk.many.planned import Choice, Planned, Planner, begin_step, locked_case
from web.desk.parts import DeskParts
from web.desk.visible_cases import case_of

_DIVIDER, _DOUBTFUL = "|", "?"
_OPENING = (Outcome.CASE, Outcome.ARCHIVED)


def opening_mail(session: Session, case: Case) -> Message:
    """Return the one mail that opened a case; raises NotAllowed where there is none, or several."""
    if case.merged_into_id:
        raise NotAllowed("it was merged into another case: work goes on there")
    opening = (col(Message.outcome).in_(_OPENING), col(Message.duplicate_of).is_(None))
    mails = session.exec(select(Message).where(col(Message.case_id) == case.id, *opening)).all()
    if not mails:
        raise NotAllowed("no mail opened it: decide its items on its page")
    if len(mails) > 1:
        raise NotAllowed("another case was merged into it: say of each of its mails what it is, on its page")
    check_correctable(mails[0])
    if mails[0].sealed_id is None:
        raise NotAllowed("its mail was erased")
    return mails[0]


def _check(session: Session, plan: BulkDeed, case: Case) -> None:
    """Raise NotAllowed for a case that is over; one that was taken for no request may be one after all."""
    opening_mail(session, case)
    if case.status is CaseState.ANSWERED:
        raise NotAllowed("it is answered: reopen it first")
    if case.status is CaseState.CLOSED and (not _labels(plan)[0].kind or _was_one(session, case)):
        raise NotAllowed("it is closed")


def _was_one(session: Session, case: Case) -> bool:
    results = session.exec(select(RequestItem.result).where(col(RequestItem.case_id) == case.id)).all()
    return any(result is not ItemResult.NOT_A_REQUEST for result in results)


def _labels(plan: BulkDeed) -> list[Label]:
    return [Label(value) for value in plan.value.split(_DIVIDER)]


def _do(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
    def begin(session: Session) -> None:
        """Begin the step in the transaction of the correction."""
        case = locked_case(session, who, reference)
        begin_step(session, plan, case, _DIVIDER.join(_before(session, case)))
        _check(session, plan, case)

    _correct(parts, who, reference, _labels(plan), begin)


def _before(session: Session, case: Case) -> Sequence[str]:
    """Return what the mail of a case was taken for, by its labels, else by what is open; and whether that was sure."""
    items = select(RequestItem.kind).where(col(RequestItem.case_id) == case.id, col(RequestItem.result).is_(None))
    labels = opening_mail(session, case).labels
    is_said = any(Label(label).kind for label in labels)
    said = labels if is_said else [Kind(kind).value for kind in session.exec(items)] or labels
    return [_DOUBTFUL, *said] if case.status is CaseState.REVIEW else said


def _undo(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
    said = plan.before[reference].split(_DIVIDER)
    before = [Label(value) for value in said if value in set(Label)]

    def begin(session: Session) -> None:
        """Leave alone what somebody has set right or decided since."""
        case = locked_case(session, who, reference)
        if set(opening_mail(session, case).labels) != set(_labels(plan)) or _went_on(session, plan, case):
            raise NotAllowed("somebody worked on it since")

    if not before:
        raise NotAllowed("what it was taken for is not known")
    _correct(parts, who, reference, before, begin, Doubt.REQUEST if _DOUBTFUL in said else Doubt.NONE)


def _went_on(session: Session, plan: BulkDeed, case: Case) -> bool:
    """Tell whether somebody has decided on an item since a plan was begun."""
    since = (col(RequestItem.decided_at) >= plan.begun_at, col(RequestItem.result) != ItemResult.NOT_A_REQUEST)
    return session.exec(select(RequestItem.id).where(col(RequestItem.case_id) == case.id, *since)).first() is not None


def _correct(
    parts: DeskParts,
    who: Planner,
    reference: str,
    labels: Sequence[Label],
    begin: Callable[[Session], None],
    doubt: Doubt = Doubt.NONE,
) -> None:
    with parts.database.reading() as session:
        number = opening_mail(session, case_of(session, who, reference)).id or 0
    parts.correct(number, labels, who.actor.name, begin, doubt)


def _ends(plan: BulkDeed, case: Case, item: RequestItem) -> bool:
    """Tell whether an item ends: one of the opening mail that is not what it asks for; later mails are left alone."""
    return item.kind.value not in _labels(plan) and item.received_at == case.received_at


def _chosen(filled: Filled, _cases: Sequence[Case]) -> Choice:
    labels = several(Label, filled, "labels")
    if not labels or not all(label.kind for label in labels):
        raise NotAllowed("say what they ask for: one kind or more")
    return Choice(_DIVIDER.join(labels))


def _all_are(label: Label) -> Callable[[Filled, Sequence[Case]], Choice]:
    return lambda _filled, _cases: Choice(label.value)


def _right(plan: BulkDeed) -> str:
    return f"Set right: {', '.join(label.replace('_', ' ') for label in _labels(plan))}"


KINDS = tuple(kind.value for kind in Kind)
_CAN_BE_TAKEN_BACK = (
    "Taken back, they ask again for what they asked for, from the day of receipt, but without what was asked of the "
    "person or extended; what waited for a decision waits for it again, and nothing is written to anybody."
)
SETTING_RIGHT = {
    "correct": Planned(
        "Set right …",
        *(_do, _check, _chosen, _right),
        "What they do not ask for ends, what is new begins with the day of receipt, as when one mail is set right. An "
        "acknowledgement that waited for this is written. " + _CAN_BE_TAKEN_BACK,
        undo=_undo,
        ends=_ends,
        asks="labels",
    ),
    "not_a_request": Planned(
        "Not a request …",
        *(_do, _check, _all_are(Label.OTHER), lambda _: "Not a request"),
        "What they ask for ends as not a request, and the cases are closed without a letter; where a later "
        "mail asks for something, too, the case stays open for that. " + _CAN_BE_TAKEN_BACK,
        undo=_undo,
        ends=_ends,
    ),
    "spam": Planned(
        "Spam …",
        *(_do, _check, _all_are(Label.SPAM), lambda _: "Spam"),
        "What they ask for ends as not a request, and the cases are closed without a letter; where a later "
        "mail asks for something, too, the case stays open for that. Training can learn from it. " + _CAN_BE_TAKEN_BACK,
        undo=_undo,
        ends=_ends,
    ),
}
