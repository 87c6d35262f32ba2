"""Invented orders for every case that templates tell apart: for checks and previews, never for real people."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from models.case import Ground, ItemResult
from models.letter import AlarmKind, Effect, LetterItem, LetterOrder, Proof, ReportLine
from models.mail import Address
from models.organisation import Mailbox, Organisation, Regime
from models.outbox import ACKNOWLEDGEMENTS, OutboxState, Template
from models.steps import StepCode, step
from models.verdict import RIGHTS, Kind

_RECEIVED, _SOON = date(2026, 3, 5), date(2026, 3, 9)
_ANSWER, _EXTENDED = date(2026, 4, 7), date(2026, 6, 5)
_FIELDS = ("full_name", "account_email", "postal_address", "phone")
_COMPLAINT = LetterItem(Kind.COMPLAINT, _ANSWER)
_KEPT = date(2026, 9, 5)
_STEPS = (
    step(StepCode.RECEIVED, day=_RECEIVED, timezone="Europe/Dublin"),
    step(StepCode.MONTHS, months=3, start=_RECEIVED, end=_EXTENDED, source="GDPR Art. 12(3)"),
    step(StepCode.DUE, end=_EXTENDED, timezone="Europe/Dublin"),
)
_SOON_DUE = {Kind.OBJECTION_MARKETING, Kind.WITHDRAW_CONSENT}
_NOT_EXTENDED = _SOON_DUE | {Kind.POST_MORTEM, Kind.CHAT_ERASURE, Kind.UNSPECIFIED}
_ALL_KINDS = tuple(
    LetterItem(kind, _SOON if kind in _SOON_DUE else _ANSWER, None if kind in _NOT_EXTENDED else _EXTENDED)
    for kind in Kind
)
_SOME_RIGHTS = tuple(item for item in _ALL_KINDS if item.kind in (Kind.ACCESS, Kind.ERASURE))
_TEXT = ("First paragraph of what staff write.", "Second paragraph of what staff write.")
_FIGURES = dict.fromkeys(("overdue", "due_today", "due_soon", "open", "waiting", "review", "unopened", "held"), 3)
_PAGE: dict[str, Any] = {
    "page_address": "https://privacy.example.org/s/nTOy6v5YyQ2F3kq0Zr8mWw1dXb7cPj4GsLhAeUiKoVk",
    "page_until": _KEPT,
}
_LINES = (
    ReportLine("RD-7KQ-4M2-XN9", (Kind.ACCESS, Kind.ERASURE), _ANSWER),
    ReportLine("RD-3CD-6FG-HJ4", (Kind.PORTABILITY,), None),
)


def sample_orders(language: str, own: Path | None = None) -> Iterator[tuple[LetterOrder, Mailbox]]:
    """Yield invented orders that together use every branch and every word of a language's templates."""
    for regime in Regime:
        mailbox = sample_mailbox(regime, own)
        for template, items, more in _cases():
            yield replace(sample_order(language, template, items, regime), **more), mailbox


def sample_mailbox(regime: Regime, own: Path | None = None) -> Mailbox:
    """Return an invented mailbox of an invented organisation."""
    is_uk = regime is Regime.UK
    organisation = Organisation(
        slug="example",
        name="Example & Söhne Ltd",
        address="1 High Street, London EC1A 1BB" if is_uk else "1 Main Street, Dublin 2, D02 XY45",
        regime=regime,
        country="GB-ENG" if is_uk else "IE",
        timezone="Europe/London" if is_uk else "Europe/Dublin",
        languages=("en",),
        contact="privacy@example.org",
        lead_authority="GB" if is_uk else "IE",
        authorities=("FR", "ES"),
        templates=own,
    )
    return Mailbox(name="privacy", organisation=organisation, address="privacy@example.org", timezone="UTC")


def sample_order(language: str, template: Template, items: tuple[LetterItem, ...], regime: Regime) -> LetterOrder:
    """Return an invented order; an acknowledgement misses everything a request could say."""
    is_undated = regime is Regime.UK and template is Template.ACKNOWLEDGEMENT_COMPLAINT
    return LetterOrder(
        template=template,
        case_id=1,
        reference="RD-7KQ-4M2-XN9",
        mailbox="privacy",
        language=language,
        to=Address("Ada Example", "ada@example.net"),
        received_on=_RECEIVED,
        items=items,
        answer_by=None if is_undated else _ANSWER,
        answer_by_extended=_EXTENDED if template is Template.ACKNOWLEDGEMENT_RIGHTS else None,
        delete_by=_KEPT if template is Template.ACKNOWLEDGEMENT_JOB else None,
        missing=_FIELDS if template is Template.ACKNOWLEDGEMENT_RIGHTS else (),
        in_reply_to="<1@example.net>",
        references=("<1@example.net>",),
        state=OutboxState.SHADOW,
        reason="",
        ordered_at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
        is_automatic=template in ACKNOWLEDGEMENTS,
    )


