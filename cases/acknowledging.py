"""Whether a new case is acknowledged at once, by which letter, and what that letter is to say."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from cases.applications import kept_until
from cases.clocks import OfficeClock
from cases.identity_levels import needed_level
from models.case import Case, RequestItem
from models.letter import LetterItem, LetterOrder
from models.mail import Address, Nature, ParsedMail, Screening
from models.organisation import Organisation, Regime
from models.outbox import ACKNOWLEDGEMENTS, OutboxMail, OutboxState, Template
from models.verdict import RIGHTS, Doubt, Fields, Kind, Verdict

_ACCOUNT = "account_email"


def acknowledgement(
    session: Session,
    case: Case,
    items: list[RequestItem],
    mail: ParsedMail,
    screening: Screening,
    verdict: Verdict,
    clock: OfficeClock,
    now: datetime,
) -> LetterOrder | None:
    """Return the acknowledgement to write, None where a person decides first or none is due."""
    template = _template(items, verdict.doubt)
    if template is None or not _may_answer(case, screening, verdict):
        return None
    order = _order(case, items, template, verdict, clock, now)
    order = replace(order, in_reply_to=mail.message_id, references=(*mail.references, mail.message_id))
    return _over_cap(session, order, clock) or order


def _may_answer(case: Case, screening: Screening, verdict: Verdict) -> bool:
    return (
        screening.nature is Nature.PERSON
        and screening.is_answerable
        and not screening.forwarded_by_staff
        and case.suggested_case_id is None
        and verdict.doubt is not Doubt.REQUEST
        and bool(verdict.kinds)
    )


def _template(items: list[RequestItem], doubt: Doubt) -> Template | None:
    kinds = {item.kind for item in items}
    if Kind.AUTHORITY in kinds:
        return None  # a person writes to an authority
    if kinds & RIGHTS or (Kind.COMPLAINT in kinds and doubt is Doubt.KINDS):
        return Template.ACKNOWLEDGEMENT_RIGHTS
    if Kind.COMPLAINT in kinds:
        return Template.ACKNOWLEDGEMENT_COMPLAINT
    return Template.ACKNOWLEDGEMENT_JOB if Kind.JOB_APPLICATION in kinds else None


def _order(
    case: Case, items: list[RequestItem], template: Template, verdict: Verdict, clock: OfficeClock, now: datetime
) -> LetterOrder:
    organisation = clock.mailbox.organisation
    named = [item for item in items if item.kind is not Kind.INCIDENT]
    if verdict.doubt is Doubt.KINDS:
        named = [RequestItem(case_id=0, kind=Kind.UNSPECIFIED, received_at=case.received_at)]
        clock.set_due(named[0])
    lines = [_line(item, clock) for item in sorted(named, key=lambda item: (item.due_at or now, item.kind))]
    # A UK complaint is acknowledged and looked into; the law sets no date for the outcome (DPA 2018 s. 164A).
    dated = [line for line in lines if not (line.kind is Kind.COMPLAINT and organisation.regime is Regime.UK)]
    return LetterOrder(
        template=template,
        case_id=case.id,
        reference=case.reference,
        mailbox=case.mailbox,
        language=organisation.language_for(case.language),
        to=_requester(case),
        received_on=clock.local_date(case.received_at),
        items=() if verdict.doubt is Doubt.KINDS else tuple(lines),
        answer_by=max((line.due_on for line in dated if line.due_on), default=None),
        answer_by_extended=max((line.extended_on for line in dated if line.extended_on), default=None),
        missing=_missing(named, organisation, verdict.fields) if template is Template.ACKNOWLEDGEMENT_RIGHTS else (),
        state=organisation.letter_state,
        ordered_at=now,
        delete_by=kept_until(clock, case.received_at) if template is Template.ACKNOWLEDGEMENT_JOB else None,
        once_key=f"acknowledgement of case {case.id}",
        is_automatic=True,
    )


def _line(item: RequestItem, clock: OfficeClock) -> LetterItem:
    return LetterItem(item.kind, item.due_on, clock.extended_limit(item.kind, item.received_at))


def _requester(case: Case) -> Address:
    return Address(case.requester_name, case.requester_address)


def _missing(items: list[RequestItem], organisation: Organisation, fields: Fields) -> tuple[str, ...]:
    """Return what to ask for besides: to take an address off a list, nobody need be known (GDPR Art. 5(1)(c))."""
    must_be_known = any(needed_level(item.kind, organisation) for item in items)
    asked = organisation.asks_for if must_be_known else [name for name in organisation.asks_for if name == _ACCOUNT]
    return tuple(name for name in asked if not getattr(fields, name))


def _over_cap(session: Session, order: LetterOrder, clock: OfficeClock) -> LetterOrder | None:
    """Return the order as held, where its address had its share of automatic letters within a day (RFC 3834, 2)."""
    organisation = clock.mailbox.organisation
    query = select(func.count()).where(
        col(OutboxMail.organisation) == organisation.slug,
        col(OutboxMail.to_address) == order.to.address,
        col(OutboxMail.created_at) > order.ordered_at - timedelta(days=1),
        col(OutboxMail.state) != OutboxState.HELD,
        col(OutboxMail.template).in_(sorted(ACKNOWLEDGEMENTS)),
    )
    count = session.exec(query).one()
    if count < organisation.acks_per_address_per_day:
        return None
    reason = f"{count} automatic letters went to this address within a day already (acks_per_address_per_day)"
    return replace(order, state=OutboxState.HELD, reason=reason)
