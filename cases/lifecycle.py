"""The life of a case: what may be done in which state, where it leads, and which rules it must keep.

`MOVES` is the one table of it; `docs/guide/lifecycle.md` is drawn from it. Rules are in `cases/rules.py`; one that has
an `override` may be set aside by that role with a reason, and the timeline says so. What the law forbids has none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from models.case import CaseState
from models.staff import Role


class Deed(StrEnum):
    """Everything that moves a case."""

    CONFIRM = "confirm"
    """A person looked and says that it is a request."""
    LOOK_OVER = "look_over"
    """A person looked at what came in later."""
    ASK = "ask"
    """Ask the person for proof of identity or mandate, a clarification, or a fee."""
    REMIND = "remind"
    """Write to a person who has not replied that the case may lapse."""
    TAKE_ANSWER = "take_answer"
    """What was asked for has come in."""
    IDENTIFY = "identify"
    """Decide whether we know who the person is."""
    EXTEND = "extend"
    SET_DATE = "set_date"
    """Enter the date that an authority's letter names, or the moment of awareness of a breach."""
    FORWARD = "forward"
    """Pass it on to the customer whose data it is."""
    DECIDE = "decide"
    """Give an item its result."""
    ANSWER = "answer"
    CLOSE = "close"
    REOPEN = "reopen"
    MERGE = "merge"
    """Close it into another case that says the same."""
    SPLIT = "split"
    """Move an item to a case of its own."""
    CORRECT_RECEIPT = "correct_receipt"
    """Say when a request really reached us: a colleague's forward, a letter, a call."""
    SETTLE_REGIME = "settle_regime"
    """Say which country's law governs."""
    WRITE = "write"
    """Write to the person in words of one's own."""


