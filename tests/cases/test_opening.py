"""What becomes of a mail: cases, threads, copies, archives, letters. Rules alone, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import parsed, stored
from mailboxes import organisation
from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.opening import Evidence, Registry
from models.audit import Action, AuditEntry
from models.case import Case, CaseState, RequestItem
from models.letter import LetterOrder
from models.mail import Address, Dmarc, Nature, Screening
from models.message import Message, Outcome, SealedMail
from models.organisation import Mailbox, Organisation, Regime
from models.outbox import OutboxMail, OutboxState, Template
from models.verdict import Doubt, Fields, Kind, Label, Verdict
from store.audit import Audit
from store.database import Database

RECEIVED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANA = Address("Ana Ruiz", "ana@mail.example")
BEN = Address("Ben Okoro", "ben@mail.example")
UK = organisation(asks_for=("full_name", "account_email"), acks_per_address_per_day=2)


class Office:
    """A registry with short ways to say: this mail came in."""

    def __init__(self, session: Session, audit: Audit, office: Organisation = UK) -> None:
        self.session = session
        self.mailbox = Mailbox("contact", office, "contact@example.org", office.timezone)
        self.registry = Registry(OfficeClock(self.mailbox), audit)
        self.count = 0

    def receive(
        self,
        *labels: Label,
        sender: Address | None = ANA,
        received_at: datetime = RECEIVED,
        doubt: Doubt = Doubt.NONE,
        is_old: bool = False,
        language: str = "en",
        fields: Fields | None = None,
        answers: str = "",
        subject: str = "Hello",
        text: str = "some words",
        **screening: object,
    ) -> tuple[Message, list[LetterOrder]]:
        self.count += 1
        message = stored(self.count, received_at)
        self.session.add(message)
        self.session.flush()
        mail = parsed(message.message_id, sender, subject=subject, text=text, answers=answers)
        seen = Screening(Nature.PERSON, (), sender, is_answerable=sender is not None)
        verdict = Verdict(language, labels, {}, doubt, "test", fields or Fields())
        evidence = Evidence(mail, replace(seen, **screening), verdict, is_old)  # type: ignore[arg-type]
        orders = self.registry.file_message(self.session, message, evidence, received_at)
        self.session.flush()
        for order in orders:
            self._write(order)
        return message, orders

    def _write(self, order: LetterOrder) -> None:
        key = f"sealed{self.count}"
        self.session.add(SealedMail(id=key, wrapped_key=b"", master_key_id="", size=0))
        self.session.add(
            OutboxMail(
                organisation="example",
                mailbox="contact",
                case_id=order.case_id,
                template=order.template,
                language=order.language,
                to_address=order.to.address,
                subject="",
                message_id=f"<letter{self.count}@example.org>",
                sealed_id=key,
                state=order.state,
                created_at=order.ordered_at,
                next_try_at=order.ordered_at,
            )
        )
        self.session.flush()

    def cases(self) -> list[Case]:
        return list(self.session.exec(select(Case).order_by(col(Case.id))))

    def items(self, case: Case) -> dict[Kind, RequestItem]:
        found = self.session.exec(select(RequestItem).where(col(RequestItem.case_id) == case.id))
        return {item.kind: item for item in found}


@pytest.fixture
def office(database: Database, audit: Audit):
    with database.transaction() as session:
        yield Office(session, audit)


def test_a_request_opens_a_case_with_an_item_for_each_kind_and_a_letter(office: Office) -> None:
    message, orders = office.receive(Label.ACCESS, Label.ERASURE)
    (case,) = office.cases()
    assert (message.outcome, message.case_id) == (Outcome.CASE, case.id)
    assert (case.status, case.needs_review, case.requester_address) == (CaseState.OPEN, False, "ana@mail.example")
    assert set(office.items(case)) == {Kind.ACCESS, Kind.ERASURE}
    assert [order.template for order in orders] == [Template.ACKNOWLEDGEMENT_RIGHTS]


def test_the_due_date_is_the_month_of_the_mailbox_zone_rolled_to_a_working_day(office: Office) -> None:
    # 23:30 UTC on 3 March is still 3 March in London; 3 April 2026 is Good Friday, 6 April Easter Monday.
    office.receive(Label.ACCESS, received_at=datetime(2026, 3, 3, 23, 30, tzinfo=UTC))
    (case,) = office.cases()
    item = office.items(case)[Kind.ACCESS]
    assert item.due_on == date(2026, 4, 7)
    assert item.due_at == datetime(2026, 4, 7, 23, 0, tzinfo=UTC)  # 24:00 British Summer Time


def test_the_letter_names_dates_language_and_what_is_missing(office: Office) -> None:
    _, (order,) = office.receive(Label.ACCESS, language="fr", fields=Fields(full_name="Ana Ruiz"))
    assert (order.language, order.received_on, order.answer_by) == ("fr", date(2026, 3, 2), date(2026, 4, 2))
    assert order.answer_by_extended == date(2026, 6, 2)
    assert order.missing == ("account_email",)
    assert order.in_reply_to == "<m1@mail.example>"


def test_who_wants_no_more_advertising_is_asked_for_nothing_but_the_address_it_goes_to(
    database: Database, audit: Audit
) -> None:
    asks = ("full_name", "account_email", "postal_address", "phone")
    with database.transaction() as session:
        office = Office(session, audit, replace(UK, asks_for=asks))
        _, (order,) = office.receive(Label.OBJECTION_MARKETING)
        assert order.missing == ("account_email",)
        ben = Address("Ben", "ben@mail.example")
        _, (order,) = office.receive(Label.OBJECTION_MARKETING, Label.ACCESS, sender=ben)
        assert order.missing == asks


def test_a_language_the_organisation_does_not_write_gets_its_first(office: Office) -> None:
    _, (order,) = office.receive(Label.ACCESS, language="it")
    assert order.language == "en"
    assert office.cases()[0].language == "it"


def test_a_uk_complaint_is_acknowledged_without_a_date_of_answer(office: Office) -> None:
    _, (order,) = office.receive(Label.COMPLAINT)
    assert (order.template, order.answer_by) == (Template.ACKNOWLEDGEMENT_COMPLAINT, None)
    assert office.items(office.cases()[0])[Kind.COMPLAINT].due_on == date(2026, 4, 1)


def test_a_complaint_in_the_union_is_promised_an_answer_within_the_month(database: Database, audit: Audit) -> None:
    french = replace(UK, regime=Regime.EU, country="FR", timezone="Europe/Paris")
    with database.transaction() as session:
        _, (order,) = Office(session, audit, french).receive(Label.COMPLAINT)
    assert order.answer_by == date(2026, 4, 2)


@pytest.mark.parametrize("label", [Label.AUTHORITY, Label.INCIDENT])
def test_authorities_and_breach_reports_open_a_case_and_get_no_letter(office: Office, label: Label) -> None:
    message, orders = office.receive(label)
    assert (message.outcome, orders) == (Outcome.CASE, [])


@pytest.mark.parametrize(
    ("label", "outcome", "reason"),
    [
        (Label.OTHER, Outcome.FILED, "ordinary"),
        (Label.SPAM, Outcome.FILED, "spam"),
        (Label.AUTO, Outcome.AUTOMATIC, "machine"),
    ],
)
def test_what_asks_for_nothing_is_filed_with_its_reason(
    office: Office, label: Label, outcome: Outcome, reason: str
) -> None:
    message, orders = office.receive(label)
    assert (message.outcome, orders, office.cases()) == (outcome, [], [])
    assert reason in message.reason


def test_where_only_the_kinds_are_unsure_a_neutral_letter_goes_at_once(office: Office) -> None:
    _, (order,) = office.receive(Label.ACCESS, doubt=Doubt.KINDS)
    (case,) = office.cases()
    assert (case.status, case.needs_review) == (CaseState.REVIEW, True)
    assert (order.items, order.answer_by) == ((), date(2026, 4, 2))


def test_where_it_is_unsure_whether_it_is_a_request_the_clock_runs_and_a_person_decides(office: Office) -> None:
    message, orders = office.receive(Label.OTHER, doubt=Doubt.REQUEST)
    (case,) = office.cases()
    assert (message.outcome, orders, case.status) == (Outcome.CASE, [], CaseState.REVIEW)
    assert office.items(case)[Kind.UNSPECIFIED].due_on == date(2026, 4, 2)


@pytest.mark.parametrize("nature", [Nature.AUTO_REPLY, Nature.DELIVERY_REPORT, Nature.OWN])
def test_machines_never_open_a_case_whatever_they_say(office: Office, nature: Nature) -> None:
    message, orders = office.receive(Label.ERASURE, nature=nature, is_answerable=False)
    assert (message.outcome, orders, office.cases()) == (Outcome.AUTOMATIC, [], [])


def test_a_personal_request_in_a_marked_mail_opens_a_case_for_review_without_a_letter(office: Office) -> None:
    message, orders = office.receive(Label.ERASURE, nature=Nature.MARKED, is_answerable=False, marks=("List-Id",))
    assert (message.outcome, orders, office.cases()[0].status) == (Outcome.CASE, [], CaseState.REVIEW)


def test_a_newsletter_is_marked_automatic(office: Office) -> None:
    message, _ = office.receive(Label.OTHER, nature=Nature.MARKED, is_answerable=False, marks=("List-Id",))
    assert (message.outcome, message.reason) == (Outcome.AUTOMATIC, "List-Id")


def test_a_trusted_dmarc_failure_withholds_the_letter_and_asks_for_review(office: Office) -> None:
    _, orders = office.receive(Label.ACCESS, dmarc=Dmarc.FAIL, is_answerable=False, marks=("dmarc=fail",))
    (case,) = office.cases()
    assert (orders, case.needs_review, case.review_reason) == ([], True, "dmarc=fail")


def test_a_mail_without_a_sender_still_opens_its_case(office: Office) -> None:
    message, orders = office.receive(Label.ACCESS, sender=None)
    assert (message.outcome, orders, office.cases()[0].requester_address) == (Outcome.CASE, [], "")


def test_a_colleagues_forward_keeps_the_original_sender_to_be_confirmed(office: Office) -> None:
    _, orders = office.receive(Label.ACCESS, forwarded_by_staff=True, proposed_received="Mon, 23 Feb 2026")
    (case,) = office.cases()
    assert (orders, case.requester_address, case.status) == ([], "ana@mail.example", CaseState.REVIEW)
    assert case.proposed_received == "Mon, 23 Feb 2026"


def test_a_reply_of_the_requester_to_our_letter_joins_the_case(office: Office) -> None:
    office.receive(Label.ACCESS)
    message, orders = office.receive(
        Label.FOLLOWUP, answers="<letter1@example.org>", received_at=RECEIVED + timedelta(days=9)
    )
    (case,) = office.cases()
    assert (message.outcome, message.case_id, orders) == (Outcome.THREAD, case.id, [])
    assert office.items(case)[Kind.ACCESS].due_on == date(2026, 4, 2)


def test_a_reply_to_the_requesters_own_mail_joins_too(office: Office) -> None:
    office.receive(Label.ACCESS)
    message, _ = office.receive(Label.OTHER, answers="<m1@mail.example>")
    assert message.outcome is Outcome.THREAD


@pytest.mark.parametrize("form", ["{}", "{} please", "about {}.", "case {lower}", "{spaced}"])
def test_the_reference_in_subject_or_text_is_recognised_as_people_write_it(office: Office, form: str) -> None:
    office.receive(Label.ACCESS)
    reference = office.cases()[0].reference
    written = form.format(reference, lower=reference.lower(), spaced=reference.replace("-", " "))
    assert office.receive(Label.OTHER, subject=f"Re: {written}")[0].outcome is Outcome.THREAD
    assert office.receive(Label.OTHER, text=f"It is {written}")[0].outcome is Outcome.THREAD


def test_a_new_right_in_the_thread_opens_an_item_with_its_own_clock(office: Office) -> None:
    office.receive(Label.ACCESS)
    _, orders = office.receive(
        Label.ERASURE, answers="<letter1@example.org>", received_at=RECEIVED + timedelta(days=10)
    )
    (case,) = office.cases()
    items = office.items(case)
    assert orders == []
    assert items[Kind.ACCESS].due_on == date(2026, 4, 2)
    assert items[Kind.ERASURE].due_on == date(2026, 4, 13)  # 12 April 2026 is a Sunday


def test_somebody_elses_mail_that_names_a_case_is_a_suggestion_and_discloses_nothing(office: Office) -> None:
    office.receive(Label.ACCESS)
    message, orders = office.receive(Label.FOLLOWUP, sender=BEN, answers="<letter1@example.org>")
    first, second = office.cases()
    assert (message.case_id, orders) == (second.id, [])
    assert (second.suggested_case_id, second.status) == (first.id, CaseState.REVIEW)


def test_a_forged_sender_does_not_join(office: Office) -> None:
    office.receive(Label.ACCESS)
    office.receive(Label.ERASURE, answers="<letter1@example.org>", dmarc=Dmarc.FAIL, is_answerable=False)
    first, second = office.cases()
    assert set(office.items(first)) == {Kind.ACCESS}
    assert second.suggested_case_id == first.id


def test_the_same_sender_with_the_same_kind_joins_without_a_second_clock_or_letter(office: Office) -> None:
    office.receive(Label.ERASURE)
    message, orders = office.receive(Label.ERASURE, received_at=RECEIVED + timedelta(days=3))
    (case,) = office.cases()
    assert (message.outcome, orders) == (Outcome.THREAD, [])
    assert office.items(case)[Kind.ERASURE].due_on == date(2026, 4, 2)


def test_the_same_sender_with_another_kind_has_a_case_of_its_own(office: Office) -> None:
    office.receive(Label.ERASURE)
    office.receive(Label.COMPLAINT)
    assert len(office.cases()) == 2


def test_other_people_with_the_same_letter_have_cases_of_their_own(office: Office) -> None:
    office.receive(Label.ERASURE)
    _, orders = office.receive(Label.ERASURE, sender=BEN)
    assert len(office.cases()) == 2
    assert len(orders) == 1


def test_a_follow_up_that_names_no_known_case_opens_one_for_review(office: Office) -> None:
    message, orders = office.receive(Label.FOLLOWUP)
    (case,) = office.cases()
    assert (message.outcome, orders, case.status) == (Outcome.CASE, [], CaseState.REVIEW)


def test_a_follow_up_of_a_known_sender_joins_the_open_case(office: Office) -> None:
    office.receive(Label.ACCESS)
    assert office.receive(Label.FOLLOWUP)[0].outcome is Outcome.THREAD


def test_mail_of_another_organisation_is_another_world(database: Database, audit: Audit) -> None:
    with database.transaction() as session:
        Office(session, audit).receive(Label.ACCESS)
        other = Office(session, audit, replace(UK, slug="other"))
        other.count = 1
        message, _ = other.receive(Label.ACCESS, answers="<letter1@example.org>")
        assert message.outcome is Outcome.CASE


def test_over_the_cap_letters_are_held_for_staff_not_dropped(office: Office) -> None:
    kinds = [Label.ACCESS, Label.ERASURE, Label.COMPLAINT]
    states = [office.receive(kind)[1][0].state for kind in kinds]
    assert states == [OutboxState.QUEUED, OutboxState.QUEUED, OutboxState.HELD]
    next_day = RECEIVED + timedelta(hours=25)
    assert office.receive(Label.PORTABILITY, received_at=next_day)[1][0].state is OutboxState.QUEUED


def test_in_shadow_mode_letters_are_written_for_show(database: Database, audit: Audit) -> None:
    with database.transaction() as session:
        _, (order,) = Office(session, audit, replace(UK, shadow=True)).receive(Label.ACCESS)
    assert order.state is OutboxState.SHADOW


def test_old_mail_is_archived_without_case_or_letter(office: Office) -> None:
    message, orders = office.receive(Label.ACCESS, is_old=True)
    assert (message.outcome, orders, office.cases()) == (Outcome.ARCHIVED, [], [])


def test_old_mail_opens_cases_where_wished_and_is_never_answered(database: Database, audit: Audit) -> None:
    with database.transaction() as session:
        office = Office(session, audit, replace(UK, archive_cases=True))
        message, orders = office.receive(Label.ACCESS, is_old=True)
        assert (message.outcome, orders) == (Outcome.ARCHIVED, [])
        assert message.case_id == office.cases()[0].id


def test_a_copy_shares_the_case_and_an_earlier_receipt_moves_the_clock_back(office: Office) -> None:
    original, _ = office.receive(Label.ACCESS)
    copy = Message(
        organisation="example",
        mailbox="other",
        folder="INBOX",
        uidvalidity=1,
        uid=1,
        size=1,
        received_at=RECEIVED - timedelta(days=1),
        stored_at=RECEIVED,
    )
    office.session.add(copy)
    office.session.flush()
    office.registry.file_copy(office.session, copy, original, RECEIVED)
    (case,) = office.cases()
    assert (copy.outcome, copy.case_id) == (Outcome.DUPLICATE, case.id)
    assert case.received_at == RECEIVED - timedelta(days=1)
    assert office.items(case)[Kind.ACCESS].due_on == date(2026, 4, 1)


def test_every_step_is_in_the_timeline_without_personal_data(office: Office) -> None:
    office.receive(Label.ACCESS, subject="my illness")
    office.receive(Label.ERASURE, answers="<letter1@example.org>")
    entries = office.session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))).all()
    assert [entry.action for entry in entries] == [
        Action.CASE_OPENED,
        Action.ITEM_OPENED,
        Action.MESSAGE_JOINED,
        Action.ITEM_OPENED,
    ]
    assert not any(word in entry.details for entry in entries for word in ("ana", "Ruiz", "illness"))
