"""What the letters of staff say: all that the law wants told, in every language, under both regimes; and to whom."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest
import trustme
from babel.dates import format_date
from builders import mail
from letter_wording import WORDING
from listener import Listener
from mailboxes import access, mailbox, organisation
from sqlmodel import col, select
from staff_wording import STAFF_WORDING
from story import ANA, Story

from cases.asking import ask
from cases.deciding import answer, decide
from cases.directory import customer_named, import_customers
from cases.extending import extend
from cases.forwarding import forward, requests_of
from models.case import Ground, ItemResult
from models.casework import PauseReason
from models.errors import PermanentFailure
from models.letter import AlarmKind, Effect, Enclosure, LetterItem, LetterOrder, Proof, ReportLine
from models.message import Message
from models.organisation import Mailbox, Regime
from models.outbox import ACKNOWLEDGEMENTS, OutboxMail, Template
from models.verdict import RIGHTS, Kind, Label
from responders.letters import Letter, LetterWriter
from responders.sample_orders import sample_mailbox, sample_order
from responders.smtp import SmtpSender
from responders.words import read_words
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"]
LOCALES = {code: {"en": "en_GB"}.get(code, f"{code}_{code.upper()}") for code in LANGUAGES}
RECEIVED, SOON, ANSWER, EXTENDED = date(2026, 3, 5), date(2026, 3, 9), date(2026, 4, 7), date(2026, 6, 5)
ACCESS, ERASURE = LetterItem(Kind.ACCESS, ANSWER), LetterItem(Kind.ERASURE, ANSWER)
WORDS_OF_STAFF = ("Wir haben *elf* Systeme geprüft.", "Second paragraph, with 100 % <care> & [more].")
SHIPPED = Path(__file__).parents[2] / "responders" / "templates"
REPORTS = {Template.DIGEST, Template.WARNING}
STAFF_LETTERS = sorted(set(Template) - ACKNOWLEDGEMENTS - REPORTS)
TO_OTHERS = {
    *(Template.CONTROLLER_REQUEST, Template.RECIPIENTS_NOTICE, Template.THIRD_PARTY_REMINDER),
    *(Template.PEOPLE_TEAM, Template.AUTHORITY_RECEIPT, Template.PARTY_QUESTION, Template.PROOF_LINK),
}
WITH_REMEDIES = {
    *(Template.EXTENSION, Template.REFUSAL, Template.ANSWER, Template.FEE_NOTICE, Template.FORWARDED),
    *(Template.NO_DATA, Template.CLOSING, Template.UNSUBSCRIBE_DONE, Template.COMPLAINT_ANSWER, Template.STATUS),
}
"""What takes something from the person, or ends their matter (GDPR Art. 12(4))."""
MORE: dict[Template, dict[str, object]] = {
    Template.EXTENSION: {"answer_by": EXTENDED},
    Template.FORWARDED: {"third_party": "Stride Fitness", "sent_on": SOON},
    Template.CONTROLLER_REQUEST: {"third_party": "Stride Fitness", "answer_by": SOON},
    Template.PEOPLE_TEAM: {"delete_by": EXTENDED, "text": ()},
    Template.RECIPIENTS_NOTICE: {"third_party": "Paper Post"},
    Template.PARTY_QUESTION: {"third_party": "Paper Post", "answer_by": SOON},
    Template.THIRD_PARTY_REMINDER: {"sent_on": RECEIVED, "was_due_on": SOON},
    Template.STATUS: {"sent_on": SOON, "close_on": EXTENDED},
    Template.REFUSAL: {
        "items": tuple(replace(item, result=ItemResult.REFUSED, ground=Ground.LEGAL_DUTY) for item in (ACCESS, ERASURE))
    },
    Template.ANSWER: {
        "items": tuple(replace(item, result=ItemResult.FULFILLED) for item in (ACCESS, ERASURE)),
        "backups_until": EXTENDED,
    },
}
WRITER = LetterWriter()

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_regime = pytest.mark.parametrize("regime", list(Regime))


def ordered(template: Template, language: str = "en", regime: Regime = Regime.EU, **more: object) -> LetterOrder:
    """A letter on an access and an erasure, as staff would order it."""
    order = sample_order(language, template, (ACCESS, ERASURE), regime)
    return replace(order, **({"text": WORDS_OF_STAFF} | MORE.get(template, {}) | more))  # type: ignore[arg-type]


def written(order: LetterOrder, regime: Regime = Regime.EU, box: Mailbox | None = None) -> Letter:
    return WRITER.compose(order, box or sample_mailbox(regime))


def parsed(raw: bytes) -> EmailMessage:
    found = message_from_bytes(raw, policy=SMTP)
    assert isinstance(found, EmailMessage)
    return found


def plain(letter: Letter) -> str:
    body = parsed(letter.raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def said(order: LetterOrder, regime: Regime = Regime.EU) -> str:
    """The plain text, in one line."""
    return " ".join(plain(written(order, regime)).split())


def long_date(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=LOCALES[language]))


# -- what all of them say


@every_language
@every_regime
def test_every_letter_says_what_it_answers_what_staff_wrote_and_who_writes(language: str, regime: Regime) -> None:
    for template in sorted(set(STAFF_LETTERS) - {Template.PROOF_LINK}):
        order = ordered(template, language, regime)
        letter = written(order, regime)
        text = " ".join(plain(letter).split())
        undated = (Template.RECIPIENTS_NOTICE, Template.THIRD_PARTY_REMINDER, Template.PARTY_QUESTION)
        is_dated = template not in undated
        assert not is_dated or long_date(RECEIVED, language) in text, template
        assert all(paragraph in text for paragraph in order.text), template
        assert "Example & Söhne Ltd" in text, template
        assert letter.subject.endswith("[RD-7KQ-4M2-XN9]"), template
        assert parsed(letter.raw)["Content-Language"] == language


@every_language
@every_regime
def test_what_takes_or_ends_something_names_the_authorities_and_the_courts(language: str, regime: Regime) -> None:
    lead = "(ICO) (https://ico.org.uk/)" if regime is Regime.UK else "(DPC) (https://www.dataprotection.ie/)"
    offices = (lead, "(CNIL) (https://www.cnil.fr/)", "(AEPD) (https://www.aepd.es/)")
    words = [WORDING[language][topic] for topic in ("not satisfied", "elsewhere", "court")]
    for template in WITH_REMEDIES:
        text = said(ordered(template, language, regime), regime)
        assert [wanted for wanted in (*offices, *words) if wanted not in text] == [], template


@every_language
def test_no_letter_names_the_requester_by_itself(language: str) -> None:
    for template in STAFF_LETTERS:
        letter = written(ordered(template, language))
        html = parsed(letter.raw).get_body(("html",))
        assert html is not None
        for face in (plain(letter), str(html.get_content())):
            assert "Ada" not in face, template
            assert "ada@" not in face, template


@every_language
def test_a_letter_to_somebody_else_does_not_send_them_to_the_authority(language: str) -> None:
    for template in TO_OTHERS:
        assert WORDING[language]["not satisfied"] not in said(ordered(template, language)), template


def test_letters_in_no_two_languages_are_alike() -> None:
    for template in (*STAFF_LETTERS, *sorted(REPORTS)):
        order = ordered(template, text=(), lines=LINES, figures=FIGURES,
                        alarm=AlarmKind.BREACHED)  # fmt: skip
        assert len({said(replace(order, language=language)) for language in LANGUAGES}) == len(LANGUAGES)


# -- questions

EFFECTS = {Effect.STOPS: "stands still", Effect.MOVES_START: "starts later", Effect.NOTHING: "goes on"}


@every_language
@every_regime
@pytest.mark.parametrize("effect", Effect)
def test_a_question_of_identity_says_what_it_does_to_the_time(language: str, regime: Regime, effect: Effect) -> None:
    text = said(ordered(Template.IDENTITY_QUESTION, language, regime, proofs=(Proof.CODE,), effect=effect), regime)
    assert [other for other, topic in EFFECTS.items() if STAFF_WORDING[language][topic] in text] == [effect]
    assert (long_date(ANSWER, language) in text) is (effect is Effect.NOTHING), "a date is promised where one stands"


@every_language
@every_regime
@pytest.mark.parametrize("effect", [Effect.STOPS, Effect.NOTHING])
def test_a_clarification_says_what_it_does_to_the_time_and_that_nothing_need_be_narrowed(
    language: str, regime: Regime, effect: Effect
) -> None:
    text = said(ordered(Template.CLARIFICATION, language, regime, effect=effect), regime)
    assert STAFF_WORDING[language]["not narrow"] in text
    assert [other for other, topic in EFFECTS.items() if STAFF_WORDING[language][topic] in text] == [effect]
    assert (long_date(ANSWER, language) in text) is (effect is Effect.NOTHING)


@every_language
@every_regime
def test_a_fee_is_explained_by_the_law_and_may_be_declined(language: str, regime: Regime) -> None:
    effect = Effect.MOVES_START if regime is Regime.UK else Effect.NOTHING
    text = said(ordered(Template.FEE_NOTICE, language, regime, effect=effect), regime)
    assert STAFF_WORDING[language]["free as a rule"] in text
    assert STAFF_WORDING[language]["need not pay"] in text
    assert (STAFF_WORDING[language]["fee starts"] in text) is (regime is Regime.UK)
    assert "12" in text
    assert "15" in text


@every_language
@every_regime
def test_who_is_asked_for_an_identity_document_is_told_to_black_it_out_and_of_another_way(
    language: str, regime: Regime
) -> None:
    asked = said(ordered(Template.IDENTITY_QUESTION, language, regime, proofs=(Proof.IDENTITY_DOCUMENT,)), regime)
    for topic in ("black out", "looked at once", "another proof", "for this check only"):
        assert STAFF_WORDING[language][topic] in asked
    others = tuple(set(Proof) - {Proof.IDENTITY_DOCUMENT})
    assert STAFF_WORDING[language]["black out"] not in said(
        ordered(Template.IDENTITY_QUESTION, language, regime, proofs=others), regime
    )


@every_language
def test_each_proof_is_asked_for_in_words_of_its_own_and_no_other(language: str) -> None:
    proofs = read_words(SHIPPED / language).tables["proofs"]
    assert set(proofs) == {*Proof, "code_on_page"}
    by_link = {"proofs": (Proof.CODE,), "proves_by_page": True}
    page = {"page_address": "https://privacy.example.org/s/x", "page_until": SOON}
    for asked, name in ((by_link | page, "code_on_page"), (by_link, "code")):
        for template in (Template.IDENTITY_QUESTION, Template.STATUS):
            text = said(ordered(template, language, **asked))
            assert [one for one in proofs if " ".join(proofs[one].split()) in text] == [name]
    for proof in Proof:
        text = said(ordered(Template.IDENTITY_QUESTION, language, proofs=(proof,)))
        assert [other for other in proofs if " ".join(proofs[other].split()) in text] == [proof]


@every_language
def test_a_reminder_says_when_it_was_asked_when_it_ends_and_that_nothing_is_lost(language: str) -> None:
    text = said(ordered(Template.STATUS, language, proofs=(Proof.CODE,)))
    for day in (SOON, EXTENDED, RECEIVED):
        assert long_date(day, language) in text
    assert STAFF_WORDING[language]["no harm"] in text


# -- extensions and refusals (GDPR Art. 12(3), (4))


@every_language
@every_regime
def test_an_extension_says_the_new_date_the_reasons_the_law_and_what_it_is_for(language: str, regime: Regime) -> None:
    text = said(ordered(Template.EXTENSION, language, regime), regime)
    assert long_date(EXTENDED, language) in text
    assert STAFF_WORDING[language]["two months"] in text
    before, _, after = text.partition(STAFF_WORDING[language]["reasons"])
    assert before
    assert after.strip().startswith(WORDS_OF_STAFF[0])
    assert ("12A" in text) is (regime is Regime.UK)
    assert WORDING[language]["access"] in text
    assert WORDING[language]["erasure"] in text


@every_language
@every_regime
@pytest.mark.parametrize("template", [Template.REFUSAL, Template.ANSWER])
def test_what_is_declined_is_told_with_each_ground_in_words(language: str, regime: Regime, template: Template) -> None:
    words = read_words(SHIPPED / language)
    assert set(words.tables["grounds"]) == set(Ground)
    for ground in Ground:
        declined = replace(ACCESS, result=ItemResult.REFUSED, ground=ground)
        text = said(ordered(template, language, regime, items=(declined,)), regime)
        law = words.word("law", regime)
        assert " ".join(words.word("grounds", ground).replace("{law}", law).split()) in text


@every_language
@every_regime
def test_a_refusal_names_each_right_and_why_and_offers_to_look_again(language: str, regime: Regime) -> None:
    text = said(ordered(Template.REFUSAL, language, regime), regime)
    assert text.count(STAFF_WORDING[language]["legal duty"]) == 2
    assert WORDING[language]["access"] in text
    assert WORDING[language]["erasure"] in text
    assert STAFF_WORDING[language]["overlooked"] in text


@every_language
def test_grounds_name_the_law_that_governs(language: str) -> None:
    texts = {regime: said(ordered(Template.REFUSAL, language, regime), regime) for regime in Regime}
    words = read_words(SHIPPED / language)
    for regime in Regime:
        assert "17" in texts[regime]
        assert words.word("law", regime) in texts[regime]
    assert words.word("law", Regime.UK) not in texts[Regime.EU]


# -- answers


@every_language
def test_each_right_is_answered_in_words_of_its_own(language: str) -> None:
    words, answers = read_words(SHIPPED / language), set()
    for kind in RIGHTS:
        done = LetterItem(kind, ANSWER, result=ItemResult.FULFILLED)
        blocks = plain(written(ordered(Template.ANSWER, language, items=(done,), backups_until=None))).split("\n\n")
        place = next(number for number, block in enumerate(blocks) if block.startswith(words.word("titles", kind)))
        answers.add(blocks[place + 1])
    assert len(answers) == len(RIGHTS)


@every_language
def test_an_erasure_says_until_when_backups_remain(language: str) -> None:
    text = said(ordered(Template.ANSWER, language))
    assert STAFF_WORDING[language]["backups"] in text
    assert long_date(EXTENDED, language) in text


@every_language
def test_what_is_done_in_part_says_why_not_the_rest(language: str) -> None:
    partly = replace(ERASURE, result=ItemResult.PARTLY, ground=Ground.LEGAL_DUTY)
    text = said(ordered(Template.ANSWER, language, items=(partly,)))
    assert STAFF_WORDING[language]["backups"] in text, "what was done"
    assert STAFF_WORDING[language]["legal duty"] in text, "what was not, and why"


@every_language
@pytest.mark.parametrize("outcome", [ItemResult.NOT_IDENTIFIED, ItemResult.LAPSED])
def test_who_could_not_be_helped_is_told_how_to_go_on(language: str, outcome: ItemResult) -> None:
    assert STAFF_WORDING[language]["take it up"] in said(ordered(Template.CLOSING, language, outcome=outcome))


@every_language
def test_each_reason_to_close_reads_differently(language: str) -> None:
    special = {ItemResult.WITHDRAWN, ItemResult.NOT_IDENTIFIED, ItemResult.LAPSED, ItemResult.NOT_A_REQUEST,
               ItemResult.DUPLICATE}  # fmt: skip
    texts = {outcome: said(ordered(Template.CLOSING, language, outcome=outcome)) for outcome in ItemResult}
    assert len(set(texts.values())) == len(special) + 1
    assert len({texts[outcome] for outcome in special}) == len(special)


@every_language
def test_who_wants_no_advertising_is_told_that_the_address_is_kept_for_that(language: str) -> None:
    assert STAFF_WORDING[language]["suppression"] in said(ordered(Template.UNSUBSCRIBE_DONE, language))


@every_language
def test_a_complaint_under_uk_law_is_answered_by_its_section(language: str) -> None:
    texts = {regime: said(ordered(Template.COMPLAINT_ANSWER, language, regime), regime) for regime in Regime}
    assert "164A" in texts[Regime.UK]
    assert "164A" not in texts[Regime.EU]


# -- letters about somebody else's data, and to others


@every_language
def test_a_person_is_told_to_whom_their_request_went_when_and_who_decides(language: str) -> None:
    text = said(ordered(Template.FORWARDED, language))
    assert "Stride Fitness" in text
    assert long_date(SOON, language) in text
    for topic in ("theirs to decide", "within a month"):
        assert STAFF_WORDING[language][topic] in text


@every_language
def test_a_customer_is_told_what_is_wanted_by_when_and_under_which_paragraph(language: str) -> None:
    text = said(ordered(Template.CONTROLLER_REQUEST, language))
    assert "Stride Fitness" in text
    assert long_date(SOON, language) in text
    assert "28" in text
    assert STAFF_WORDING[language]["a month to answer"] in text


@every_language
def test_a_recipient_is_told_what_was_done_and_asked_to_do_the_same(language: str) -> None:
    told = {
        kind: said(ordered(Template.RECIPIENTS_NOTICE, language, items=(LetterItem(kind, ANSWER),)))
        for kind in (Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION)
    }
    assert len(set(told.values())) == len(told)
    for text in told.values():
        assert STAFF_WORDING[language]["pass it on"] in text
        assert long_date(ANSWER, language) in text
        assert "19" in text


@every_language
def test_a_third_party_is_reminded_of_what_was_asked_and_of_the_new_day(language: str) -> None:
    text = said(ordered(Template.THIRD_PARTY_REMINDER, language))
    for day in (RECEIVED, SOON, ANSWER):
        assert long_date(day, language) in text


@every_language
def test_the_people_team_is_told_until_when_the_application_may_stay(language: str) -> None:
    assert long_date(EXTENDED, language) in said(ordered(Template.PEOPLE_TEAM, language))


# -- reports

FIGURES = {"overdue": 11, "due_today": 12, "due_soon": 13, "open": 14, "waiting": 15, "review": 16, "unopened": 17,
           "held": 18, "more": 0}  # fmt: skip
LINES = (
    ReportLine("RD-AAA-AAA-AAA", (Kind.ACCESS, Kind.ERASURE), ANSWER),
    ReportLine("RD-BBB-BBB-BBB", (Kind.ACCESS,), None),
)


@every_language
@pytest.mark.parametrize("alarm", AlarmKind)
def test_a_warning_says_what_is_wrong_with_which_case(language: str, alarm: AlarmKind) -> None:
    order = ordered(Template.WARNING, language, alarm=alarm, lines=LINES, figures={"more": 7}, items=(), text=())
    text, words = said(order), read_words(SHIPPED / language)
    assert words.word("alarms", alarm).lower() in text.lower()
    for wanted in (
        "RD-AAA-AAA-AAA",
        "RD-BBB-BBB-BBB",
        long_date(ANSWER, language),
        words.word("matters", Kind.ERASURE),
    ):
        assert wanted in text
    assert "+7" in text, "what is too many to be listed is counted"


@every_language
def test_a_digest_has_all_its_figures_and_lines(language: str) -> None:
    order = ordered(Template.DIGEST, language, reference="", case_id=None, figures=FIGURES, lines=LINES, text=())
    text = said(order)
    for figure in range(11, 19):
        assert re.search(rf"\b{figure}\b", text)
    for wanted in ("RD-AAA-AAA-AAA", "RD-BBB-BBB-BBB", long_date(RECEIVED, language), long_date(ANSWER, language)):
        assert wanted in text
    quiet = said(replace(order, lines=()))
    assert "RD-" not in quiet


# -- by a person or by itself (RFC 3834)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit) -> Iterator[Story]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(authorities=("FR",), managers=("boss@example.org",)))
    yield Story(database, vault, audit, presence, box, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    presence.leave()


def outgoing(story: Story) -> dict[Template, EmailMessage]:
    """The letters in the outbox, as they would go over the wire."""
    with story.database.reading() as session:
        letters = session.exec(select(OutboxMail).order_by(col(OutboxMail.id))).all()
        return {letter.template: parsed(story.vault.open(session, letter.sealed_id)) for letter in letters}


def test_a_letter_by_a_person_is_not_marked_as_automatic_and_a_report_is(story: Story) -> None:
    case = story.at("2026-03-02").receives(Label.ACCESS)
    story.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    story.does(ANA, case, lambda office: extend(office, why="complex", text="Eleven systems."))
    other = story.receives(Label.OBJECTION, sender="other@mail.example")
    declined = {"ground": Ground.COMPELLING_GROUNDS, "why": "fraud"}
    story.does(ANA, other, lambda office: decide(office, Kind.OBJECTION, ItemResult.REFUSED, **declined))  # type: ignore[arg-type]
    story.does(ANA, other, lambda office: answer(office, Template.REFUSAL))
    story.at("2026-06-03").rings()
    found = {template: letter["Auto-Submitted"] for template, letter in outgoing(story).items()}
    assert found == {
        Template.ACKNOWLEDGEMENT_RIGHTS: "auto-replied",
        Template.CLARIFICATION: None,
        Template.EXTENSION: None,
        Template.REFUSAL: None,
        Template.WARNING: "auto-generated",
        Template.DIGEST: "auto-generated",
    }


@pytest.mark.parametrize("template", STAFF_LETTERS)
def test_no_letter_of_staff_says_that_a_machine_wrote_it(template: Template) -> None:
    letter = written(ordered(template))
    assert parsed(letter.raw)["Auto-Submitted"] is None
    assert "automatic" not in plain(letter)


def test_a_letter_of_staff_stays_in_the_thread_of_the_person(story: Story) -> None:
    case = story.receives(Label.ACCESS)
    story.does(ANA, case, lambda office: ask(office, PauseReason.CLARIFICATION, why="", text="Which year?"))
    letter = outgoing(story)[Template.CLARIFICATION]
    assert letter["In-Reply-To"] == letter["References"] == "<m1@mail.example>"


# -- enclosures

ALL_BYTES = bytes(range(256))
CONTENTS = {
    "8-bit": "Grüße, ąęść".encode("iso8859-2", "replace") + ALL_BYTES,
    "long lines": b"x" * 5000 + b"\r\n" + b"y" * 1200,
    "dots": b".\r\n..\r\n.\r\n\r\n.",
    "bare line ends": b"a\nb\rc\r\nd",
    "boundaries": b"--=_0123456789abcdef01234567\r\n--=_0123456789abcdef01234567--\r\n",
    "nothing": b"",
    "a mail": mail("héllo", subject="Zażółć", attachments=(("a.pdf", ALL_BYTES * 40),)),
}


@pytest.fixture
def hand_over(listener: Listener, authority: trustme.CA, tmp_path: Path) -> Callable[[bytes], EmailMessage]:
    """Hands a letter to a real SMTP server, and returns it as it arrived there."""
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))

    def arrived(raw: bytes) -> EmailMessage:
        with SmtpSender(access(listener.port, ca_file)) as sender:
            sender.send(raw, "contact@example.org", "dpo@stride.example")
        return listener.mails[-1].mail

    return arrived


def test_enclosures_arrive_byte_for_byte(hand_over: Callable[[bytes], EmailMessage]) -> None:
    enclosures = tuple(Enclosure(f"{name}.eml", content) for name, content in CONTENTS.items())
    arrived = hand_over(written(ordered(Template.CONTROLLER_REQUEST, enclosures=enclosures)).raw)
    files = list(arrived.iter_attachments())
    assert [file.get_filename() for file in files] == [f"{name}.eml" for name in CONTENTS]
    assert [file.get_payload(decode=True) for file in files] == list(CONTENTS.values())
    assert not arrived.defects
    assert "Stride Fitness" in str(arrived.get_body(("plain",)))
    assert arrived.get_body(("html",)) is not None


def test_every_line_of_a_letter_with_enclosures_is_short_and_seven_bit() -> None:
    enclosures = tuple(Enclosure("request.eml", content) for content in CONTENTS.values())
    raw = written(ordered(Template.CONTROLLER_REQUEST, enclosures=enclosures)).raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("request.eml", "request.eml"), ('a"b\\c.eml', "abc.eml"), ("a\r\nX-Evil: 1.eml", None), ("żółć.eml", ".eml"), ("", "file")],
)  # fmt: skip
def test_the_name_of_an_enclosure_can_say_no_more_than_itself(name: str, kept: str | None) -> None:
    letter = parsed(written(ordered(Template.CONTROLLER_REQUEST, enclosures=(Enclosure(name, b"x"),))).raw)
    (file,) = letter.iter_attachments()
    assert kept is None or file.get_filename() == kept
    assert [*letter.keys(), *file.keys()].count("X-Evil") == 0
    assert file.get_payload(decode=True) == b"x"


def test_a_letter_without_enclosures_has_none() -> None:
    letter = parsed(written(ordered(Template.CONTROLLER_REQUEST)).raw)
    assert letter.get_content_type() == "multipart/alternative"
    assert list(letter.iter_attachments()) == []


def test_a_customer_gets_the_mails_of_the_case_as_they_came_in(story: Story) -> None:
    row = {"name": "Stride", "domains": "", "administrator": "dpo@stride.example"}
    with story.database.transaction() as session:
        import_customers(session, "example", [row])
    case = story.receives(Label.ERASURE, text="Löscht alles.\n" + "ü" * 2000)
    story.receives(Label.FOLLOWUP, text="Noch etwas.", answers="<m1@mail.example>")
    story.does(
        ANA,
        case,
        lambda office: forward(office, customer_named(office.session, "example", "Stride"), requests_of(office)),
    )
    with story.database.reading() as session:
        kept = [story.vault.open(session, row.sealed_id) for row in session.exec(select(Message)).all()]
    letters = outgoing(story)
    files = list(letters[Template.CONTROLLER_REQUEST].iter_attachments())
    assert [base64.b64decode(str(file.get_payload())) for file in files] == kept
    assert [file.get_filename() for file in files] == ["request-1.eml", "request-2.eml"]
    assert list(letters[Template.FORWARDED].iter_attachments()) == [], "the person has it already"


# -- an organisation's own templates


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


def put(own: Path, name: str, content: str) -> None:
    (own / name).parent.mkdir(parents=True, exist_ok=True)
    (own / name).write_text(content, encoding="utf-8")


def of_owner(own: Path) -> Mailbox:
    return sample_mailbox(Regime.EU, own)


def both(template: Template, own: Path, language: str = "en") -> tuple[list[str], list[str]]:
    """The blocks of a letter as shipped, and as an organisation with own templates sends it."""
    order = ordered(template, language)
    return tuple(plain(written(order, box=box)).split("\n\n") for box in (sample_mailbox(Regime.EU), of_owner(own)))  # type: ignore[return-value]


def test_an_own_block_replaces_only_that_block(own: Path) -> None:
    put(
        own,
        "en/extension/body.md",
        '{% extends "shipped/en/extension/body.md" %}\n'
        "{% block opening %}\nDear member, we need until **{{ letter.answer_by }}** for what you sent on "
        "{{ letter.received_on }}.\n{% endblock %}\n",
    )
    shipped, ours = both(Template.EXTENSION, own)
    changed = [number for number, (one, other) in enumerate(zip(shipped, ours, strict=True)) if one != other]
    assert len(changed) == 1
    assert " ".join(ours[changed[0]].split()) == (
        "Dear member, we need until 5 June 2026 for what you sent on 5 March 2026."
    )


def test_an_own_block_may_keep_what_was_there_and_add_to_it(own: Path) -> None:
    content = (
        '{% extends "shipped/en/no_data/body.md" %}{% block closing %}\n{{ super() }}\n\nYour desk\n{% endblock %}'
    )
    put(own, "en/no_data/body.md", content)
    shipped, ours = both(Template.NO_DATA, own)
    assert [*(block.rstrip("\n") for block in shipped), "Your desk\n"] == ours


def test_an_own_piece_stands_in_every_letter_that_has_it(own: Path) -> None:
    put(own, "en/greeting.md", "Dear member,\n")
    for template in (Template.REFUSAL, Template.EXTENSION, Template.NO_DATA):
        shipped, ours = both(template, own)
        assert (shipped[0], ours[0]) == ("Hello,", "Dear member,")
        assert shipped[1:] == ours[1:]


def test_own_words_change_neither_other_languages_nor_other_letters_nor_other_organisations(own: Path) -> None:
    put(own, "en/refusal/subject.txt", "About your request\n")
    assert written(ordered(Template.REFUSAL), box=of_owner(own)).subject == "About your request [RD-7KQ-4M2-XN9]"
    assert written(ordered(Template.REFUSAL)).subject.startswith("Our decision")
    for template, language in ((Template.NO_DATA, "en"), (Template.REFUSAL, "fr")):
        shipped, ours = both(template, own, language)
        assert shipped == ours


MISTAKES = {
    "en/no_data/body.md": ("{{ letter.shoe_size }}", ": the template en/no_data cannot be filled: UndefinedError"),
    "nl/no_data/body.md": ("{% if %}", ": the template nl/no_data cannot be filled: TemplateSyntaxError"),
    "fr/status/body.md": ('{% extends "shipped/fr/sttaus/body.md" %}', ": the template fr/status cannot be filled"),
    "es/answer/subject.txt": ("{{ letter.nothing }}", ": the template es/answer cannot be filled"),
    "de/refusal/body.md": (
        '{% extends "shipped/de/refusal/body.md" %}{% block grounds %}Nein.{% endblock %}',
        " (text) does not say why it is declined",
    ),
    "it/extension/body.md": (
        '{% extends "shipped/it/extension/body.md" %}{% block remedies %}{% endblock %}',
        " (HTML) does not say the right to complain to an authority",
    ),
    "pl/identity_question/body.md": (
        '{% extends "shipped/pl/identity_question/body.md" %}{% block asks %}{% endblock %}',
        " (text) does not say what is asked for",
    ),
    "pt/closing/body.md": ("**{{ letter.received_on }}", " (text) shows a left-over of its making: **"),
}
"""Own templates, each with what is said of it after its language and letter."""


def test_every_mistake_in_own_templates_is_told_with_its_letter_and_nothing_else_is(own: Path) -> None:
    put(own, "en/greeting.md", "Dear member,\n")
    for name, (content, _) in MISTAKES.items():
        put(own, name, content)
    problems = LetterWriter().check(own)
    letters = {name: name.rpartition("/")[0] for name in MISTAKES}
    for name, (_, told) in MISTAKES.items():
        assert any(problem.startswith(f"{letters[name]}{told}") for problem in problems), name
    assert all(problem.startswith(tuple(letters.values())) for problem in problems)


def test_a_letter_is_never_sent_with_a_mistake_in_it(own: Path) -> None:
    put(own, "en/no_data/body.md", "{{ letter.shoe_size }}")
    with pytest.raises(PermanentFailure, match="en/no_data cannot be filled"):
        written(ordered(Template.NO_DATA), box=of_owner(own))
