"""What the letters say: every must-have of an acknowledgement, in every language, under both regimes."""

import re
from dataclasses import replace
from datetime import date
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from itertools import combinations
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest
from babel.dates import format_date
from letter_wording import FIELDS, RIGHT_WORDS, WORDING

from models.errors import PermanentFailure, SettingsError
from models.letter import LetterItem, LetterOrder
from models.organisation import Mailbox, Regime
from models.outbox import ACKNOWLEDGEMENTS, Template
from models.verdict import RIGHTS, Kind
from responders.letters import Letter, LetterWriter
from responders.sample_orders import sample_mailbox, sample_order, sample_orders

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"]
LOCALES = {code: {"en": "en_GB"}.get(code, f"{code}_{code.upper()}") for code in LANGUAGES}
RECEIVED, SOON, ANSWER, EXTENDED = date(2026, 3, 5), date(2026, 3, 9), date(2026, 4, 7), date(2026, 6, 5)
ACCESS = LetterItem(Kind.ACCESS, ANSWER, EXTENDED)
ERASURE = LetterItem(Kind.ERASURE, ANSWER, EXTENDED)
MARKETING = LetterItem(Kind.OBJECTION_MARKETING, SOON)
COMPLAINT = LetterItem(Kind.COMPLAINT, ANSWER)
JOB = LetterItem(Kind.JOB_APPLICATION, ANSWER)
ITEMS = {
    Template.ACKNOWLEDGEMENT_RIGHTS: (ACCESS, ERASURE),
    Template.ACKNOWLEDGEMENT_COMPLAINT: (COMPLAINT,),
    Template.ACKNOWLEDGEMENT_JOB: (JOB,),
}

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_regime = pytest.mark.parametrize("regime", list(Regime))
every_letter = pytest.mark.parametrize("template", sorted(ACKNOWLEDGEMENTS))


@pytest.fixture(scope="module")
def writer() -> LetterWriter:
    return LetterWriter()


def ordered(language: str, template: Template, regime: Regime, *items: LetterItem, **changes: object) -> LetterOrder:
    return replace(sample_order(language, template, items, regime), **changes)  # type: ignore[arg-type]


def rights_order(language: str, *items: LetterItem, regime: Regime = Regime.EU, **changes: object) -> LetterOrder:
    return ordered(language, Template.ACKNOWLEDGEMENT_RIGHTS, regime, *items, **changes)


def written(writer: LetterWriter, order: LetterOrder, mailbox: Mailbox | None = None) -> Letter:
    return writer.compose(order, mailbox or sample_mailbox(Regime.EU))


