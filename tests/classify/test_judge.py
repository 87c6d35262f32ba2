import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from classify import encoder
from classify.judge import Judge
from classify.model_files import BUILT_FROM, PACKAGED
from models.errors import SettingsError
from models.mail import ParsedMail
from models.verdict import RIGHTS, Doubt, Hint, Label, Verdict

Letter = Callable[..., ParsedMail]

SUBJECTS = ("GDPR Rights Request", "Re: GDPR Rights Request", "Solicitud de derechos RGPD", "DSGVO-Betroffenenanfrage")
REQUESTS = {
    "en": "Please delete all the personal data you hold about me and close my account.",
    "es": "Quiero que borréis todos mis datos personales y cerréis mi cuenta.",
    "fr": "Merci de supprimer toutes mes données personnelles et de fermer mon compte.",
    "de": "Bitte löschen Sie alle meine personenbezogenen Daten und schließen Sie mein Konto.",
    "it": "Vorrei che cancellaste tutti i miei dati personali e il mio account.",
    "pt": "Quero que apaguem todos os meus dados pessoais e fechem a minha conta.",
    "nl": "Ik wil dat u al mijn persoonsgegevens verwijdert en mijn account sluit.",
    "pl": "Proszę o usunięcie wszystkich moich danych osobowych i zamknięcie konta.",
}
ERRANDS = (
    "Hello, my parcel 88112 has not arrived yet. The driver left a note but the depot knows nothing about it. "
    "I have called three times this week. The flat is on the second floor and the bell does not work. "
)
QUOTE = "\n\nOn Mon, 3 Mar 2026 at 10:12, Bob <bob@x.example> wrote:\n> " + REQUESTS["en"] + "\n> Bob\n"


def has_right(verdict: Verdict) -> bool:
    return bool(RIGHTS.intersection(verdict.kinds))


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("body", ["", "Hello,", "Dear team, I would like you to"])
def test_the_agreed_subject_with_an_empty_or_unfinished_body_is_unspecified(
    judge: Judge, letter: Letter, subject: str, body: str
) -> None:
    verdict = judge.judge(letter(subject, body))
    assert has_right(verdict)
    assert Label.UNSPECIFIED in verdict.labels or body


def test_the_agreed_subject_makes_a_request_of_any_body(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("GDPR Rights Request", "Are you open on Sunday?"))
    assert Label.UNSPECIFIED in verdict.labels
    assert verdict.reasons[0].sentence == "Subject is a rights request"


def test_under_the_agreed_subject_the_body_tells_which_right(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("GDPR Rights Request", "Full name: Karen Doyle\n\n" + REQUESTS["en"]))
    assert verdict.labels == (Label.ERASURE,)
    assert verdict.fields.full_name == "Karen Doyle"


def test_an_automatic_reply_with_the_agreed_subject_is_no_request(judge: Judge, letter: Letter) -> None:
    mail = letter("Re: GDPR Rights Request", "I am away until Monday.", headers=[("Auto-Submitted", "auto-replied")])
    assert judge.judge(mail).labels == (Label.AUTO,)


def test_an_advertisement_with_the_agreed_subject_is_no_request(judge: Judge, letter: Letter) -> None:
    text = "Boost your sales! 42,000 GDPR-compliant leads, 50% off only today. Click here: https://leads.example/buy"
    verdict = judge.judge(letter("GDPR Rights Request", text, sender="Sales <offers@leads.example>"))
    assert verdict.labels == (Label.SPAM,)


@pytest.mark.parametrize("language", REQUESTS)
def test_a_plain_request_is_understood_in_eight_languages(judge: Judge, letter: Letter, language: str) -> None:
    verdict = judge.judge(letter("", REQUESTS[language]))
    assert verdict.language == language
    assert Label.ERASURE in verdict.labels


def test_a_quoted_request_never_gives_a_label(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("Re: your invoice", "Thanks, I have paid the invoice today." + QUOTE))
    assert not has_right(verdict)


def test_a_disclaimer_never_gives_a_label(judge: Judge, letter: Letter) -> None:
    footer = "This e-mail is confidential. If you are not the intended recipient, please delete it immediately."
    verdict = judge.judge(letter("Opening hours", f"Hello, when do you open on Sunday?\n\nAnn Smith\n\n{footer}"))
    assert verdict.labels == (Label.OTHER,)


