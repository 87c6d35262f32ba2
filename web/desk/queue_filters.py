"""The filters of the queue: what an address asks for, and what the form offers."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.narrowing import FILES, ROLES, TARGETS, Narrowing
from cases.worklist import Filters
from models.case import Identity, ItemResult
from models.casework import PauseReason
from models.verdict import Confidence
from web.desk.accounts import Visitor
from web.desk.pages import Pages, clean

TICKS = {
    "replied": "the person has written",
    "extended": "extended",
    "bounced": "a letter came back",
    "held": "a letter did not go out",
    "merged": "merged into another case",
    "deletion": "deletion was asked for",
}
DAYS = {
    "due_from": "Due from",
    "due_to": "Due until",
    "received_from": "Received from",
    "received_to": "Received until",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter of which one value may be chosen."""

    name: str
    label: str
    values: tuple[str, ...]


def choices_of(pages: Pages, who: Visitor) -> list[Choice]:
    """Return the further filters that somebody is offered: what there is only one of is none."""
    boxes = [box for box in pages.parts.mailboxes if who.may_see(box.organisation.slug)]
    languages = {language for box in boxes for language in box.organisation.languages}
    found = (
        Choice("identity", "Identity", tuple(Identity)),
        Choice("role", "Our role", ROLES),
        Choice("stopped", "Stopped by a question for", tuple(PauseReason)),
        Choice("result", "Ended as", tuple(ItemResult)),
        Choice("target", "Our own target", TARGETS),
        Choice("files", "Files", FILES),
        Choice("confidence", "How sure", tuple(Confidence)),
        Choice("language", "Language", tuple(sorted(languages))),
        Choice("mailbox", "Mailbox", tuple(sorted({box.name for box in boxes}))),
        Choice("of", "Organisation", tuple(sorted({box.organisation.slug for box in boxes}))),
    )
    return [choice for choice in found if len(choice.values) > 1]


def unoffered(more: Narrowing, choices: list[Choice]) -> Mapping[str, str]:
    """Return the filters that are set and have no field in the form: it carries them along."""
    fields = {*TICKS, *DAYS, "tag", *(choice.name for choice in choices)}
    return {name: value for name, value in more.query().items() if name not in fields}


def filters_of(pages: Pages, asked: dict[str, str], who: Visitor, page: int = 1) -> Filters:
    """Return the filters that an address asks for; what makes no sense in it is left out."""
    return Filters(
        organisation=who.organisation,
        status=asked.get("status", ""),
        kind=asked.get("kind", ""),
        due=asked.get("due", ""),
        owner=clean(asked.get("owner", ""))[:80],
        review=asked.get("review") == "1",
        words=clean(asked.get("q", ""))[:200],
        page=page,
        more=Narrowing.of_address({name: clean(value) for name, value in asked.items()}, pages.zone(who)),
    )
