"""What a letter template may say: an order and its organisation, in the words of the letter's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from models.case import ItemResult
from models.letter import Effect, LetterItem, LetterOrder, Proof
from models.organisation import Organisation, Regime
from models.outbox import Template
from models.verdict import RIGHTS, Kind
from responders.words import Words
from store.authorities import Authority, authority


@dataclass(frozen=True, slots=True)
class NamedRight:
    """One right as the letter lists it."""

    kind: str
    name: str
    """To the person: "access to your personal data ..."."""
    matter: str
    """To anybody else: "access"."""
    title: str
    by: str
    """Its date where that differs from the date of the answer, else ''."""
    result: str
    ground: str
    """Why it is declined, as the end of a sentence; '' where it is not."""


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """The values that templates see as `letter`; dates are written out, '' for none."""

    language: str
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
    law: str
    extension_article: str
    text: tuple[str, ...]
    """What staff add, paragraph by paragraph."""
    asks: tuple[str, ...]
    asks_document: bool
    stops_clock: bool
    moves_start: bool
    steps: tuple[str, ...]
    """How the date was counted, a sentence each."""
    rest_by: str
    """The date of what a question that stops a clock does not stop."""
    third_party: str
    sent_on: str
    was_due_on: str
    close_on: str
    delete_by: str
    backups_until: str
    outcome: str
    deeds: str
    """What was done with the data, for its recipients, as one phrase."""
    alarm: str
    today: str
    figures: Mapping[str, int]
    entries: tuple[str, ...]
    page_address: str
    """Of the requester's page; '' where letters carry no link."""
    page_until: str
    has_own_record: bool = True
    """The case itself is kept as a record of the request (GDPR Art. 5(2))."""

    @classmethod
    def of(cls, order: LetterOrder, organisation: Organisation, words: Words, steps: Sequence[str] = ()) -> Self:
        """Return the facts of one order; raises SettingsError for an authority or a word that there is not."""
        return cls(
            **_answered(order, organisation, words),
            **_dates(order, words),
            language=words.language,
            reference=order.reference,
            is_neutral=not order.items,
            missing=tuple(words.field(name) for name in order.missing),
            is_uk=organisation.regime is Regime.UK,
            organisation=organisation,
            lead_authority=authority(organisation.lead_authority),
            authorities=_further_authorities(organisation),
            law=words.word("law", organisation.regime),
            extension_article=words.word("article_extension", organisation.regime),
            text=order.text,
            asks=tuple(words.word("proofs", _proof_word(proof, order)) for proof in order.proofs),
            asks_document=Proof.IDENTITY_DOCUMENT in order.proofs,
            stops_clock=order.effect is Effect.STOPS,
            moves_start=order.effect is Effect.MOVES_START,
            steps=tuple(steps),
            third_party=order.third_party,
            outcome=order.outcome or "",
            deeds=words.listed(_deeds(order, words)),
            alarm=_capital(words.word("alarms", order.alarm)) if order.alarm else "",
            figures=order.figures,
            entries=tuple(_entries(order, words)),
            page_address=order.page_address,
        )


def _answered(order: LetterOrder, organisation: Organisation, words: Words) -> dict[str, Any]:
    """Return what is asked for and by when it is answered."""
    rights = [item for item in order.items if item.kind in RIGHTS]
    named = tuple(_named(item, order, organisation, words) for item in rights)
    complaint = next((item for item in order.items if item.kind is Kind.COMPLAINT), None)
    is_uk = organisation.regime is Regime.UK
    # For the outcome of a complaint UK law sets no date (DPA 2018 s. 164A(4)): none is promised.
    is_dated = not (is_uk and order.template is Template.ACKNOWLEDGEMENT_COMPLAINT)
    # Only the answer to a right can be extended (GDPR Art. 12(3)).
    is_extendable = order.template is Template.ACKNOWLEDGEMENT_RIGHTS and order.answer_by is not None
    return {
        "answer_by": words.date(order.answer_by) if is_dated else "",
        "extended_to": words.date(order.answer_by_extended) if is_extendable else "",
        "rights": named,
        "extendable": _extendable(rights, organisation, words),
        "has_own_dates": any(right.by for right in named),
        "is_unspecified": any(item.kind is Kind.UNSPECIFIED for item in rights),
        "has_complaint": complaint is not None,
        "complaint_by": "" if is_uk else words.date(complaint.due_on if complaint else order.answer_by),
        "also": words.listed(_others(order, organisation, words)),
    }


def _dates(order: LetterOrder, words: Words) -> dict[str, Any]:
    """Return the days that a letter is given, written out."""
    names = ("received_on", "rest_by", "sent_on", "was_due_on", "close_on", "delete_by", "backups_until", "page_until")
    return {name: words.date(getattr(order, name)) for name in names} | {"today": words.date(order.received_on)}


def _named(item: LetterItem, order: LetterOrder, organisation: Organisation, words: Words) -> NamedRight:
    ground = words.word("grounds", item.ground) if item.ground else ""
    return NamedRight(
        kind=item.kind.value,
        name=words.kind(item.kind, organisation.regime),
        matter=words.word("matters", item.kind),
        title=words.word("titles", item.kind),
        by="" if item.due_on == order.answer_by else words.date(item.due_on),
        result=ItemResult.REFUSED if item.result is ItemResult.NOT_IDENTIFIED else item.result or "",
        ground=ground.replace("{law}", words.word("law", organisation.regime)),
    )


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


def _proof_word(proof: Proof, order: LetterOrder) -> str:
    """Return how a letter asks for a proof; a code is for the page only where the letter says where that is."""
    is_on_page = proof is Proof.CODE and order.proves_by_page and bool(order.page_address)
    return "code_on_page" if is_on_page else proof.value


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _deeds(order: LetterOrder, words: Words) -> list[str]:
    told = (Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION)
    return [words.word("deeds", item.kind) for item in order.items if item.kind in told]


def _entries(order: LetterOrder, words: Words) -> list[str]:
    entries = []
    for line in order.lines:
        kinds = words.listed(words.word("matters", kind) for kind in line.kinds)
        wording = words.word("entry", "due" if line.due_on else "waiting")
        entries.append(wording.format(reference=line.reference, kinds=kinds, date=words.date(line.due_on)))
    return entries


def _further_authorities(organisation: Organisation) -> tuple[Authority, ...]:
    codes = dict.fromkeys(code.upper() for code in organisation.authorities)
    return tuple(authority(code) for code in codes if code != organisation.lead_authority.upper())
