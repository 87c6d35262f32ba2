"""What a letter template may say: an order and its organisation, in the words of the letter's language."""

from dataclasses import dataclass
from typing import Self

from models.letter import LetterItem, LetterOrder
from models.organisation import Organisation, Regime
from models.outbox import Template
from models.verdict import RIGHTS, Kind
from responders.words import Words
from store.authorities import Authority, authority


@dataclass(frozen=True, slots=True)
class NamedRight:
    """One right as the letter lists it; `by` is its date where that differs from the date of the answer, else ''."""

    name: str
    by: str


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The values that templates see as `letter`; dates are written out, '' for none."""

    reference: str
    received_on: str
    answer_by: str
    extended_to: str
    is_neutral: bool
    """Nothing may be guessed: the letter names no right."""
    rights: tuple[NamedRight, ...]
    extendable: tuple[str, ...]
    """Short names of the rights whose answer can be extended, where that is not true of all."""
    has_own_dates: bool
    is_unspecified: bool
    """A right is used, and the message does not say which."""
    has_complaint: bool
    complaint_by: str
    also: str
    """What else was found and is handled apart, as one phrase."""
    missing: tuple[str, ...]
    is_uk: bool
    organisation: Organisation
    lead_authority: Authority
    authorities: tuple[Authority, ...]

    @classmethod
    def of(cls, order: LetterOrder, organisation: Organisation, words: Words) -> Self:
        """Return the facts of one order; raises SettingsError for an authority or a word that there is not."""
        rights = [item for item in order.items if item.kind in RIGHTS]
        named = tuple(_named(item, order, organisation, words) for item in rights)
        complaint = next((item for item in order.items if item.kind is Kind.COMPLAINT), None)
        is_uk = organisation.regime is Regime.UK
        # For the outcome of a complaint UK law sets no date (DPA 2018 s. 164A(4)): none is promised.
        is_dated = not (is_uk and order.template is Template.ACKNOWLEDGEMENT_COMPLAINT)
        # Only the answer to a right can be extended (GDPR Art. 12(3)).
        is_extendable = order.template is Template.ACKNOWLEDGEMENT_RIGHTS and order.answer_by is not None
        return cls(
            reference=order.reference,
            received_on=words.date(order.received_on),
            answer_by=words.date(order.answer_by) if is_dated else "",
            extended_to=words.date(order.answer_by_extended) if is_extendable else "",
            is_neutral=not order.items,
            rights=named,
            extendable=_extendable(rights, organisation, words),
            has_own_dates=any(right.by for right in named),
            is_unspecified=any(item.kind is Kind.UNSPECIFIED for item in rights),
            has_complaint=complaint is not None,
            complaint_by="" if is_uk else words.date(complaint.due_on if complaint else order.answer_by),
            also=words.listed(_others(order, organisation, words)),
            missing=tuple(words.field(name) for name in order.missing),
            is_uk=is_uk,
            organisation=organisation,
            lead_authority=authority(organisation.lead_authority),
            authorities=_further_authorities(organisation),
        )


def _named(item: LetterItem, order: LetterOrder, organisation: Organisation, words: Words) -> NamedRight:
    by = "" if item.due_on == order.answer_by else words.date(item.due_on)
    return NamedRight(words.kind(item.kind, organisation.regime), by)


def _extendable(rights: list[LetterItem], organisation: Organisation, words: Words) -> tuple[str, ...]:
    extendable = [item for item in rights if item.extended_on is not None]
    if len(extendable) == len(rights):
        return ()
    return tuple(words.kind(item.kind, organisation.regime).partition(" (")[0] for item in extendable)


def _others(order: LetterOrder, organisation: Organisation, words: Words) -> list[str]:
    """Return what is neither a right nor a complaint nor what the letter itself is about."""
    main = Kind.JOB_APPLICATION if order.template is Template.ACKNOWLEDGEMENT_JOB else Kind.COMPLAINT
    apart = (item.kind for item in order.items if item.kind not in RIGHTS | {main, Kind.COMPLAINT})
    return [words.kind(kind, organisation.regime) for kind in apart]


def _further_authorities(organisation: Organisation) -> tuple[Authority, ...]:
    codes = dict.fromkeys(code.upper() for code in organisation.authorities)
    return tuple(authority(code) for code in codes if code != organisation.lead_authority.upper())