def test_a_request_buried_in_a_mail_on_something_else_is_found(judge: Judge, letter: Letter) -> None:
    wish = "By the way, please delete my account and all my data, I don't use it any more. "
    verdict = judge.judge(letter("Parcel 88112", ERRANDS + wish + "Please find out where the parcel is."))
    assert has_right(verdict) or verdict.needs_review
    without = judge.judge(letter("Parcel 88112", ERRANDS + "Please find out where the parcel is."))
    assert without.labels == (Label.OTHER,)


def test_a_forward_with_nothing_above_is_judged_by_what_was_forwarded(judge: Judge, letter: Letter) -> None:
    inner = (
        f"From: Tom <tom@x.example>\nDate: Mon, 3 Mar 2026\nSubject: my data\nTo: info@us.example\n\n{REQUESTS['en']}"
    )
    verdict = judge.judge(letter("Fwd: my data", f"FYI\n\n---------- Forwarded message ---------\n{inner}"))
    assert Label.ERASURE in verdict.labels


def test_a_language_we_do_not_read_goes_to_a_person(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("Fråga", "Jag vill att ni tar bort alla mina personuppgifter ur ert register. Tack!"))
    assert verdict.language == "sv"
    assert verdict.doubt is Doubt.REQUEST or has_right(verdict)


def test_a_mail_of_nothing_but_a_scan_goes_to_a_person(judge: Judge, letter: Letter) -> None:
    assert judge.judge(letter("", "", attachments=["scan0004.pdf"])).needs_review


def test_reasons_are_sentences_of_the_mail(judge: Judge, letter: Letter) -> None:
    mail = letter("Parcel", ERRANDS + REQUESTS["en"])
    verdict = judge.judge(mail)
    assert {reason.label for reason in verdict.reasons} == set(verdict.labels)
    assert all(reason.sentence in mail.body.text for reason in verdict.reasons)
    assert any("delete all the personal data" in reason.sentence for reason in verdict.reasons)


def test_every_label_has_a_score_between_nothing_and_one(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("", REQUESTS["de"]))
    assert set(verdict.scores) == set(Label)
    assert all(0 <= score <= 1 for score in verdict.scores.values())


def test_fields_are_gathered_as_written(judge: Judge, letter: Letter) -> None:
    body = (
        "Dear Sirs,\n\nunder the UK GDPR I ask you to delete my account karen@old.example within one month, "
        "or I go to the ICO. You can call me on 0113 496 0182.\n\nKaren Doyle\n14 Larch Close\nLeeds LS7 3QT"
    )
    fields = judge.judge(letter("my account", body, attachments=["passport.jpg"])).fields
    assert fields.full_name == "Karen Doyle"
    assert fields.account_email == "karen@old.example"
    assert fields.postal_address == "14 Larch Close, Leeds LS7 3QT"
    assert fields.phone == "0113 496 0182"
    assert fields.deadline_mentioned == "within one month"
    assert fields.authority_named == "ICO"
    assert fields.regulation == "UK GDPR"
    assert fields.has_id_document


def test_the_person_written_for_is_named_before_the_lawyer(judge: Judge, letter: Letter) -> None:
    body = (
        "Dear Sirs,\n\nWe act on behalf of our client, Ms Amara Obiora, who requests a copy of all personal data "
        "you hold about her.\n\nYours faithfully,\nOkonjo Pratt Solicitors"
    )
    mail = letter("Ms Amara Obiora", body, sender="Okonjo Pratt Solicitors <reception@okonjopratt.example>")
    assert judge.judge(mail).fields.full_name == "Amara Obiora"


def test_a_customer_of_the_organisation_is_recognised(judge: Judge, letter: Letter) -> None:
    verdict = judge.judge(letter("", "I go to Stride Fitness. Delete me."), ["Stride Fitness"])
    assert verdict.fields.customer_company == "Stride Fitness"


def test_a_batch_gives_what_single_mails_give(judge: Judge, letter: Letter) -> None:
    mails = [letter("", text) for text in REQUESTS.values()]
    together = judge.judge_many(mails)
    assert [verdict.labels for verdict in together] == [judge.judge(mail).labels for mail in mails]
    assert judge.judge_many([]) == []


