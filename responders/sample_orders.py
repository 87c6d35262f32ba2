"""Invented orders for every case that templates tell apart: for checks, never for real people."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from models.letter import LetterItem, LetterOrder
from models.mail import Address
from models.organisation import Mailbox, Organisation, Regime
from models.outbox import OutboxState, Template
from models.verdict import RIGHTS, Kind

_RECEIVED, _SOON = date(2026, 3, 5), date(2026, 3, 9)
_ANSWER, _EXTENDED = date(2026, 4, 7), date(2026, 6, 5)
_FIELDS = ("full_name", "account_email", "postal_address", "phone")
_COMPLAINT = LetterItem(Kind.COMPLAINT, _ANSWER)
_SOON_DUE = {Kind.OBJECTION_MARKETING, Kind.WITHDRAW_CONSENT}
_NOT_EXTENDED = _SOON_DUE | {Kind.POST_MORTEM, Kind.CHAT_ERASURE, Kind.UNSPECIFIED}
_ALL_KINDS = tuple(
    LetterItem(kind, _SOON if kind in _SOON_DUE else _ANSWER, None if kind in _NOT_EXTENDED else _EXTENDED)
    for kind in Kind
)


def sample_orders(language: str) -> Iterator[tuple[LetterOrder, Mailbox]]:
    """Yield invented orders that together use every branch and every word of a language's templates."""
    for regime in Regime:
        mailbox = sample_mailbox(regime)
        for template, items in _CASES:
            yield sample_order(language, template, items, regime), mailbox


def sample_mailbox(regime: Regime) -> Mailbox:
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
    )
    return Mailbox(name="privacy", organisation=organisation, address="privacy@example.org", timezone="UTC")


def sample_order(language: str, template: Template, items: tuple[LetterItem, ...], regime: Regime) -> LetterOrder:
    """Return an invented order that misses everything a request could say."""
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
        missing=_FIELDS if template is Template.ACKNOWLEDGEMENT_RIGHTS else (),
        in_reply_to="<1@example.net>",
        references=("<1@example.net>",),
        state=OutboxState.SHADOW,
        reason="",
        ordered_at=datetime(2026, 3, 5, 9, 30, tzinfo=UTC),
    )


_CASES: tuple[tuple[Template, tuple[LetterItem, ...]], ...] = (
    (Template.ACKNOWLEDGEMENT_RIGHTS, ()),
    (Template.ACKNOWLEDGEMENT_RIGHTS, _ALL_KINDS),
    (Template.ACKNOWLEDGEMENT_RIGHTS, tuple(item for item in _ALL_KINDS if item.kind in RIGHTS and item.extended_on)),
    (Template.ACKNOWLEDGEMENT_COMPLAINT, (_COMPLAINT,)),
    (Template.ACKNOWLEDGEMENT_JOB, (LetterItem(Kind.JOB_APPLICATION, _ANSWER),)),
)
