"""Requests about data of a customer, whose processor we are: passed on, chased, with proof (GDPR Art. 28(3)(e)).

Also everybody else who is asked something in a case: one register of asked, due, chased, answered.
"""

from dataclasses import replace
from datetime import date

from cases.checklists import end_tasks
from cases.clock_kinds import ClockKind
from cases.lifecycle import Deed
from cases.office import Office, paragraphs
from cases.situation import Given, rows_of
from models.audit import Action
from models.case import CaseState, ItemResult
from models.casework import Customer, PartyRole, ThirdParty
from models.errors import NotAllowed, NotFound
from models.letter import Enclosure
from models.mail import Address
from models.outbox import Template
from models.verdict import Kind

_FORWARDABLE = frozenset(set(Kind) - {Kind.AUTHORITY, Kind.INCIDENT, Kind.JOB_APPLICATION})


def forward(office: Office, customer: Customer | None, requests: list[Enclosure], *, text: str = "") -> None:
    """Pass the case on to a customer's administrator with the mails, and tell the person; raises NotAllowed.

    The items end as forwarded; the register keeps who was asked when, and chases them by the clock for processors.
    """
    office.permit(Deed.FORWARD, Given(has_customer=customer is not None, text=text))
    if customer is None:
        raise NotAllowed("say to which customer")
    items = [item for item in office.open_items() if item.kind in _FORWARDABLE]
    if not items:
        raise NotAllowed("none of its open items can be passed on")
    due_on = office.clock.due(ClockKind.PROCESSOR_FORWARD, office.now).due_on
    party = ThirdParty(
        case_id=office.case.id or 0,
        role=PartyRole.CUSTOMER,
        name=customer.name,
        address=customer.administrator,
        language=customer.language,
        asked_on=office.today,
        due_on=due_on,
    )
    office.session.add(party)
    request = office.order_to(
        Address("", customer.administrator),
        customer.language,
        Template.CONTROLLER_REQUEST,
        items,
        third_party=customer.name,
        answer_by=due_on,
        enclosures=tuple(requests),
    )
    office.send(request, party)
    if office.case.requester_address:
        told = office.order(Template.FORWARDED, items)
        told = replace(told, third_party=customer.name, sent_on=office.today, text=paragraphs(text))
        office.send(told)
    for item in items:
        item.result, item.decided_at, item.decided_by = ItemResult.FORWARDED, office.now, office.actor.name
        end_tasks(office.session, item, office.now, office.actor.name)
    office.case.customer_id = customer.id
    office.session.flush()
    if office.open_items():
        office.case.status = CaseState.OPEN
    office.note(Action.PARTY_ASKED, role=party.role, kinds=[item.kind for item in items])


def requests_of(office: Office) -> list[Enclosure]:
    """Return the mails of a case as files, oldest first; copies, and those whose bytes were erased, are left out."""
    kept = [one.sealed_id for one in office.messages() if one.sealed_id and one.duplicate_of is None]
    opened = (office.vault.open(office.session, sealed) for sealed in kept)
    return [Enclosure(f"request-{number}.eml", raw) for number, raw in enumerate(opened, 1)]


def ask_party(
    office: Office,
    role: PartyRole,
    name: str,
    address: str,
    language: str,
    *,
    text: str,
    answer_by: date | None = None,
) -> None:
    """Ask a partner, an authority or a recipient, in words of staff, and keep it in the register.

    Without an address no letter goes out: they were asked in another way. Raises NotAllowed.
    """
    if office.is_closed:
        raise NotAllowed("the case is closed: reopen it first")
    if role is PartyRole.CUSTOMER:
        raise NotAllowed("a customer is asked by passing the case on")
    if not name.strip() or (address and not text.strip()):
        raise NotAllowed("say who is asked" if not name.strip() else "the letter needs words of yours")
    if answer_by is not None and answer_by < office.today:
        raise NotAllowed("an answer cannot be wanted before today")
    due_on = answer_by or office.clock.due(ClockKind.PROCESSOR_FORWARD, office.now).due_on
    party = ThirdParty(
        case_id=office.case.id or 0,
        role=role,
        name=name.strip()[:200],
        address=address,
        language=language,
        asked_on=office.today,
        due_on=due_on,
    )
    office.session.add(party)
    office.note(Action.PARTY_ASKED, role=role)
    if address:
        order = office.order_to(Address("", address), language, Template.PARTY_QUESTION, text=paragraphs(text))
        office.send(replace(order, answer_by=due_on, third_party=party.name), party)
    office.remember(f"asked {role}", "" if address else text)


def parties(office: Office) -> list[ThirdParty]:
    """Return everybody who was asked in the case, oldest first."""
    return rows_of(office.session, ThirdParty, office.case)


def party_numbered(office: Office, number: int) -> ThirdParty:
    """Return a third party of the case; raises NotFound."""
    party = office.session.get(ThirdParty, number)
    if party is None or party.case_id != office.case.id:
        raise NotFound(f"there is no third party {number} in this case; `rightsdesk case show` lists them")
    return party


def chase(office: Office, party: ThirdParty, *, text: str = "") -> None:
    """Remind a third party that has not answered; raises NotAllowed."""
    if party.answered_on is not None or not party.address:
        raise NotAllowed("they have answered" if party.answered_on else "there is no address to write to")
    new_due = office.clock.due(ClockKind.PROCESSOR_FORWARD, office.now).due_on
    order = office.order_to(
        *(Address("", party.address), party.language, Template.THIRD_PARTY_REMINDER),
        sent_on=party.asked_on,
        was_due_on=party.due_on,
        answer_by=new_due,
        third_party=party.name,
        text=paragraphs(text),
    )
    party.chased_on, party.due_on = office.today, new_due
    office.session.add(party)
    office.note(Action.PARTY_CHASED, role=party.role, due_on=new_due)
    office.send(order)


def note_answer(office: Office, party: ThirdParty, on: date | None = None) -> None:
    """Note that a third party has answered; raises NotAllowed for a day that cannot be."""
    day = on or office.today
    if not party.asked_on <= day <= office.today:
        raise NotAllowed("the answer lies between the question and today")
    party.answered_on = day
    office.session.add(party)
    office.note(Action.PARTY_ANSWERED, role=party.role, on=day)
