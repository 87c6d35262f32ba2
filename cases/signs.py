"""What the rows of a list tell of their cases at a glance, read for a page at a time from the words beside them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from models.case import CaseWord
from store.case_index import SOME_FILE

_NAMES = ("bounced", "confidence", "deletion", "held", "files", "unsure", "target")


@dataclass(frozen=True, slots=True)
class Signs:
    """What presses in a case, what came with it, and how sure it is."""

    is_bounced: bool = False
    """A letter of ours came back."""
    is_held: bool = False
    """A letter of ours did not go out, and waits for a person."""
    is_to_be_deleted: bool = False
    """Somebody asked for that, and a second person has not decided yet."""
    files: tuple[str, ...] = ()
    """Sorts of files."""
    unsure: frozenset[str] = frozenset()
    """Kinds that it is not sure to ask for."""
    confidence: str = ""
    """The band of the least sure thing that it asks for, '' where nobody kept it."""
    target_on: date | None = None
    """The day on which we want to have answered; None where no clock runs."""


NO_SIGNS = Signs()


def signs_of(session: Session, ids: Sequence[int]) -> dict[int, Signs]:
    """Return the signs of cases by their ids, in one question; of those that have some."""
    named = [(col(CaseWord.word) >= f"{name}:") & (col(CaseWord.word) < f"{name};") for name in _NAMES]
    query = select(CaseWord.case_id, CaseWord.word).where(col(CaseWord.case_id).in_(ids), or_(*named))
    found: defaultdict[int, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for case_id, word in session.exec(query):
        name, _, value = word.partition(":")
        found[case_id][name].append(value)
    return {case_id: _signs(values) for case_id, values in found.items()}


def _signs(found: defaultdict[str, list[str]]) -> Signs:
    return Signs(
        is_bounced=bool(found["bounced"]),
        is_held=bool(found["held"]),
        is_to_be_deleted=bool(found["deletion"]),
        files=tuple(sorted(set(found["files"]) - {SOME_FILE})),
        unsure=frozenset(found["unsure"]),
        confidence=next(iter(found["confidence"]), ""),
        target_on=min(map(date.fromisoformat, found["target"]), default=None),
    )