def _cases() -> Iterator[tuple[Template, tuple[LetterItem, ...], Mapping[str, Any]]]:
    yield from ((template, items, {}) for template, items in _ACKNOWLEDGED)
    for effect in Effect:
        yield Template.IDENTITY_QUESTION, _SOME_RIGHTS, {"proofs": tuple(Proof), "text": _TEXT, "effect": effect}
        yield Template.CLARIFICATION, _SOME_RIGHTS, {"text": _TEXT, "effect": effect}
        yield Template.FEE_NOTICE, _SOME_RIGHTS, {"text": _TEXT, "effect": effect}
    yield from ((template, _SOME_RIGHTS, more) for template, more in _PLAIN.items())
    yield from _with_page()
    for result in (ItemResult.FULFILLED, ItemResult.NO_DATA):
        items = tuple(replace(item, result=result) for item in _ALL_KINDS if item.kind in RIGHTS)
        yield (
            *(Template.ANSWER, items),
            {"text": _TEXT, "backups_until": _EXTENDED if result is ItemResult.FULFILLED else None},
        )
    for ground in Ground:
        for result in (ItemResult.REFUSED, ItemResult.PARTLY):
            items = tuple(replace(item, result=result, ground=ground) for item in _SOME_RIGHTS)
            yield Template.ANSWER, items, {"text": _TEXT}
        yield Template.REFUSAL, items, {"text": _TEXT}
    for outcome in ItemResult:
        yield Template.CLOSING, _SOME_RIGHTS, {"outcome": outcome, "text": _TEXT}
    told = tuple(item for item in _ALL_KINDS if item.kind in (Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION))
    yield Template.RECIPIENTS_NOTICE, told, {"text": _TEXT, "third_party": "Paper Post Ltd"}
    for alarm in AlarmKind:
        yield Template.WARNING, (), {"alarm": alarm, "lines": _LINES, "figures": {"more": 3}}
    yield Template.DIGEST, (), {"figures": _FIGURES, "lines": _LINES, "reference": "", "case_id": None}
    yield Template.DIGEST, (), {"figures": _FIGURES, "reference": "", "case_id": None}


def _with_page() -> Iterator[tuple[Template, tuple[LetterItem, ...], Mapping[str, Any]]]:
    """Yield the letters that carry the link to a page, as they read with it."""
    yield from ((template, items, _PAGE) for template, items in _ACKNOWLEDGED)
    yield Template.IDENTITY_QUESTION, _SOME_RIGHTS, {"proofs": (Proof.CODE,), "proves_by_page": True} | _PAGE
    yield Template.CLARIFICATION, _SOME_RIGHTS, {"text": _TEXT} | _PAGE
    yield Template.PROOF_LINK, (), {"reference": ""} | _PAGE
    yield Template.STATUS, _SOME_RIGHTS, {**_PLAIN[Template.STATUS], **_PAGE}


_ACKNOWLEDGED: tuple[tuple[Template, tuple[LetterItem, ...]], ...] = (
    (Template.ACKNOWLEDGEMENT_RIGHTS, ()),
    (Template.ACKNOWLEDGEMENT_RIGHTS, _ALL_KINDS),
    (Template.ACKNOWLEDGEMENT_RIGHTS, tuple(item for item in _ALL_KINDS if item.kind in RIGHTS and item.extended_on)),
    (Template.ACKNOWLEDGEMENT_COMPLAINT, (_COMPLAINT,)),
    (Template.ACKNOWLEDGEMENT_JOB, (LetterItem(Kind.JOB_APPLICATION, _ANSWER),)),
)
_PLAIN: Mapping[Template, Mapping[str, Any]] = {
    Template.EXTENSION: {"text": _TEXT, "answer_by": _EXTENDED, "steps": _STEPS},
    Template.FORWARDED: {"third_party": "Stride Fitness Ltd", "sent_on": _SOON, "text": _TEXT},
    Template.CONTROLLER_REQUEST: {"third_party": "Stride Fitness Ltd", "answer_by": _SOON},
    Template.NO_DATA: {"text": _TEXT},
    Template.UNSUBSCRIBE_DONE: {"text": _TEXT},
    Template.COMPLAINT_ANSWER: {"text": _TEXT},
    Template.AUTHORITY_RECEIPT: {"text": _TEXT},
    Template.INCIDENT_RECEIPT: {"text": _TEXT},
    Template.MESSAGE: {"text": _TEXT},
    Template.PARTY_QUESTION: {"text": _TEXT, "answer_by": _SOON, "third_party": "Paper Post Ltd"},
    Template.PEOPLE_TEAM: {"delete_by": _EXTENDED},
    Template.THIRD_PARTY_REMINDER: {"sent_on": _RECEIVED, "was_due_on": _SOON, "text": _TEXT},
    Template.STATUS: {"sent_on": _SOON, "close_on": _EXTENDED, "proofs": (Proof.MANDATE,), "text": _TEXT},
}
