"""Stories of whole cases, on both databases: what people do, what letters go out, what the clock says."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from mailboxes import mailbox, organisation
from story import ANA, BEN, Story

from cases.arranging import add_task, assign, finish_task, link, merge, note_country, settle_regime, split, write_note
from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import answer, close, confirm, decide, look_over, reopen, tell_recipient
from cases.directory import customer_named, import_customers
from cases.extending import extend, note_awareness, set_date
from cases.forwarding import chase, forward, note_answer, parties
from cases.playbook import answer_template
from models.case import CaseState, Ground, Identity, ItemResult
from models.casework import PauseReason
from models.errors import NotAllowed
from models.letter import Enclosure, Proof
from models.organisation import Regime
from models.outbox import Template
from models.verdict import Doubt, Hint, Kind, Label
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ALL = ("en", "es", "fr", "de", "it", "pt", "nl", "pl")


@pytest.fixture
def tell(database: Database, vault: Vault, audit: Audit):  # type: ignore[no-untyped-def]
    presence = Presence(database)

    def told(language: str = "en", **changes: object) -> Story:
        firm = organisation(languages=ALL, authorities=("FR", "ES"), **changes)
        zone = {"ES": "Europe/Madrid", "FR": "Europe/Paris"}.get(firm.country[:2], "Europe/London")
        box = mailbox(organisation=replace(firm, timezone=zone), timezone=zone)
        return Story(database, vault, audit, presence, box, START, language)

    yield told
    presence.leave()


@pytest.fixture
def uk(tell) -> Story:  # type: ignore[no-untyped-def]
    return tell()


@pytest.fixture
def spain(tell) -> Story:  # type: ignore[no-untyped-def]
    return tell("es", regime=Regime.EU, country="ES-MD", lead_authority="ES")


@pytest.fixture
def france(tell) -> Story:  # type: ignore[no-untyped-def]
    return tell("fr", regime=Regime.EU, country="FR", lead_authority="FR")


def known(office):  # type: ignore[no-untyped-def]
    identify(office, Identity.CONFIRMED, level=2, method="code to the address on file", why="the code came back")


def test_a_spanish_erasure_with_backups(spain: Story) -> None:
    case = spain.at("2026-03-02").receives(Label.ERASURE)
    assert spain.due(case, Kind.ERASURE) == date(2026, 4, 6)  # 2 April is Maundy Thursday in Madrid, 3 Good Friday
    assert spain.letters(case) == [Template.ACKNOWLEDGEMENT_RIGHTS]
    spain.post()

    spain.at("2026-03-10")
    with pytest.raises(NotAllowed, match="know well enough who the person is"):
        spain.does(ANA, case, lambda o: decide(o, Kind.ERASURE, ItemResult.FULFILLED))
    spain.does(ANA, case, known)
    spain.does(
        ANA, case, lambda o: decide(o, Kind.ERASURE, ItemResult.PARTLY, ground=Ground.LEGAL_DUTY, why="invoices")
    )
    spain.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Las facturas quedan bloqueadas."))
    said = spain.said(Template.ANSWER)
    assert "1 de junio de 2026" in said or "31 de mayo de 2026" in said  # 2 April and 60 days; 90 days after receipt
    assert "Las facturas quedan bloqueadas." in said
    assert "Agencia Española de Protección de Datos" in said

    spain.post()
    (task,) = spain.shown(case)["tasks"]  # type: ignore[misc]
    assert task["due_on"] == "2026-05-31"
    with pytest.raises(NotAllowed, match="a task is not done"):
        spain.does(ANA, case, close)
    spain.at("2026-05-20").does(ANA, case, lambda o: finish_task(o, task["id"]))
    spain.does(ANA, case, close)
    assert spain.case(case).status is CaseState.CLOSED


def test_a_british_access_with_identity_and_clarification(uk: Story) -> None:
    case = uk.at("2027-02-15").receives(Label.ACCESS)
    uk.post()
    assert uk.due(case, Kind.ACCESS) == date(2027, 3, 15)

    uk.at("2027-02-16")
    with pytest.raises(NotAllowed, match="a reason must be recorded"):
        uk.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="", proofs=[Proof.CODE]))
    with pytest.raises(NotAllowed, match="say which proof"):
        uk.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="writes from an unknown address"))
    uk.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="unknown address", proofs=[Proof.CODE]))
    assert uk.due(case, Kind.ACCESS) == date(2027, 3, 15), "the letter is not out yet: nothing is stopped"
    uk.post()
    assert uk.due(case, Kind.ACCESS) is None
    assert uk.case(case).status is CaseState.WAITING
    assert "starts the time for our answer on the day" in uk.said(Template.IDENTITY_QUESTION)

    uk.at("2027-02-18 22:15").receives(Label.FOLLOWUP, answers="<m1@mail.example>")
    assert "note whether this is what was asked for" in uk.case(case).review_reason
    uk.at("2027-02-22").does(ANA, case, take_answer)
    uk.does(ANA, case, known)
    assert uk.due(case, Kind.ACCESS) == date(2027, 3, 18), "one month from the day of the answer, not of the look at it"

    uk.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which branch did you visit?"))
    uk.post()
    assert uk.due(case, Kind.ACCESS) is None
    uk.at("2027-02-25").does(ANA, case, lambda o: take_answer(o, on=date(2027, 2, 25)))
    assert uk.due(case, Kind.ACCESS) == date(2027, 3, 22)  # three days more: the 21st, a Sunday
    steps = uk.shown(case)["items"][0]["why"]  # type: ignore[index]
    assert any("the time starts on 18 February 2027" in step for step in steps)

    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="You find the copy in your account."))
    uk.post()
    uk.does(ANA, case, close)
    assert uk.case(case).answered_at is not None


def test_an_heir_in_france(france: Story) -> None:
    case = france.at("2026-05-04").receives(Label.POST_MORTEM, hints=(Hint.DECEASED,))
    france.post()
    assert france.due(case, Kind.POST_MORTEM) == date(2026, 6, 4)
    france.does(ANA, case, known)
    with pytest.raises(NotAllowed, match="not proven that the requester may act"):
        france.does(ANA, case, lambda o: decide(o, Kind.POST_MORTEM, ItemResult.FULFILLED))
    france.does(ANA, case, lambda o: ask(o, PauseReason.MANDATE, why="no proof of being an heir", proofs=[Proof.HEIR]))
    france.post()
    assert "héritier" in france.said(Template.IDENTITY_QUESTION)
    assert france.due(case, Kind.POST_MORTEM) == date(2026, 6, 4), "this clock knows no pause"
    assert france.case(case).status is CaseState.OPEN, "nothing stands still, so nothing waits"
    france.at("2026-05-11").does(ANA, case, lambda o: take_answer(o, on=date(2026, 5, 9)))
    france.does(
        ANA, case, lambda o: identify(o, Identity.CONFIRMED, level=2, why="acte de notoriété", has_standing=True)
    )
    france.does(ANA, case, lambda o: decide(o, Kind.POST_MORTEM, ItemResult.FULFILLED))
    france.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Le compte est fermé."))
    assert "Commission nationale de l'informatique" in france.said(Template.ANSWER)


def test_a_customer_of_a_customer(uk: Story) -> None:
    with uk.database.transaction() as session:
        rows = [{"name": "Stride Fitness", "domains": "stride.example", "administrator": "dpo@stride.example"}]
        assert import_customers(session, "example", rows) == (1, 0)
        assert import_customers(session, "example", rows) == (0, 0)
    case = uk.at("2026-03-02").receives(Label.ERASURE, text="Stride Fitness uses you; delete what you have on me.")
    uk.post()
    assert uk.shown(case)["customer"] == "Stride Fitness"
    assert any("pass it on" in step["says"] for step in uk.shown(case)["next"])  # type: ignore[index]

    def passing_on(office):  # type: ignore[no-untyped-def]
        customer = customer_named(office.session, "example", "Stride Fitness")
        forward(office, customer, [Enclosure("request-1.eml", b"From: mara\r\n\r\nplease")])

    uk.at("2026-03-03").does(ANA, case, passing_on)
    uk.post()
    assert uk.letters(case)[1:] == [Template.CONTROLLER_REQUEST, Template.FORWARDED]
    assert "Stride Fitness" in uk.said(Template.FORWARDED)
    assert uk.case(case).status is CaseState.ANSWERED
    (party,) = uk.shown(case)["third_parties"]  # type: ignore[misc]
    assert (party["asked_on"], party["due_on"]) == ("2026-03-03", "2026-03-05")
    uk.at("2026-03-06").does(ANA, case, lambda o: chase(o, parties(o)[0]))
    assert "3 March 2026" in uk.said(Template.THIRD_PARTY_REMINDER)
    uk.at("2026-03-09").does(ANA, case, lambda o: note_answer(o, parties(o)[0]))
    uk.does(ANA, case, close)
    assert uk.shown(case)["items"][0]["result"] == "forwarded"  # type: ignore[index]


def test_access_portability_and_a_complaint_in_one_mail(uk: Story) -> None:
    case = uk.at("2026-07-01").receives(Label.ACCESS, Label.PORTABILITY, Label.COMPLAINT)
    uk.post()
    assert uk.due(case, Kind.ACCESS) == uk.due(case, Kind.PORTABILITY) == date(2026, 8, 3)  # 1 August is a Saturday
    assert uk.due(case, Kind.COMPLAINT) == date(2026, 7, 31)
    uk.does(ANA, case, known)
    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: decide(o, Kind.COMPLAINT, ItemResult.FULFILLED))
    with pytest.raises(NotAllowed, match="an item has no result yet"):
        uk.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Here it is."))
    portability = uk.does(ANA, case, lambda o: split(o, Kind.PORTABILITY).reference)
    assert isinstance(portability, str)
    assert uk.due(portability, Kind.PORTABILITY) == date(2026, 8, 3), "the clock goes with the item"
    assert uk.shown(portability)["linked"] == [case]
    uk.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Here it is."))
    uk.post()
    uk.does(ANA, case, close)
    assert uk.case(portability).status is CaseState.OPEN


def test_an_objection_to_marketing_needs_no_proof_of_identity(uk: Story) -> None:
    case = uk.at("2026-04-02").receives(Label.OBJECTION_MARKETING)
    uk.post()
    assert uk.due(case, Kind.OBJECTION_MARKETING) == date(2026, 4, 8)  # Good Friday and Easter Monday between
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    uk.post()
    uk.does(ANA, case, close)
    assert "stopped all direct marketing" in uk.said(Template.UNSUBSCRIBE_DONE)


def test_a_job_application_goes_to_the_people_team_and_an_applicants_right_does_not(tell) -> None:  # type: ignore[no-untyped-def]
    office = tell(people_team="people@example.org")
    applied = office.at("2026-03-02").receives(Label.JOB_APPLICATION)
    assert office.letters(applied) == [Template.ACKNOWLEDGEMENT_JOB, Template.PEOPLE_TEAM]
    assert "2 September 2026" in office.said(Template.PEOPLE_TEAM)
    assert office.case(applied).erase_on == date(2026, 9, 2)
    wants = office.at("2026-05-05").receives(Label.ERASURE, sender="rejected@mail.example", hints=(Hint.APPLICANT,))
    assert office.letters(wants) == [Template.ACKNOWLEDGEMENT_RIGHTS]
    assert office.case(wants).hints == ["applicant"]


def test_a_rejected_applicant_who_wants_everything_gone(tell) -> None:  # type: ignore[no-untyped-def]
    office = tell(people_team="people@example.org", systems=("applicant tracking",))
    case = office.at("2026-03-02").receives(Label.JOB_APPLICATION)
    office.post()
    assert "until 2 September 2026 at the latest" in office.said(Template.ACKNOWLEDGEMENT_JOB)

    office.at("2026-03-20").does(ANA, case, lambda o: decide(o, Kind.JOB_APPLICATION, ItemResult.FULFILLED))
    office.does(ANA, case, lambda o: answer(o, Template.CLOSING, text="We chose somebody else."))
    office.post()
    office.does(ANA, case, close)

    again = office.at("2026-04-20").receives(Label.ERASURE, answers="<m1@mail.example>", hints=(Hint.APPLICANT,))
    assert again == case
    assert office.case(case).status is CaseState.REVIEW
    assert office.due(case, Kind.ERASURE) == date(2026, 5, 20)
    assert office.case(case).erase_on is None  # its mails prove how the request was dealt with
    assert office.letters(case).count(Template.PEOPLE_TEAM) == 1

    office.does(ANA, case, confirm)
    office.does(ANA, case, known)
    office.does(ANA, case, lambda o: decide(o, Kind.ERASURE, ItemResult.FULFILLED))
    office.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Your application and our notes on it are gone."))
    said = office.said(Template.ANSWER)
    assert "Your application and our notes on it are gone." in said
    assert "request of 20 April 2026" in said
    assert "19 July 2026" in said  # the backups: 20 May and 60 days, which is 20 April and 90 days, too
    office.post()
    for task in office.shown(case)["tasks"]:
        office.does(ANA, case, lambda o, number=task["id"]: finish_task(o, number))
    office.does(ANA, case, close)
    assert office.case(case).status is CaseState.CLOSED


def test_a_breach_report_on_friday_at_five(france: Story) -> None:
    case = france.at("2026-03-06 17:00").receives(Label.INCIDENT)
    assert france.letters(case) == []
    shown = france.shown(case)["items"][0]  # type: ignore[index]
    assert shown["due_at_utc"] == "2026-03-09T16:00:00Z"
    aware = datetime(2026, 3, 6, 18, 30, tzinfo=UTC)
    france.at("2026-03-06 21:00").does(ANA, case, lambda o: note_awareness(o, aware, why="the logs confirm it"))
    assert france.shown(case)["items"][0]["due_at_utc"] == "2026-03-09T18:30:00Z"  # type: ignore[index]
    with pytest.raises(NotAllowed, match="between the receipt"):
        france.does(ANA, case, lambda o: note_awareness(o, START, why="earlier than the report"))


def test_an_extension_told_on_the_day_after_its_last_lawful_day_is_refused(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.post()
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 7)  # 4 April Saturday, 6 Easter Monday
    reason = {"why": "eleven systems, two of them abroad", "text": "Onze systèmes sont concernés."}
    france.at("2026-04-08")
    with pytest.raises(NotAllowed, match="last lawful day"):
        france.does(BEN, case, lambda o: extend(o, **reason), override="we were busy")
    france.at("2026-04-07").does(ANA, case, lambda o: extend(o, **reason))
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 7), "the person has not been told yet"
    france.at("2026-04-07 23:50").post()
    assert france.due(case, Kind.ACCESS) == date(2026, 6, 4)
    said = france.said(Template.EXTENSION)
    assert "Onze systèmes sont concernés." in said
    assert "3 mois après le 4 mars 2026 : le 4 juin 2026 (RGPD Art. 12(3); règlement 1182/71 Art. 3(2)(c))" in said
    with pytest.raises(NotAllowed, match="extended already"):
        france.does(ANA, case, lambda o: extend(o, **reason))


def test_an_extension_whose_letter_goes_out_too_late_does_not_count(france: Story) -> None:
    case = france.at("2026-03-04").receives(Label.ACCESS)
    france.at("2026-04-07").does(ANA, case, lambda o: extend(o, why="complex", text="Complexe."))
    france.at("2026-04-08 00:10").post()
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 7)
    assert france.shown(case)["items"][0]["flags"] == ["extension_late"]  # type: ignore[index]


def test_a_question_that_bounced_stops_nothing(france: Story) -> None:
    case = france.at("2026-03-02").receives(Label.ACCESS)
    france.post()
    france.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="unknown address", proofs=[Proof.CODE]))
    (letter,) = france.post()
    assert france.due(case, Kind.ACCESS) is None
    france.bounce(letter)
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 2)
    assert any("did not arrive" in step["says"] for step in france.shown(case)["next"])  # type: ignore[index]


def test_the_acknowledgement_never_stops_a_clock(france: Story) -> None:
    case = france.at("2026-03-02").receives(Label.ACCESS)
    france.post()
    assert france.due(case, Kind.ACCESS) == date(2026, 4, 2)


def test_a_question_is_asked_once(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    asking = lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?")  # noqa: E731
    uk.does(ANA, case, asking)
    uk.post()
    with pytest.raises(NotAllowed, match="ask once"):
        uk.does(ANA, case, asking)
    uk.does(ANA, case, asking, override="the first one was unclear")
    assert "rule_overridden" in uk.events(case)


def test_an_identity_document_may_be_asked_for_only_where_policy_says_so(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(identity_document_for=("access",))
    asking = lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.IDENTITY_DOCUMENT])  # noqa: E731
    erasure = story.receives(Label.ERASURE, sender="a@mail.example")
    with pytest.raises(NotAllowed, match="policy does not let us ask"):
        story.does(ANA, erasure, asking)
    access = story.receives(Label.ACCESS, sender="b@mail.example")
    story.does(ANA, access, asking)
    assert "cover everything on the document" in story.said(Template.IDENTITY_QUESTION)


def test_too_little_identity_takes_two_people_and_a_reason(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    giving = lambda o: decide(o, Kind.ACCESS, ItemResult.FULFILLED)  # noqa: E731
    for who, override, second in (
        (ANA, "known for years", "ben"),
        (BEN, "", "ana"),
        (BEN, "known", ""),
        (BEN, "x", "ben"),
    ):
        with pytest.raises(NotAllowed, match="manager and a second person"):
            uk.does(who, case, giving, override=override, second=second)
    uk.does(BEN, case, giving, override="known to us for years", second="ana")
    entry = next(row for row in uk.shown(case)["timeline"] if row["action"] == "rule_overridden")  # type: ignore[attr-defined]
    assert entry["details"]["second"] == "ana"


def test_declining_needs_a_ground_a_reason_and_the_remedies(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION)
    with pytest.raises(NotAllowed, match="ground and a reason"):
        uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION, ItemResult.REFUSED))
    uk.does(
        ANA,
        case,
        lambda o: decide(o, Kind.OBJECTION, ItemResult.REFUSED, ground=Ground.COMPELLING_GROUNDS, why="fraud checks"),
    )
    with pytest.raises(NotAllowed, match="right to complain"):
        uk.does(ANA, case, lambda o: answer(o, Template.AUTHORITY_RECEIPT, text="no"))
    uk.does(ANA, case, lambda o: answer(o, Template.REFUSAL))
    said = uk.said(Template.REFUSAL)
    assert "compelling legitimate grounds" in said
    assert "Information Commissioner" in said
    assert "go to court" in said


def test_silence_is_no_outcome_until_a_letter_said_so(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    uk.post()
    lapse = lambda o: decide(o, Kind.ACCESS, ItemResult.LAPSED)  # noqa: E731
    with pytest.raises(NotAllowed, match="only two weeks after a letter has said so"):
        uk.at("2026-03-20").does(ANA, case, lapse)
    with pytest.raises(NotAllowed, match="say in the letter what was asked"):
        uk.does(ANA, case, remind_silent)
    uk.does(ANA, case, lambda o: remind_silent(o, text="Which year do you mean?"))
    uk.post()
    assert "3 April 2026" in uk.said(Template.STATUS)
    with pytest.raises(NotAllowed, match="only two weeks after"):
        uk.at("2026-04-02").does(ANA, case, lapse)
    uk.at("2026-04-07").does(ANA, case, lapse)


def test_closing_and_opening_again(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.RESTRICTION)
    due = uk.due(case, Kind.RESTRICTION)
    uk.does(ANA, case, lambda o: decide(o, Kind.RESTRICTION, ItemResult.WITHDRAWN))
    with pytest.raises(NotAllowed, match="has not been told"):
        uk.does(ANA, case, close)
    uk.does(ANA, case, lambda o: answer(o, Template.CLOSING))
    with pytest.raises(NotAllowed, match="has not been told"):
        uk.does(ANA, case, close)
    uk.post()
    uk.does(ANA, case, close)
    with pytest.raises(NotAllowed, match="the case is closed"):
        uk.does(ANA, case, lambda o: decide(o, Kind.RESTRICTION, ItemResult.FULFILLED))
    uk.at("2026-03-20").does(ANA, case, lambda o: reopen(o, why="the person changed their mind"))
    assert (uk.case(case).status, uk.due(case, Kind.RESTRICTION)) == (CaseState.OPEN, due)


def test_a_mail_after_closing_brings_the_case_back_for_review(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    uk.does(ANA, case, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    uk.post()
    uk.does(ANA, case, close)
    uk.at("2026-03-09").receives(Label.ACCESS, answers="<m1@mail.example>")
    assert uk.case(case).status is CaseState.REVIEW
    assert uk.due(case, Kind.ACCESS) == date(2026, 4, 9), "a new right has a clock of its own from its own receipt"


def test_two_cases_of_one_person_are_merged_and_no_time_is_gained(uk: Story) -> None:
    first = uk.at("2026-03-02").receives(Label.ACCESS)
    second = uk.at("2026-03-12").receives(Label.ERASURE)
    stranger = uk.receives(Label.ERASURE, sender="other@mail.example")
    with pytest.raises(NotAllowed, match="somebody else"):
        uk.does(ANA, stranger, lambda o: merge(o, _case(o, first)))
    with pytest.raises(NotAllowed, match="into itself"):
        uk.does(BEN, first, lambda o: merge(o, o.case), override="the same person")
    uk.does(ANA, second, lambda o: merge(o, _case(o, first)))
    assert uk.case(second).status is CaseState.CLOSED
    assert uk.shown(second)["merged_into"] == first
    assert uk.due(first, Kind.ACCESS) == date(2026, 4, 2)
    assert uk.due(first, Kind.ERASURE) == date(2026, 4, 13)
    assert uk.shown(first)["messages"] == 2


def _case(office, reference):  # type: ignore[no-untyped-def]
    from service.casework import case_named

    return case_named(office.session, reference)


def test_an_authoritys_letter_has_the_date_it_names(spain: Story) -> None:
    case = spain.at("2026-03-02").receives(Label.AUTHORITY)
    assert spain.letters(case) == []
    assert spain.due(case, Kind.AUTHORITY) == date(2026, 3, 4)
    spain.does(ANA, case, lambda o: set_date(o, Kind.AUTHORITY, date(2026, 3, 20), why="the letter of the AEPD"))
    assert spain.due(case, Kind.AUTHORITY) == date(2026, 3, 20)
    with pytest.raises(NotAllowed, match="no open item"):
        spain.does(ANA, case, lambda o: set_date(o, Kind.COMPLAINT, date(2026, 3, 20), why="x"))


def test_a_french_person_who_writes_to_a_british_firm_has_the_earlier_date(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: note_country(o, "fr"))
    uk.does(ANA, case, lambda o: ask(o, PauseReason.FEE, why="third copy this month", text="10 pounds."))
    uk.post()
    assert uk.due(case, Kind.ACCESS) == date(2026, 4, 2), "a fee stops nothing under the GDPR"
    assert uk.shown(case)["items"][0]["due_by_the_other_law"] == ["2026-04-02"]  # type: ignore[index]
    with pytest.raises(NotAllowed, match="needs the role manager"):
        uk.does(ANA, case, lambda o: settle_regime(o, "", why="lives in London"))
    uk.does(BEN, case, lambda o: settle_regime(o, "", why="lives in London"))
    assert uk.due(case, Kind.ACCESS) is None


def test_a_holiday_that_is_added_moves_dates_and_says_so(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    assert uk.due(case, Kind.ACCESS) == date(2026, 4, 2)
    assert uk.celebrates("2026-04-02") == 1
    assert uk.due(case, Kind.ACCESS) == date(2026, 4, 7)  # Good Friday, the weekend and Easter Monday follow
    assert "due_changed" in uk.events(case)
    assert uk.celebrates("2026-04-02") == 0, "computing again changes nothing"


def test_recipients_are_told_once_something_was_done(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.RECTIFICATION)
    telling = lambda o: tell_recipient(o, "Paper Post", "data@paper.example", "de", text="Neue Anschrift.")  # noqa: E731
    with pytest.raises(NotAllowed, match="once a correction"):
        uk.does(ANA, case, telling)
    uk.does(ANA, case, known)
    uk.does(ANA, case, lambda o: decide(o, Kind.RECTIFICATION, ItemResult.FULFILLED))
    uk.does(ANA, case, telling)
    assert "Berichtigung" in uk.said(Template.RECIPIENTS_NOTICE)
    (party,) = uk.shown(case)["third_parties"]  # type: ignore[misc]
    assert (party["role"], party["name"]) == ("recipient", "Paper Post")


def test_a_case_for_review_is_confirmed_by_a_person(uk: Story) -> None:
    case = uk.receives(Label.ACCESS, doubt=Doubt.KINDS)
    assert uk.case(case).status is CaseState.REVIEW
    uk.does(ANA, case, confirm)
    assert (uk.case(case).status, uk.case(case).needs_review) == (CaseState.OPEN, False)


def test_notes_are_sealed_and_name_whom_they_mention(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: write_note(o, uk.vault, "Mara rang, @ben please look. Her maiden name is Holm."))
    (note,) = uk.shown(case)["notes"]  # type: ignore[misc]
    assert note["words"].endswith("Holm.")
    noted = next(row for row in uk.shown(case)["timeline"] if row["action"] == "case_noted")  # type: ignore[attr-defined]
    assert noted["details"] == {"mentions": ["ben"]}


def test_work_is_arranged(uk: Story) -> None:
    case, other = uk.receives(Label.ACCESS), uk.receives(Label.ACCESS, sender="x@mail.example")
    uk.does(ANA, case, lambda o: assign(o, "ana"))
    uk.does(ANA, case, lambda o: add_task(o, "ring the branch", date(2026, 3, 5)))
    uk.does(ANA, case, lambda o: [link(o, _case(o, other)), link(o, _case(o, other))])
    shown = uk.shown(case)
    assert (shown["assigned_to"], shown["linked"]) == ("ana", [other])
    assert shown["tasks"][0]["due_on"] == "2026-03-05"  # type: ignore[index]


def test_a_checklist_for_each_system_ends_with_its_item(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(systems=("CRM", "mailing list"))
    case = story.receives(Label.OBJECTION)
    titles = [task["title"] for task in story.shown(case)["tasks"]]  # type: ignore[union-attr]
    assert "stop the processing in CRM" in titles
    story.does(ANA, case, lambda o: decide(o, Kind.OBJECTION, ItemResult.WITHDRAWN))
    assert all(task["done_at"] for task in story.shown(case)["tasks"])  # type: ignore[union-attr]


def test_managers_are_warned_once_each_and_get_a_digest_on_working_days(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(managers=("boss@example.org",))
    case = story.at("2026-03-02 07:00").receives(Label.ACCESS)  # due 2 April
    assert story.rings() == 0, "too early for the digest"
    story.at("2026-03-02 08:00")
    assert story.rings() == 1
    assert story.rings() == 0
    assert "open in all: 1" in story.said(Template.DIGEST)
    story.at("2026-03-07 09:00")
    assert story.rings() == 1, "a Saturday has no digest, but nobody has opened the case for a day"
    assert f"Not opened by anybody for a day: - {case}: access, due 2 April 2026" in story.said(Template.WARNING)
    story.does(ANA, case, lambda o: assign(o, "ana"))
    story.at("2026-03-24 07:00")  # seven working days before
    assert story.rings() == 1
    assert "Due soon" in story.said(Template.WARNING)
    story.at("2026-03-31 07:00")
    assert story.rings() == 1
    story.at("2026-04-03 07:00")
    assert story.rings() == 1
    assert "The time limit has passed" in story.said(Template.WARNING)
    assert case in story.said(Template.WARNING)
    assert "mara" not in story.said(Template.WARNING).lower()


def test_a_wrong_click_breaks_no_law_in_any_state(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NOT_A_REQUEST))
    uk.does(ANA, case, close)
    deeds = [
        lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="x"),
        take_answer,
        lambda o: extend(o, why="x", text="x"),
        lambda o: answer(o, Template.ANSWER, text="x"),
        close,
        confirm,
        lambda o: merge(o, o.case),
    ]
    for deed in deeds:
        with pytest.raises(NotAllowed):
            uk.does(BEN, case, deed, override="because")
    assert uk.letters(case) == [Template.ACKNOWLEDGEMENT_RIGHTS]


def test_shadow_letters_stop_no_clock(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(shadow=True)
    case = story.receives(Label.ACCESS)
    story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    assert story.post() == []
    assert story.due(case, Kind.ACCESS) == date(2026, 4, 2)


def test_a_flood_of_cases_is_one_warning(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(managers=("boss@example.org",))
    for number in range(60):
        story.receives(Label.ACCESS, sender=f"p{number}@mail.example")
    story.at("2026-03-04 07:00")
    assert story.rings() == 1
    assert "… +10" in story.said(Template.WARNING)
    assert story.rings() == 0


def test_what_is_decided_is_due_until_the_answer_has_gone_out(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.RESTRICTION)
    uk.does(ANA, case, known)
    uk.does(ANA, case, lambda o: decide(o, Kind.RESTRICTION, ItemResult.FULFILLED))
    assert uk.shown(case)["due_date"] == "2026-04-02"
    uk.does(ANA, case, lambda o: answer(o, Template.ANSWER, text="Done."))
    assert uk.shown(case)["due_date"] == "2026-04-02", "the letter is not out yet"
    assert any("has not gone out yet" in step["says"] for step in uk.shown(case)["next"])  # type: ignore[index]
    uk.at("2026-03-05").post()
    assert uk.shown(case)["due_date"] is None
    assert uk.case(case).answered_at == uk.now


def test_reasons_are_kept_sealed_and_not_in_the_timeline(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION)
    why = "Mara's own word: she is a competitor"
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION, ItemResult.REFUSED, ground=Ground.UNFOUNDED, why=why))
    shown = uk.shown(case)
    assert f"objection: refused: {why}" in [note["words"] for note in shown["notes"]]  # type: ignore[union-attr]
    assert "competitor" not in str(shown["timeline"])


def test_a_letter_fits_what_was_decided(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION, Label.WITHDRAW_CONSENT)
    uk.does(ANA, case, lambda o: decide(o, Kind.WITHDRAW_CONSENT, ItemResult.WITHDRAWN))
    refused = {"ground": Ground.COMPELLING_GROUNDS, "why": "fraud checks"}
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION, ItemResult.REFUSED, **refused))
    for wrong in (Template.CLOSING, Template.NO_DATA, Template.UNSUBSCRIBE_DONE, Template.COMPLAINT_ANSWER):
        with pytest.raises(NotAllowed, match="does not fit"):
            uk.does(ANA, case, lambda o, letter=wrong: answer(o, letter, text="x"))
    assert answer_template(_situation(uk, case)) is Template.REFUSAL
    uk.does(ANA, case, lambda o: answer(o, Template.REFUSAL))
    assert "compelling legitimate grounds" in uk.said(Template.REFUSAL)
    assert "consent" not in uk.said(Template.REFUSAL), "what was withdrawn needs no answer"


def _situation(story: Story, reference: str):  # type: ignore[no-untyped-def]
    return story.does(ANA, reference, lambda o: o.situation())


def test_a_partly_met_objection_to_marketing_is_not_told_as_a_full_one(uk: Story) -> None:
    case = uk.receives(Label.OBJECTION_MARKETING)
    partly = {"ground": Ground.CONTRACT, "why": "service mails go on"}
    uk.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.PARTLY, **partly))
    assert answer_template(_situation(uk, case)) is Template.ANSWER


def test_a_waiting_case_whose_items_are_decided_can_be_answered(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.CODE]))
    uk.post()
    uk.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NOT_IDENTIFIED))
    uk.does(ANA, case, lambda o: answer(o, Template.CLOSING))
    assert "could not be sure who you are" in uk.said(Template.CLOSING)


def test_a_question_that_came_back_can_be_asked_again(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    asking = lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.CODE])  # noqa: E731
    uk.does(ANA, case, asking)
    letters = uk.post()
    uk.bounce(letters[-1])
    assert uk.case(case).status is CaseState.OPEN
    uk.does(ANA, case, asking)
    assert uk.case(case).status is CaseState.WAITING


def test_a_reminder_says_what_was_asked_for(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.LOGIN]))
    uk.post()
    uk.at("2026-03-20").does(ANA, case, remind_silent)
    assert "log in to your account" in uk.said(Template.STATUS)


def test_a_question_that_stops_one_law_only_is_told_as_stopping_nothing(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    with pytest.raises(NotAllowed, match="European Economic Area"):
        uk.does(ANA, case, lambda o: note_country(o, "US"))
    uk.does(ANA, case, lambda o: note_country(o, "FR"))
    uk.does(ANA, case, lambda o: ask(o, PauseReason.FEE, why="third copy", text="10 pounds."))
    assert "goes on meanwhile" in uk.said(Template.FEE_NOTICE)
    assert uk.case(case).status is CaseState.OPEN


def test_passing_on_ends_the_tasks_of_what_was_passed_on(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(systems=("CRM",))
    with story.database.transaction() as session:
        import_customers(session, "example", [{"name": "Acme", "domains": "", "administrator": "dpo@acme.example"}])
    case = story.receives(Label.ERASURE)
    story.does(ANA, case, lambda o: forward(o, customer_named(o.session, "example", "Acme"), []))
    story.post()
    story.does(ANA, case, lambda o: note_answer(o, parties(o)[0]))
    story.does(ANA, case, close)


def test_tasks_go_with_an_item_that_is_split_off(tell) -> None:  # type: ignore[no-untyped-def]
    story = tell(systems=("CRM",))
    case = story.receives(Label.ACCESS, Label.PORTABILITY)
    other = story.does(ANA, case, lambda o: split(o, Kind.PORTABILITY).reference)
    titles = [task["title"] for task in story.shown(other)["tasks"]]  # type: ignore[union-attr]
    assert titles == ["export what the person gave us from CRM, in a machine-readable form"]


def test_what_came_in_later_is_looked_over(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    uk.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    uk.post()
    uk.receives(Label.FOLLOWUP, answers="<m1@mail.example>")
    assert uk.case(case).needs_review
    uk.does(ANA, case, look_over)
    assert (uk.case(case).status, uk.case(case).needs_review) == (CaseState.WAITING, False)
    with pytest.raises(NotAllowed, match="nothing waits for a look"):
        uk.does(ANA, case, look_over)


def test_a_person_told_by_phone_counts_as_answered_on_that_day(uk: Story) -> None:
    case = uk.at("2026-03-02").receives(Label.COMPLAINT)
    uk.does(ANA, case, lambda o: decide(o, Kind.COMPLAINT, ItemResult.FULFILLED))
    told = {"text": "told by phone", "told_on": date(2026, 3, 2)}
    uk.does(ANA, case, lambda o: answer(o, Template.COMPLAINT_ANSWER, **told))
    assert uk.letters(case) == [Template.ACKNOWLEDGEMENT_COMPLAINT]
    uk.does(ANA, case, close)
