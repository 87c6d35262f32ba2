"""Every odd mail in tests/mails has its expectations here; a bug in mail handling starts with a new file there."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from ingest.parse import parse
from models.mail import DeliveryReport, ParsedMail

MAILS = Path(__file__).parents[1] / "mails"
ERASE = "Please delete all my data."
JANE = ("jane.doe@mail.example",)


@dataclass(frozen=True)
class Expected:
    """What a sample must give; None means that it is not asked."""

    written: str | None = None
    senders: tuple[str, ...] = JANE
    name: str | None = None
    subject: str | None = None
    message_id: str | None = None
    has_date: bool | None = None
    quoted: str = ""
    signature: str = ""
    disclaimer: str = ""
    forwarded: tuple[str, str, str, str] | None = None
    """Sender, day as written, subject, a piece of the text."""
    attachments: tuple[str, ...] = ()
    report: DeliveryReport | None = None
    defect: str = ""
    in_reply_to: tuple[str, ...] | None = None
    references: tuple[str, ...] | None = None
    absent: tuple[str, ...] = field(default=())
    """What must stand nowhere in the body."""


BARE = ("jane@mail.example",)
INNER = ("max@other.example", "Sun, 3 May 2026 09:00:00 +0200", "Auskunft", "geben Sie mir Auskunft")
ENCRYPTED = "This mail is encrypted"

SAMPLES = {
    "001-plain": Expected(
        "Dear team,\n\nplease delete all my data.\n\nKind regards\nJane Doe",
        message_id="<001@mail.example>",
        has_date=True,
    ),
    "002-no-headers-at-all": Expected(
        "Hello,\n\nplease delete all my data, my account is jane@mail.example.\n\nJane",
        senders=(),
        subject="",
        message_id="",
    ),
    "003-nothing": Expected("", senders=(), subject="", has_date=False),
    "004-headers-only": Expected("", subject="GDPR Rights Request"),
    "005-impossible-date": Expected("Send me my data.", senders=BARE, has_date=False),
    "006-date-without-zone": Expected("Send me my data.", senders=BARE, has_date=False),
    "007-foreign-month": Expected("Quiero mis datos.", senders=BARE, has_date=False),
    "008-unknown-charset": Expected("Löschen Sie meine Daten – bitte.", defect="unknown charset"),
    "009-cp1252-labelled-utf8": Expected("Please don’t keep “my” data — José", defect="not in the charset"),
    "010-utf8-unlabelled": Expected("Supprimez mes données, élève Zoë."),
    "011-utf8-labelled-latin1": Expected("Bitte löschen Sie alles über mich."),
    "012-utf7": Expected("Bitte löschen Sie meine Daten."),
    "013-latin2": Expected("Proszę usunąć moje dane. Łukasz Żak"),
    "014-iso-2022-jp": Expected("私のデータを削除してください。"),
    "015-utf16-base64": Expected("Delete my data, s’il vous plaît."),
    "016-raw-latin1-headers": Expected(
        "Borren mis datos. José", senders=("jose@mail.example",), name="José Núñez", subject="Supresión de mis datos"
    ),
    "017-words-split-in-letters": Expected(
        "Bitte.", senders=("joerg@mail.example",), name="Jörg Müller", subject="Löschung meiner Daten"
    ),
    "018-broken-words": Expected("Text.", senders=BARE),
    "019-header-injection": Expected(
        "Text.", senders=BARE, name="Jane Bcc: victim@other.example", subject="Data Bcc: victim@other.example body"
    ),
    "020-message-id-injection": Expected(
        "Text.",
        senders=BARE,
        message_id="",
        in_reply_to=("<ok@mail.example>",),
        references=("<r1@mail.example>", "<r2@mail.example>"),
        defect="Message-ID",
    ),
    "021-empty-message-id": Expected("Text.", senders=BARE, message_id="", defect="Message-ID"),
    "022-bare-message-id": Expected("Text.", senders=BARE, message_id="", defect="Message-ID"),
    "023-double-subject": Expected(
        "Text.", senders=BARE, subject="first", message_id="<023a@mail.example>", defect="several Subject headers"
    ),
    "024-two-from": Expected(
        "Text.", senders=("jane@mail.example", "max@other.example"), defect="several From headers"
    ),
    "025-semicolon-from": Expected("Text.", senders=("max@other.example", "jane@mail.example")),
    "026-from-without-brackets": Expected("Text.", senders=BARE, name="Jane Doe"),
    "027-from-nested-comments": Expected("Text.", senders=BARE),
    "028-from-bare-comma": Expected("Text.", senders=BARE),
    "029-smtputf8": Expected("Удалите.", senders=("мария@почта.example",), name="Мария"),
    "030-idn-domain": Expected("Text.", senders=("joerg@müller.example",), name="Jörg"),
    "031-group-from": Expected("Delete my data. jane@mail.example", senders=()),
    "032-no-from": Expected("Delete my data. jane@mail.example", senders=()),
    "033-body-with-name": Expected(ERASE, attachments=("mail.txt",)),
    "034-body-as-attachment": Expected(ERASE, attachments=("body.txt",)),
    "035-inline-text-is-the-body": Expected("I want access to my data.", attachments=("id.pdf", "request.txt")),
    "036-no-boundary": Expected("Please delete all my data é.", attachments=("x.txt",), defect="not separated"),
    "037-other-boundary": Expected(ERASE, defect="not separated"),
    "038-cut-off": Expected(ERASE, attachments=("id.jpg",), defect="ends before its last part"),
    "039-base64-one-too-many": Expected(ERASE),
    "040-base64-in-pieces": Expected(ERASE),
    "041-base64-that-is-text": Expected("Please, delete all my data.\nThank you!"),
    "042-qp-trailing-blanks": Expected("Please delete all my data é."),
    "043-qp-broken": Expected("Please delete =G1 100=% of my data"),
    "044-html-only": Expected("Dear team,\n\nplease delete all my data.\n\nJane Doe\n1 High Street\nLeeds"),
    "045-no-html-program": Expected("I want a copy of my data."),
    "046-empty-plain": Expected("I want a copy of my data."),
    "047-unseen-html": Expected(
        "I object to the use of my data.", absent=("PREHEADER", "alert", "color", "remark", "No title")
    ),
    "048-html-reply": Expected(
        "My account is jane@mail.example.", quoted="> which account is it?", in_reply_to=("<ack-1@rights.example>",)
    ),
    "049-html-table": Expected(
        "Name  Jane Doe\nPhone  +44 1632 960417\n  * delete my photos\n  * delete my account\n\n"
        "See my profile (https://shop.example/u/jane)."
    ),
    "050-attached-mail-beside-text": Expected(
        "Please look at the attached mail, and delete my data.", attachments=("Auskunft.eml",), absent=("Muster",)
    ),
    "051-forward-as-attachment": Expected(
        "", senders=("bob@staff.example",), forwarded=INNER, attachments=("Auskunft.eml",)
    ),
    "052-mail-in-mail-in-mail": Expected("Only this is mine.", attachments=("outer.eml",), absent=("Second", "Muster")),
    "053-calendar": Expected("Let us talk about my access request on Friday.", attachments=("unnamed.ics",)),
    "054-winmail": Expected("Please delete my data, as the form says.", attachments=("Antrag Löschung.pdf",)),
    "055-smime-signed-opaque": Expected("Signed: please delete all my data. José"),
    "056-smime-signed-in-pieces": Expected("Signed: please delete all my data. José"),
    "057-smime-encrypted": Expected("", attachments=("smime.p7m",), defect=ENCRYPTED),
    "058-pgp-mime": Expected("", attachments=("unnamed.asc", "encrypted.asc"), defect=ENCRYPTED),
    "059-pgp-inline": Expected("Hello,", defect=ENCRYPTED, absent=("hQEMA",)),
    "060-pgp-signed": Expected(ERASE, signature="Jane", absent=("SHA512", "iQEz")),
    "061-smime-signed-clear": Expected(ERASE, attachments=("smime.p7s",)),
    "062-evil-names": Expected(
        "See attached.",
        attachments=("passwd", "evil.exe", "a X-Evil: 1.pdf", "n" * 146 + ".pdf", "unnamed.pdf", "gpj.exe"),
    ),
    "063-continued-name": Expected("See attached.", attachments=("Ausweis Jörg copy.pdf", "unnamed.png")),
    "064-bounce": Expected(
        senders=("MAILER-DAEMON@mx.other.example",),
        report=DeliveryReport("failed", "5.1.1", "<letter-1@rights.example>"),
        attachments=("unnamed.txt", "Your request.eml"),
        absent=("erasure",),
    ),
    "065-delay": Expected(
        senders=("MAILER-DAEMON@mx.other.example",),
        report=DeliveryReport("delayed", "4.4.1", "<letter-2@rights.example>"),
        attachments=("unnamed.txt", "unnamed.txt"),
    ),
    "066-exchange-ndr": Expected(
        senders=("MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@other.example",),
        report=DeliveryReport("failed", "5.1.10", "<letter-3@rights.example>"),
    ),
    "067-qmail-bounce": Expected(
        senders=("MAILER-DAEMON@old.example",), report=DeliveryReport("failed", "5.1.1", "<letter-4@rights.example>")
    ),
    "068-read-receipt": Expected(report=DeliveryReport("", "", "<letter-5@rights.example>"), attachments=("unnamed",)),
    "069-exchange-out-of-office": Expected("Ich bin bis zum 20. Mai nicht im Büro."),
    "070-vacation": Expected("I am on holiday and will answer in June."),
    "071-person-answers-a-note": Expected("I am out of the office often too. Anyway: please delete my data."),
    "072-mailing-list": Expected("Please delete my data from your club."),
    "073-own-letter-back": Expected("We have received your request for erasure.", senders=("contact@rights.example",)),
    "074-in-our-name": Expected("Please delete all data of jane.", senders=("Contact@rights.example",)),
    "075-web-form": Expected("Message: please delete my data", senders=("forms@rights.example",)),
    "076-forward-outlook-de": Expected(
        "Bitte übernehmen.\n\nBob",
        senders=("bob@staff.example",),
        quoted="Von: Jane Doe",
        forwarded=(
            "jane.doe@mail.example",
            "Montag, 27. April 2026 09:15",
            "Löschung",
            "alle meine Daten.\n\nJane Doe",
        ),
    ),
    "077-forward-gmail": Expected(
        "",
        senders=("bob@staff.example",),
        quoted="Forwarded message",
        forwarded=("jane.doe@mail.example", "Mon, 27 Apr 2026 at 09:15", "My data", "a copy of my data."),
    ),
    "078-forward-apple": Expected(
        "for you",
        senders=("bob@staff.example",),
        quoted="Begin forwarded message:",
        forwarded=("jane.doe@mail.example", "27 April 2026 at 09:15:00 BST", "My data", "my data.\n\nJane"),
    ),
    "079-inline-answers": Expected("jane@mail.example\n\nEverything, please.", quoted="> Which account is it?"),
    "080-flowed": Expected(
        "Please delete all of my data from your systems, including backups.",
        quoted="> Dear Jane, what can we do for you?",
        signature="Jane",
    ),
    "081-nul-bytes": Expected("Please delete all\n my\n data….[31m"),
    "082-foreign-line-in-header": Expected(ERASE, senders=BARE, message_id="<082@mail.example>"),
    "083-no-blank-line": Expected("Please delete all my data.\nThank you.\n\nJane", senders=BARE),
    "084-blank-lines-first": Expected(ERASE, senders=BARE, subject="My data"),
    "085-mbox-line": Expected("Please delete all my data.\n>From the start I said so.", senders=BARE),
    "086-cr-only": Expected("Please delete all my data.\nJane", senders=BARE),
    "087-monstrous-parameter": Expected(ERASE, defect="plainer"),
    "088-precedence-decoy": Expected("Please delete my data."),
    "089-newsletter": Expected("50 % off everything. Delete this mail or unsubscribe."),
    "090-dmarc-pass": Expected(has_date=True),
    "091-dmarc-forged": Expected(has_date=True),
    "092-dmarc-fail": Expected(has_date=True),
    "093-enriched": Expected(ERASE),
    "094-uuencoded": Expected(ERASE),
    "095-odd-headers": Expected(ERASE, subject='back\\slash \\" data', defect="long headers"),
    "096-garbage-content-type": Expected("Supprimez mes données."),
    "097-outlook-reply-disclaimer": Expected(
        "Bitte löschen Sie meine Daten nun endlich.\n\nMit freundlichen Grüßen\nJane Doe\n"
        "Hauptstr. 1, 10115 Berlin\nTel. 030 1234567",
        quoted="Sehr geehrte Frau Doe",
        disclaimer="Sollten Sie nicht der richtige Empfänger sein",
    ),
    "098-spanish-privacy-footer": Expected(
        "Quiero darme de baja y que borren mis datos.\n\nAna Pérez\nC/ Mayor 1, Madrid",
        signature="Enviado desde mi iPhone",
        disclaimer="Puede ejercer sus derechos",
    ),
    "099-html-in-plain": Expected(ERASE),
    "100-signature-file": Expected(
        "Please delete all my data.\n\nJane Doe\n1 High Street, Leeds", signature="Head of Nothing"
    ),
    "101-italian-reply": Expected("Confermo, cancellate i miei dati.", quoted="> conferma?"),
    "102-polish-reply": Expected("Tak, proszę usunąć moje dane.", quoted="> Czy potwierdza Pani?"),
    "103-own-letterhead": Expected(
        "From: Jane Doe\nTo: The Data Protection Officer\nDate: 4 May 2026\nSubject: Access under Article 15\n\n"
        "Please send me a copy of my data.\n\nJane Doe"
    ),
    "104-nothing-but-a-quotation": Expected(
        "",
        quoted="On Mon, 4 May 2026",
        forwarded=("contact@rights.example", "Mon, 4 May 2026 at 10:12", "", "which account is it?"),
    ),
    "105-nul-in-the-charset": Expected("Please delete all my data é.", defect="plainer"),
    "106-damage-inside": Expected("Please delete all my data.\n\nAnd my photos.", defect="not separated"),
}


@cache
def sample(name: str) -> ParsedMail:
    return parse((MAILS / f"{name}.eml").read_bytes())


def test_every_sample_mail_has_its_expectations() -> None:
    assert sorted(path.stem for path in MAILS.glob("*.eml")) == sorted(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_and_not_refused(name: str) -> None:
    assert sample(name).unreadable == ""


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_writers_words(name: str) -> None:
    expected, mail = SAMPLES[name], sample(name)
    assert expected.written is None or mail.body.written == expected.written


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_sets_apart_what_is_not_the_writers(name: str) -> None:
    expected, body = SAMPLES[name], sample(name).body
    assert expected.quoted in body.quoted
    assert expected.signature in body.signature
    assert expected.disclaimer in body.disclaimer
    assert not [words for words in expected.absent if words in body.text]


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_names_whom_it_is_from(name: str) -> None:
    expected, mail = SAMPLES[name], sample(name)
    assert tuple(address.address for address in mail.from_) == expected.senders
    assert expected.name is None or mail.from_[0].name == expected.name


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_its_header_facts(name: str) -> None:
    expected, mail = SAMPLES[name], sample(name)
    assert expected.subject is None or mail.subject == expected.subject
    assert expected.message_id is None or mail.message_id == expected.message_id
    assert expected.has_date is None or (mail.date is not None) is expected.has_date
    assert expected.in_reply_to is None or mail.in_reply_to == expected.in_reply_to
    assert expected.references is None or mail.references == expected.references


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_gives_the_mail_it_passes_on(name: str) -> None:
    forwarded, expected = sample(name).body.forwarded, SAMPLES[name].forwarded
    assert (forwarded is None) is (expected is None)
    if forwarded and expected:
        sender = forwarded.sender.address if forwarded.sender else ""
        assert (sender, forwarded.sent_on, forwarded.subject) == expected[:3]
        assert expected[3] in forwarded.text


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_lists_its_attachments(name: str) -> None:
    assert tuple(file.name for file in sample(name).attachments) == SAMPLES[name].attachments


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_tells_its_defect(name: str) -> None:
    assert SAMPLES[name].defect in "\n".join(sample(name).defects)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_a_report_only_where_it_reports(name: str) -> None:
    assert sample(name).report == SAMPLES[name].report