class RuleName(StrEnum):
    """The rules that moves must keep; `cases/rules.py` has their words and their tests."""

    HAS_OPEN_ITEM = "has_open_item"
    REASON_GIVEN = "reason_given"
    TEXT_GIVEN = "text_given"
    PROOF_CHOSEN = "proof_chosen"
    DOCUMENT_ALLOWED = "document_allowed"
    ASKED_ONCE = "asked_once"
    QUESTION_OPEN = "question_open"
    ANSWER_AFTER_QUESTION = "answer_after_question"
    CAN_BE_EXTENDED = "can_be_extended"
    NOTICE_IN_TIME = "notice_in_time"
    NOT_EXTENDED_YET = "not_extended_yet"
    GROUND_GIVEN = "ground_given"
    LETTER_FITS = "letter_fits"
    REMEDIES_TOLD = "remedies_told"
    IDENTITY_ENOUGH = "identity_enough"
    STANDING_PROVEN = "standing_proven"
    LAPSE_TOLD = "lapse_told"
    ALL_DECIDED = "all_decided"
    PERSON_TOLD = "person_told"
    TASKS_DONE = "tasks_done"
    CUSTOMER_KNOWN = "customer_known"
    SAME_PERSON = "same_person"
    MORE_THAN_ONE_ITEM = "more_than_one_item"
    HAS_SUCH_A_DATE = "has_such_a_date"
    NOT_IN_FUTURE = "not_in_future"
    TOLD_SINCE_RECEIPT = "told_since_receipt"
    ITEMS_NAMED = "items_named"
    NOT_MERGED = "not_merged"


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table."""

    deed: Deed
    sources: frozenset[CaseState]
    target: CaseState | None
    """None where the state stays."""
    rules: tuple[RuleName, ...] = ()
    role: Role = Role.AGENT


_REVIEW, _OPEN, _WAITING = CaseState.REVIEW, CaseState.OPEN, CaseState.WAITING
_ANSWERED, _CLOSED = CaseState.ANSWERED, CaseState.CLOSED
_ALIVE = frozenset({_REVIEW, _OPEN, _WAITING})
_R = RuleName

MOVES: tuple[Move, ...] = (
    Move(Deed.CONFIRM, frozenset({_REVIEW}), _OPEN, (_R.HAS_OPEN_ITEM,)),
    Move(Deed.LOOK_OVER, frozenset({_OPEN, _WAITING, _ANSWERED}), None),
    Move(
        *(Deed.ASK, _ALIVE, _WAITING),
        (
            *(_R.HAS_OPEN_ITEM, _R.REASON_GIVEN, _R.PROOF_CHOSEN, _R.DOCUMENT_ALLOWED, _R.TEXT_GIVEN),
            *(_R.TOLD_SINCE_RECEIPT, _R.ASKED_ONCE),
        ),
    ),
    Move(Deed.REMIND, _ALIVE, None, (_R.QUESTION_OPEN,)),
    Move(Deed.TAKE_ANSWER, _ALIVE, _OPEN, (_R.QUESTION_OPEN, _R.ANSWER_AFTER_QUESTION)),
    Move(Deed.IDENTIFY, _ALIVE, None, (_R.REASON_GIVEN,)),
    Move(
        *(Deed.EXTEND, _ALIVE, None),
        (
            _R.CAN_BE_EXTENDED,
            _R.TOLD_SINCE_RECEIPT,
            _R.REASON_GIVEN,
            _R.TEXT_GIVEN,
            _R.NOT_EXTENDED_YET,
            _R.NOTICE_IN_TIME,
        ),
    ),
    Move(Deed.SET_DATE, _ALIVE, None, (_R.HAS_SUCH_A_DATE, _R.REASON_GIVEN)),
    Move(Deed.FORWARD, _ALIVE, _ANSWERED, (_R.HAS_OPEN_ITEM, _R.CUSTOMER_KNOWN)),
    Move(
        *(Deed.DECIDE, _ALIVE, None),
        (_R.HAS_OPEN_ITEM, _R.GROUND_GIVEN, _R.IDENTITY_ENOUGH, _R.STANDING_PROVEN, _R.LAPSE_TOLD),
    ),
    Move(
        *(Deed.ANSWER, _ALIVE, _ANSWERED),
        (_R.ALL_DECIDED, _R.TOLD_SINCE_RECEIPT, _R.LETTER_FITS, _R.TEXT_GIVEN, _R.REMEDIES_TOLD),
    ),
    Move(Deed.CLOSE, _ALIVE | {_ANSWERED}, _CLOSED, (_R.ALL_DECIDED, _R.PERSON_TOLD, _R.TASKS_DONE)),
    Move(Deed.REOPEN, frozenset({_ANSWERED, _CLOSED}), _OPEN, (_R.REASON_GIVEN, _R.ITEMS_NAMED, _R.NOT_MERGED)),
    Move(Deed.MERGE, _ALIVE, _CLOSED, (_R.SAME_PERSON,)),
    Move(Deed.SPLIT, _ALIVE, None, (_R.MORE_THAN_ONE_ITEM,)),
    Move(Deed.CORRECT_RECEIPT, _ALIVE, None, (_R.REASON_GIVEN, _R.NOT_IN_FUTURE)),
    Move(Deed.SETTLE_REGIME, _ALIVE, None, (_R.REASON_GIVEN,), Role.MANAGER),
    Move(Deed.WRITE, _ALIVE | {_ANSWERED}, None, (_R.TEXT_GIVEN,)),
)


def move_of(deed: Deed) -> Move:
    """Return the row of a deed."""
    return next(move for move in MOVES if move.deed is deed)


def possible_deeds(state: CaseState) -> list[Deed]:
    """Return what a state allows at all, before its rules are asked."""
    return [move.deed for move in MOVES if state in move.sources]


def drawn() -> str:
    """Return the table as a Mermaid state diagram."""
    return "\n".join(["stateDiagram-v2", "    [*] --> review", "    [*] --> open", *_arrows(), "    closed --> [*]"])


def _arrows() -> Iterator[str]:
    for state in CaseState:
        targets: dict[CaseState, list[str]] = {}
        for move in MOVES:
            if state in move.sources and move.target not in (None, state):
                targets.setdefault(move.target or state, []).append(move.deed.value.replace("_", " "))
        for target, deeds in targets.items():
            yield f"    {state.value} --> {target.value}: {', '.join(deeds)}"
        staying = [move.deed.value.replace("_", " ") for move in MOVES if _stays(move, state)]
        if staying:
            yield f"    note right of {state.value}: also {', '.join(staying)}"


def _stays(move: Move, state: CaseState) -> bool:
    return state in move.sources and move.target in (None, state)