@pytest.mark.parametrize(
    ("subject", "body"),
    [("", ""), ("x" * 5000, "y " * 50_000), ("\u202e", "\ufeff\u200b"), ("?", "😀" * 300), ("a", "\n" * 1000)],
)
def test_strange_mails_get_a_verdict_too(judge: Judge, letter: Letter, subject: str, body: str) -> None:
    assert judge.judge(letter(subject, body)).labels


def test_a_reloaded_model_gives_equal_verdicts(judge: Judge, letter: Letter) -> None:
    mail = letter("my data", REQUESTS["fr"])
    assert Judge.load().judge(mail) == judge.judge(mail)


def test_without_the_encoder_the_judge_still_works_and_says_so(
    monkeypatch: pytest.MonkeyPatch, judge: Judge, letter: Letter
) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    by_words = Judge.load()
    verdict = by_words.judge(letter("", REQUESTS["en"]))
    assert Label.ERASURE in verdict.labels
    assert verdict.model_version == f"{judge.version}-words"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PACKAGED, tmp_path / "model"))


def test_a_missing_model_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="make model"):
        Judge.load(tmp_path / "nothing")


def test_a_damaged_model_is_a_clear_error(model: Path) -> None:
    weights = next(model.rglob("*.npz"))
    weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    with pytest.raises(SettingsError, match=r"damaged .*make model"):
        Judge.load(model)


def test_a_model_of_another_format_is_a_clear_error(model: Path) -> None:
    record = json.loads((model / BUILT_FROM).read_text(encoding="utf-8"))
    (model / BUILT_FROM).write_text(json.dumps({**record, "format": "0"}), encoding="utf-8")
    with pytest.raises(SettingsError, match="another format"):
        Judge.load(model)


def test_the_model_holds_no_pickle() -> None:
    assert {path.suffix for path in PACKAGED.rglob("*") if path.is_file()} <= {".json", ".npz", ".cfg", ".bin", ""}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "I act for my client Ms Ruth Adeyemi and enclose her signed authority. Please send me her data.",
            Hint.MANDATE,
        ),
        ("Actúo en nombre de mi vecina, que no maneja el correo; adjunto su autorización.", Hint.MANDATE),
        ("Mein Sohn ist elf und hat sich heimlich bei Ihnen angemeldet. Löschen Sie sein Profil.", Hint.CHILD),
        ("My daughter is nine. Please delete the account she made on your site.", Hint.CHILD),
        ("Mon père est décédé en mars. Merci de fermer son compte et d'effacer ses données.", Hint.DECEASED),
        ("I worked for you until May. Please send me a copy of my personnel file.", Hint.EMPLOYEE),
        ("You turned me down after the interview. Please erase my CV and everything from it.", Hint.APPLICANT),
        ("Where did you get my phone number from? I never gave it to you.", Hint.SOURCE),
    ],
)
def test_a_hint_tells_staff_about_whom_it_is_and_names_its_sentence(
    judge: Judge, letter: Letter, text: str, hint: Hint
) -> None:
    hints = judge.judge(letter("", text)).hints
    assert hint in hints
    assert hints[hint] in text


def test_a_plain_request_for_oneself_gives_no_hint(judge: Judge, letter: Letter) -> None:
    for text in REQUESTS.values():
        assert judge.judge(letter("", text)).hints == {}


def test_an_authority_is_known_by_the_name_it_writes_under(judge: Judge, letter: Letter) -> None:
    text = (
        "We have received a complaint about your company. Please send us your observations and the record of the "
        "request within three weeks, quoting our case number IN-2231."
    )
    mail = letter("Case IN-2231", text, sender="Data Protection Commission <cases@dpc-casework.example>")
    verdict = judge.judge(mail)
    assert Label.AUTHORITY in verdict.labels
    assert verdict.fields.authority_named == "DPC"


def test_the_sender_is_the_account_where_the_writer_says_so(judge: Judge, letter: Letter) -> None:
    mail = letter("", "Please delete my account. It is registered with the email address I am writing from.")
    assert judge.judge(mail).fields.account_email == "karen.doyle@brightmail.example"