def part(letter: Letter, subtype: str) -> str:
    mail = message_from_bytes(letter.raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    body = mail.get_body((subtype,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def said(letter: Letter) -> str:
    """The plain text, in one line."""
    return " ".join(part(letter, "plain").split())


def long_date(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=LOCALES[language]))


# -- what every letter says (EDPB Guidelines 01/2022, 57; GDPR Art. 12, 13, 77)


@every_language
@every_letter
@every_regime
def test_every_letter_says_the_date_of_receipt_and_the_reference(
    writer: LetterWriter, language: str, template: Template, regime: Regime
) -> None:
    text = said(written(writer, ordered(language, template, regime, *ITEMS[template]), sample_mailbox(regime)))
    assert long_date(RECEIVED, language) in text
    assert "RD-7KQ-4M2-XN9" in text


@every_language
@every_letter
@every_regime
def test_every_letter_asks_to_be_told_of_a_misunderstanding(
    writer: LetterWriter, language: str, template: Template, regime: Regime
) -> None:
    text = said(written(writer, ordered(language, template, regime, *ITEMS[template]), sample_mailbox(regime)))
    assert WORDING[language]["misunderstood"] in text
    assert WORDING[language]["reply"] in text


@every_language
@every_letter
@every_regime
def test_every_letter_names_the_controller_and_whom_to_contact(
    writer: LetterWriter, language: str, template: Template, regime: Regime
) -> None:
    mailbox = sample_mailbox(regime)
    text = said(written(writer, ordered(language, template, regime, *ITEMS[template]), mailbox))
    for wanted in (mailbox.organisation.name, mailbox.organisation.address, mailbox.organisation.contact):
        assert wanted in text


@every_language
@every_letter
@every_regime
def test_every_letter_names_the_authorities_and_the_courts(
    writer: LetterWriter, language: str, template: Template, regime: Regime
) -> None:
    text = said(written(writer, ordered(language, template, regime, *ITEMS[template]), sample_mailbox(regime)))
    lead = "(ICO) (https://ico.org.uk/)" if regime is Regime.UK else "(DPC) (https://www.dataprotection.ie/)"
    for wanted in (lead, "(CNIL) (https://www.cnil.fr/)", "(AEPD) (https://www.aepd.es/)"):
        assert wanted in text
    for topic in ("not satisfied", "elsewhere", "court"):
        assert WORDING[language][topic] in text


@every_language
@every_letter
def test_no_letter_names_the_requester(writer: LetterWriter, language: str, template: Template) -> None:
    letter = written(writer, ordered(language, template, Regime.EU, *ITEMS[template]))
    for face in ("plain", "html"):
        assert "Ada" not in part(letter, face)
        assert "ada@" not in part(letter, face)


def test_the_lead_authority_is_named_once_even_if_listed_twice(writer: LetterWriter) -> None:
    mailbox = sample_mailbox(Regime.EU)
    twice = replace(mailbox, organisation=replace(mailbox.organisation, authorities=("IE", "FR", "fr")))
    text = said(written(writer, rights_order("en", ACCESS), twice))
    assert text.count("(DPC)") == 1
    assert text.count("(CNIL)") == 1


# -- rights


@every_language
@every_regime
def test_a_rights_letter_lists_what_was_recognised(writer: LetterWriter, language: str, regime: Regime) -> None:
    text = said(written(writer, rights_order(language, ACCESS, ERASURE, regime=regime), sample_mailbox(regime)))
    assert WORDING[language]["access"] in text
    assert WORDING[language]["erasure"] in text


@every_language
@every_regime
def test_a_rights_letter_promises_a_date_and_explains_the_extension(
    writer: LetterWriter, language: str, regime: Regime
) -> None:
    text = said(written(writer, rights_order(language, ACCESS, regime=regime), sample_mailbox(regime)))
    assert long_date(ANSWER, language) in text
    assert WORDING[language]["extension"] in text
    assert WORDING[language]["told before"] in text


@every_language
def test_no_extension_is_mentioned_where_the_law_knows_none(writer: LetterWriter, language: str) -> None:
    order = rights_order(language, MARKETING, answer_by=SOON, answer_by_extended=None)
    text = said(written(writer, order))
    assert long_date(SOON, language) in text
    assert long_date(EXTENDED, language) not in text


@every_language
def test_a_right_with_an_earlier_date_shows_it_beside_the_right(writer: LetterWriter, language: str) -> None:
    letter = written(writer, rights_order(language, MARKETING, ACCESS))
    items = re.findall(r"^- (.*(?:\n  .*)*)", part(letter, "plain"), re.MULTILINE)
    own = [" ".join(item.split()) for item in items if "2026" in item]
    assert len(own) == 1
    assert own[0].endswith(WORDING[language]["soon"])


@every_language
def test_where_only_some_rights_can_be_extended_the_letter_says_which(writer: LetterWriter, language: str) -> None:
    both = said(written(writer, rights_order(language, MARKETING, ACCESS)))
    one = said(written(writer, rights_order(language, ACCESS)))
    assert both.count(WORDING[language]["access"]) == 2
    assert one.count(WORDING[language]["access"]) == 1


def test_a_letter_without_a_date_promises_to_answer_without_undue_delay(writer: LetterWriter) -> None:
    text = said(written(writer, rights_order("en", ACCESS, answer_by=None, answer_by_extended=None)))
    assert "We will answer without undue delay." in text


@every_language
def test_the_law_is_that_of_the_regime(writer: LetterWriter, language: str) -> None:
    decision = LetterItem(Kind.AUTOMATED_DECISION, ANSWER, EXTENDED)
    text = {
        regime: said(written(writer, rights_order(language, decision, regime=regime), sample_mailbox(regime)))
        for regime in Regime
    }
    assert "22A" in text[Regime.UK]
    assert "22A" not in text[Regime.EU]


@every_language
def test_a_right_left_open_is_asked_for_in_plain_words(writer: LetterWriter, language: str) -> None:
    open_right = LetterItem(Kind.UNSPECIFIED, ANSWER)
    assert WORDING[language]["which right"] in said(written(writer, rights_order(language, open_right)))
    assert WORDING[language]["which right"] not in said(written(writer, rights_order(language, ACCESS)))


@every_language
@every_regime
def test_a_neutral_letter_names_no_right(writer: LetterWriter, language: str, regime: Regime) -> None:
    letter = written(writer, rights_order(language, regime=regime, answer_by_extended=None), sample_mailbox(regime))
    before_the_right_to_complain = said(letter).partition(WORDING[language]["not satisfied"])[0].lower()
    assert WORDING[language]["not guess"] in said(letter)
    assert not [word for word in RIGHT_WORDS[language] if word in f"{letter.subject} {before_the_right_to_complain}"]


@every_language
def test_a_neutral_letter_promises_a_date(writer: LetterWriter, language: str) -> None:
    assert long_date(ANSWER, language) in said(written(writer, rights_order(language)))


# -- what is still needed


@every_language
@pytest.mark.parametrize("place", range(4), ids=["full_name", "account_email", "postal_address", "phone"])
def test_a_letter_asks_for_what_is_missing_and_nothing_else(writer: LetterWriter, language: str, place: int) -> None:
    name = ("full_name", "account_email", "postal_address", "phone")[place]
    text = said(written(writer, rights_order(language, ACCESS, missing=(name,))))
    assert [wording in text for wording in FIELDS[language]] == [place == other for other in range(4)]


@every_language
def test_a_letter_that_asks_says_why_and_how_and_that_the_clock_runs(writer: LetterWriter, language: str) -> None:
    text = said(written(writer, rights_order(language, ACCESS)))
    for topic in ("wrong person", "no identity document", "clock runs"):
        assert WORDING[language][topic] in text


@every_language
def test_a_letter_that_misses_nothing_asks_for_nothing(writer: LetterWriter, language: str) -> None:
    text = said(written(writer, rights_order(language, ACCESS, missing=())))
    for topic in ("wrong person", "no identity document", "clock runs"):
        assert WORDING[language][topic] not in text


def test_an_unknown_field_is_a_clear_error(writer: LetterWriter) -> None:
    with pytest.raises(SettingsError, match="no word for shoe_size"):
        written(writer, rights_order("en", ACCESS, missing=("shoe_size",)))


# -- complaints


@every_language
def test_a_uk_complaint_is_told_what_the_law_asks_and_promised_no_date(writer: LetterWriter, language: str) -> None:
    order = ordered(language, Template.ACKNOWLEDGEMENT_COMPLAINT, Regime.UK, COMPLAINT, answer_by=ANSWER)
    text = said(written(writer, order, sample_mailbox(Regime.UK)))
    for topic in ("undue delay", "informed", "outcome"):
        assert WORDING[language][topic] in text
    assert "164A" in text
    assert long_date(ANSWER, language) not in text


@every_language
def test_an_eu_complaint_is_promised_an_answer_by_its_date(writer: LetterWriter, language: str) -> None:
    text = said(written(writer, ordered(language, Template.ACKNOWLEDGEMENT_COMPLAINT, Regime.EU, COMPLAINT)))
    assert long_date(ANSWER, language) in text
    assert "164A" not in text


@every_language
def test_an_eu_complaint_that_names_nothing_is_promised_the_date_of_the_order(
    writer: LetterWriter, language: str
) -> None:
    text = said(written(writer, ordered(language, Template.ACKNOWLEDGEMENT_COMPLAINT, Regime.EU)))
    assert long_date(ANSWER, language) in text


@every_language
@every_regime
def test_a_complaint_among_rights_has_a_paragraph_of_its_own(
    writer: LetterWriter, language: str, regime: Regime
) -> None:
    order = rights_order(language, ACCESS, LetterItem(Kind.COMPLAINT, SOON), regime=regime)
    letter = written(writer, order, sample_mailbox(regime))
    listed = re.findall(r"^- ", part(letter, "plain").split("2026", 2)[1], re.MULTILINE)
    assert len(listed) == 1
    assert ("164A" in said(letter)) is (regime is Regime.UK)
    assert (long_date(SOON, language) in said(letter)) is (regime is Regime.EU)


def test_what_else_a_message_contains_is_said(writer: LetterWriter) -> None:
    incident = LetterItem(Kind.INCIDENT, SOON)
    text = said(written(writer, rights_order("en", ACCESS, JOB, incident)))
    assert "also contains a job application and a report of a possible personal data breach" in text
    assert "9 March" not in text


# -- job applications


@every_language
@every_regime
def test_a_job_letter_says_who_reads_it_and_how_long_it_is_kept(
    writer: LetterWriter, language: str, regime: Regime
) -> None:
    order = ordered(language, Template.ACKNOWLEDGEMENT_JOB, regime, JOB, delete_by=date(2026, 9, 5))
    text = said(written(writer, order, sample_mailbox(regime)))
    assert WORDING[language]["people team"] in text
    assert long_date(date(2026, 9, 5), language) in text
    assert long_date(ANSWER, language) in text


# -- languages


@every_language
def test_every_kind_of_request_has_words_in_every_language(writer: LetterWriter, language: str) -> None:
    order = rights_order(language, *(LetterItem(kind, ANSWER) for kind in sorted(RIGHTS)), missing=())
    listed = re.findall(r"^- (.*(?:\n  .*)*)", part(written(writer, order), "plain"), re.MULTILINE)
    authorities = 4
    assert len({item.lower() for item in listed}) == len(RIGHTS) + authorities


def test_no_sentence_is_shared_by_two_languages(writer: LetterWriter) -> None:
    sentences: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for order, mailbox in sample_orders(language):
            text = part(written(writer, replace(order, text=()), mailbox), "plain")
            sentences.setdefault(language, set()).update(" ".join(block.split()) for block in text.split("\n\n"))
    for one, other in combinations(LANGUAGES, 2):
        shared = {
            block
            for block in sentences[one] & sentences[other]
            if not block.startswith(("Example & Söhne", "https://"))
        }
        assert not shared


def test_the_first_of_a_month_is_written_the_french_way(writer: LetterWriter) -> None:
    assert "1er avril 2026" in said(written(writer, rights_order("fr", ACCESS, answer_by=date(2026, 4, 1))))
    assert "21 avril 2026" in said(written(writer, rights_order("fr", ACCESS, answer_by=date(2026, 4, 21))))


def test_the_languages_are_those_with_templates(writer: LetterWriter) -> None:
    assert sorted(writer.languages()) == LANGUAGES


@pytest.mark.parametrize("language", ["tlh", "", "../en", "EN", "en\r\nX-Evil: 1"])
def test_an_unknown_language_is_a_clear_error(writer: LetterWriter, language: str) -> None:
    with pytest.raises(SettingsError, match=r"no letters are written in .* there are de, en, es, fr"):
        written(writer, rights_order(language, ACCESS))


def test_an_unknown_authority_is_a_clear_error(writer: LetterWriter) -> None:
    mailbox = sample_mailbox(Regime.EU)
    lost = replace(mailbox, organisation=replace(mailbox.organisation, lead_authority="XX"))
    with pytest.raises(SettingsError, match="no authority XX"):
        written(writer, rights_order("en", ACCESS), lost)


# -- checking the templates


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates of some languages, to be spoilt."""
    shipped = Path(__file__).parents[2] / "responders" / "templates"
    return Path(copytree(shipped, tmp_path / "templates", ignore=ignore_patterns("it", "nl", "pl", "pt")))


def test_the_shipped_templates_are_in_order(writer: LetterWriter) -> None:
    assert writer.check() == []


def test_a_template_with_an_unknown_value_is_found(folder: Path) -> None:
    (folder / "fr/acknowledgement_job/body.md").write_text("{{ letter.shoe_size }}", encoding="utf-8")
    problems = LetterWriter(folder).check()
    assert problems
    assert all(problem.startswith("the template fr/acknowledgement_job") or "fr" in problem for problem in problems)


def test_a_letter_that_leaves_out_a_duty_is_found(folder: Path) -> None:
    (folder / "de/remedies.md").write_text("Mit freundlichen Grüßen\n", encoding="utf-8")
    (folder / "de/responsible.md").write_text("Wir sind zuständig.\n", encoding="utf-8")
    problems = LetterWriter(folder).check()
    assert "de/acknowledgement_rights (text) does not say whom to contact" in problems
    assert "de/acknowledgement_rights (HTML) does not say the right to complain to an authority" in problems
    assert not [problem for problem in problems if not problem.startswith("de/")]


def test_a_missing_template_is_found_and_cannot_be_filled(folder: Path) -> None:
    (folder / "es/acknowledgement_rights/subject.txt").unlink()
    writer = LetterWriter(folder)
    assert any("es/acknowledgement_rights" in problem for problem in writer.check())
    with pytest.raises(PermanentFailure, match="es/acknowledgement_rights"):
        written(writer, rights_order("es", ACCESS))


def test_a_missing_word_is_found(folder: Path) -> None:
    words = folder / "en/words.toml"
    words.write_text(words.read_text(encoding="utf-8").replace("erasure =", "deletion ="), encoding="utf-8")
    assert any("no word for erasure" in problem for problem in LetterWriter(folder).check())


@pytest.mark.parametrize("content", ["locale = ", 'locale = "xx_XX"', "\xff"])
def test_broken_words_are_a_clear_error(folder: Path, content: str) -> None:
    (folder / "en/words.toml").write_bytes(content.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"en/words\.toml cannot be read"):
        LetterWriter(folder)


def test_a_folder_without_templates_is_found(tmp_path: Path) -> None:
    assert LetterWriter(tmp_path).check() == ["there are no templates"]
