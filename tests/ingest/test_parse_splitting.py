"""The split of a text: what the writer says now, and what stands around it, in eight languages."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.wording.quoting import split_body

ASK = "Please delete my data.\n\nKind regards\nJane Doe\n1 High Street, Leeds\n+44 1632 960417"

INTRODUCTIONS = {
    "gmail-en": "On Mon, 4 May 2026 at 10:12, Privacy Team <contact@rights.example> wrote:",
    "gmail-en-wrapped": "On Mon, 4 May 2026 at 10:12, The Privacy Team of Example <\ncontact@rights.example> wrote:",
    "apple-en": "On 4 May 2026, at 10:12, Privacy Team <contact@rights.example> wrote:",
    "thunderbird-en": "On 04/05/2026 10:12, Privacy Team wrote:",
    "proton-en": "On Monday, May 4th, 2026 at 10:12 AM, Privacy Team <contact@rights.example> wrote:",
    "gmail-es": "El lun, 4 may 2026 a las 10:12, Equipo (<contact@rights.example>) escribió:",
    "thunderbird-es": "El 4/5/26 a las 10:12, Equipo escribió:",
    "gmail-fr": "Le lun. 4 mai 2026 à 10:12, Équipe <contact@rights.example> a écrit :",
    "thunderbird-fr": "Le 04/05/2026 à 10:12, Équipe a écrit :",
    "gmail-de": "Am Mo., 4. Mai 2026 um 10:12 Uhr schrieb Team <contact@rights.example>:",
    "thunderbird-de": "Am 04.05.26 um 10:12 schrieb Datenschutz:",
    "notes-de": "Datenschutz <contact@rights.example> schrieb am 04.05.2026 10:12:00:",
    "gmail-it": "Il giorno lun 4 mag 2026 alle ore 10:12 Team <contact@rights.example> ha scritto:",
    "thunderbird-it": "Il 04/05/2026 10:12, Team ha scritto:",
    "gmail-pt": "Em seg., 4 de mai. de 2026 às 10:12, Equipe <contact@rights.example> escreveu:",
    "thunderbird-pt": "Às 10:12 de 04/05/2026, Equipa escreveu:",
    "gmail-nl": "Op ma 4 mei 2026 om 10:12 schreef Team <contact@rights.example>:",
    "apple-nl": "Op 4 mei 2026, om 10:12 heeft Team <contact@rights.example> het volgende geschreven:",
    "gmail-pl": "pon., 4 maj 2026 o 10:12 Zespół <contact@rights.example> napisał(a):",
    "thunderbird-pl": "W dniu 4.05.2026 o 10:12, Zespół pisze:",
    "apple-pl": "Wiadomość napisana przez Zespół <contact@rights.example> w dniu 4 maj 2026, o godz. 10:12:",
    "gmail-sv": "Den mån 4 maj 2026 kl 10:12 skrev Team <contact@rights.example>:",
    "gmail-old": "2026/5/4 Team <contact@rights.example>",
    "tutanota": "4. Mai 2026, 10:12 von contact@rights.example:",
}

HEADER_BLOCKS = {
    "en": "From: Team <contact@rights.example>\nSent: Monday, May 4, 2026 10:12 AM\nTo: Jane Doe\nSubject: RE: data",
    "en-bold": "*From:* Team <contact@rights.example>\n*Sent:* 04 May 2026 10:12\n*To:* Jane Doe\n*Subject:* RE: data",
    "es": "De: Equipo <contact@rights.example>\nEnviado: lunes, 4 de mayo de 2026 10:12\nPara: Jane Doe\nAsunto: RE: datos",
    "fr": "De : Équipe <contact@rights.example>\nEnvoyé : lundi 4 mai 2026 10:12\nÀ : Jane Doe\nObjet : RE: données",
    "de": "Von: Team <contact@rights.example>\nGesendet: Montag, 4. Mai 2026 10:12\nAn: Jane Doe\nBetreff: AW: Daten",
    "de-gmx": 'Gesendet: Montag, 4. Mai 2026 um 10:12 Uhr\nVon: "Team" <contact@rights.example>\nAn: jane@x.example\nBetreff: Daten',
    "it": "Da: Team <contact@rights.example>\nInviato: lunedì 4 maggio 2026 10:12\nA: Jane Doe\nOggetto: R: dati",
    "pt": "De: Equipa <contact@rights.example>\nEnviada: 4 de maio de 2026 10:12\nPara: Jane Doe\nAssunto: RE: dados",
    "nl": "Van: Team <contact@rights.example>\nVerzonden: maandag 4 mei 2026 10:12\nAan: Jane Doe\nOnderwerp: RE: gegevens",
    "pl": "Od: Zespół <contact@rights.example>\nWysłano: poniedziałek, 4 maja 2026 10:12\nDo: Jane Doe\nTemat: ODP: dane",
}

FORWARD_LINES = (
    "---------- Forwarded message ---------",
    "-------- Forwarded Message --------",
    "Begin forwarded message:",
    "---------- Mensaje reenviado ---------",
    "Inicio del mensaje reenviado:",
    "-------- Message transféré --------",
    "Début du message transféré :",
    "-------- Weitergeleitete Nachricht --------",
    "Anfang der weitergeleiteten Nachricht:",
    "-------- Messaggio inoltrato --------",
    "Inizio messaggio inoltrato:",
    "-------- Mensagem encaminhada --------",
    "Início da mensagem reencaminhada:",
    "-------- Doorgestuurd bericht --------",
    "Begin doorgestuurd bericht:",
    "-------- Przekazana wiadomość --------",
    "Początek przekazywanej wiadomości:",
)

MOBILE_FOOTERS = (
    "Sent from my iPhone",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from Mail for Windows",
    "Sent from Yahoo Mail on Android",
    "Sent with Proton Mail secure email.",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Enviado desde mi iPhone",
    "Enviado desde Outlook para Android",
    "Obtener Outlook para iOS",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon smartphone Samsung Galaxy.",
    "Télécharger Outlook pour Android",
    "Von meinem iPhone gesendet",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android-Gerät mit WEB.DE Mail gesendet.",
    "Outlook für Android beziehen",
    "Inviato da iPhone",
    "Inviato dal mio telefono",
    "Scarica Outlook per iOS",
    "Enviado do meu iPhone",
    "Enviado a partir do meu smartphone",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden met Outlook voor Android",
    "Wysłane z iPhone'a",
    "Wysłano z mojego telefonu",
    "Pobierz aplikację Outlook dla systemu iOS",
    "Skickat från min iPhone",
)

NOTICES = {
    "en": "This e-mail and any attachments are confidential and intended solely for the addressee. "
    "If you have received it in error, please delete it and tell the sender.",
    "en-heading": "CONFIDENTIALITY NOTICE\n\nThe information in this message may be privileged. "
    "If you are not the intended recipient, any use is prohibited.",
    "es": "Este mensaje y sus anexos son confidenciales y van dirigidos exclusivamente a su destinatario.",
    "es-privacy": "De conformidad con el RGPD, sus datos serán tratados por ACME S.L. "
    "Puede ejercer sus derechos de acceso y supresión ante ACME.",
    "fr": "Ce message et ses pièces jointes sont confidentiels et destinés à leur seul destinataire. "
    "Si vous l'avez reçu par erreur, merci de le détruire : destinataire erroné, erreur de transmission.",
    "de": "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, vernichten Sie sie.",
    "it": "Questo messaggio è riservato ed è destinato esclusivamente al destinatario indicato.",
    "pt": "Esta mensagem é confidencial e destina-se exclusivamente ao seu destinatário. Se a recebeu por erro, elimine-a.",
    "nl": "Dit bericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde.",
    "pl": "Niniejsza wiadomość jest poufna i przeznaczona wyłącznie dla adresata.",
}


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
def test_a_reply_keeps_the_words_above_the_quotation(introduction: str) -> None:
    body = split_body(f"{ASK}\n\n{introduction}\n\n> Dear Jane,\n> which account?\n", subject="Re: data")
    assert body.written == ASK
    assert body.quoted.endswith("> which account?")


@pytest.mark.parametrize("introduction", INTRODUCTIONS.values(), ids=INTRODUCTIONS)
def test_a_reply_keeps_the_words_below_the_quotation(introduction: str) -> None:
    body = split_body(f"{introduction}\n> Dear Jane,\n> which account?\n\n{ASK}\n", subject="Re: data")
    assert body.written == ASK


@pytest.mark.parametrize("block", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS)
def test_a_reply_keeps_the_words_above_outlooks_header_lines(block: str) -> None:
    body = split_body(f"{ASK}\n\n{block}\n\nDear Jane,\nwhich account?\n", subject="RE: data")
    assert body.written == ASK
    assert body.forwarded is None
    assert body.quoted.endswith("which account?")


@pytest.mark.parametrize("block", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS)
@pytest.mark.parametrize("prefix", ["FW:", "Fwd:", "WG:", "TR:", "RV:", "I:", "ENC:", "Doorst:", "PD:"])
def test_a_subject_tells_a_forward_from_a_reply(block: str, prefix: str) -> None:
    body = split_body(f"For you.\n\n{block}\n\nDelete my data.\n", subject=f"{prefix} data")
    assert body.written == "For you."
    assert body.forwarded is not None
    assert body.forwarded.text == "Delete my data."
    assert body.forwarded.sender is not None
    assert body.forwarded.sender.address == "contact@rights.example"
    assert "10:12" in body.forwarded.sent_on


@pytest.mark.parametrize("line", FORWARD_LINES)
@pytest.mark.parametrize("mark", ["", "> "], ids=["bare", "marked"])
def test_a_forward_line_is_known_in_eight_languages(line: str, mark: str) -> None:
    lines = ["From: Jane Doe <jane@mail.example>", "Date: Mon, 4 May 2026", "Subject: My data", "", "Send me my data."]
    body = split_body(f"For you.\n\n{line}\n" + "\n".join(mark + each for each in lines))
    assert body.written == "For you."
    assert body.forwarded is not None
    assert (body.forwarded.subject, body.forwarded.text) == ("My data", "Send me my data.")


def test_answers_between_quoted_lines_stay_with_the_writer() -> None:
    body = split_body("On 4 May 2026 at 10:12, X <x@y.example> wrote:\n> Who?\nMe.\n> What?\nAll of it.\nBye")
    assert body.written == "Me.\n\nAll of it.\nBye"


def test_a_sentence_that_looks_like_an_introduction_stays_with_the_writer() -> None:
    text = 'On Monday at 10:30 your agent wrote:\n"We deleted it."\nThat is untrue. Delete my data.'
    assert split_body(text).written == text


def test_header_lines_typed_by_a_writer_stay_with_the_writer() -> None:
    text = (
        "To: Data Protection Officer\nFrom: Jane Doe\nDate: 4 May 2026\nSubject: Access\n\nDear Sir, send me my data."
    )
    assert split_body(text, subject="Access").written == text


def test_a_lone_escaped_from_line_stays_with_the_writer() -> None:
    text = "Hello\n>From the start I asked you to delete my data.\nJane"
    assert split_body(text).written == text


def test_a_mail_that_is_only_a_quotation_passes_it_on() -> None:
    body = split_body("> Please delete my data.\n> Jane", subject="Re: data")
    assert body.written == ""
    assert body.forwarded is not None
    assert body.forwarded.text == "Please delete my data.\nJane"


@pytest.mark.parametrize("footer", MOBILE_FOOTERS)
def test_a_mobile_footer_is_no_word_of_the_writer(footer: str) -> None:
    body = split_body(f"{ASK}\n\n{footer}\n")
    assert (body.written, body.signature) == (ASK, footer)


@pytest.mark.parametrize(
    "line",
    [
        "Sent from your app without my consent, so delete my account.",
        "Get rid of my mail please and of the app data",
        "I want Norton to delete my data",
        "Enviado desde su página un correo: eliminen mis datos",
        "Gesendet haben Sie das an mein Handy, bitte löschen",
    ],
)
def test_a_sentence_that_begins_like_a_footer_stays_with_the_writer(line: str) -> None:
    assert split_body(f"Hello\n\n{line}").written == f"Hello\n\n{line}"


@pytest.mark.parametrize("notice", NOTICES.values(), ids=NOTICES)
def test_a_notice_below_a_mail_is_set_apart(notice: str) -> None:
    body = split_body(f"{ASK}\n\n{notice}\n")
    assert (body.written, body.disclaimer) == (ASK, notice)


@pytest.mark.parametrize(
    "text",
    [
        "This email contains confidential medical information. Please delete all my data intended for research.",
        "If you received my data in error, delete my data.",
        "Este mensaje es para el responsable. Solicito el acceso a mis datos; destinatario confidencial.",
        "Diese Nachricht ist vertraulich für den Empfänger bestimmt: löschen Sie meine Daten.",
    ],
)
def test_a_request_that_sounds_like_a_notice_stays_with_the_writer(text: str) -> None:
    assert split_body(f"Hello\n\n{text}").written == f"Hello\n\n{text}"


@pytest.mark.parametrize("text", ["-- \nPlease delete my data.", "Sent from my iPhone", NOTICES["en"]])
def test_what_stands_alone_is_what_the_writer_says(text: str) -> None:
    assert split_body(text).written == text


def test_a_rule_in_the_middle_of_a_long_letter_is_no_signature() -> None:
    text = "Hello\n--\n" + "\n".join(f"Paragraph {number} of my complaint." for number in range(40))
    assert split_body(text).written == text


PIECES = st.sampled_from(
    [
        ASK,
        "Hello",
        "",
        "> quoted",
        ">> twice",
        "-- ",
        "Sent from my iPhone",
        "From: a@b.example",
        "Sent: 10:12",
        "Subject: x",
        "To: y",
        "> From: a@b.example",
        "________________________________",
        "-----Original Message-----",
        "Begin forwarded message:",
        "> Begin forwarded message:",
        *INTRODUCTIONS.values(),
        *NOTICES.values(),
        *HEADER_BLOCKS.values(),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12), st.sampled_from(["", "Re: x", "Fwd: x"]))
def test_no_word_is_lost_by_the_split(pieces: list[str], subject: str) -> None:
    text = "\n".join(pieces)
    body = split_body(text, subject=subject)
    passed_on = body.forwarded.text if body.forwarded else ""
    parts = "\n".join([body.written, body.quoted, body.signature, body.disclaimer, passed_on])
    assert sorted(re.findall(r"[^\s>]+", parts)) == sorted(re.findall(r"[^\s>]+", text))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_can_be_split(text: str, subject: str) -> None:
    assert split_body(text, subject=subject).text == text


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=8))
def test_a_mail_with_words_always_says_something(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    body = split_body(text)
    assert body.written or body.forwarded or not text.strip()
