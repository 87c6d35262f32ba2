"""Sixty varied mails, and what must become of each: the part of its fate that no reader would dispute."""

from dataclasses import dataclass

from builders import mail


@dataclass(frozen=True)
class Sample:
    name: str
    raw: bytes
    outcomes: frozenset[str]
    is_acknowledged: bool | None
    """None where a person may have to look first."""
    kinds: frozenset[str] = frozenset()
    """Kinds that must be among those of its case."""


def _request(name: str, language_text: str, subject: str, *kinds: str, **more: object) -> Sample:
    raw = mail(
        language_text,
        sender=f"{name} <{name.lower()}@mail.example>",
        subject=subject,
        message_id=f"<{name}@mail.example>",
        **more,
    )  # type: ignore[arg-type]
    return Sample(name, raw, frozenset({"case"}), True, frozenset(kinds))


def _other(name: str, text: str, subject: str, *outcomes: str, **more: object) -> Sample:
    more.setdefault("sender", f"{name} <{name.lower()}@mail.example>")
    raw = mail(text, subject=subject, message_id=f"<{name}@mail.example>", **more)  # type: ignore[arg-type]
    return Sample(name, raw, frozenset(outcomes), False)


REQUESTS = [
    _request(
        "Alice",
        "Hello,\n\nunder Article 15 GDPR please send me a copy of all the personal data you hold about me.\n\nKind regards\nAlice Moore",
        "GDPR Rights Request",
        "access",
    ),
    _request(
        "Bruno",
        "Please delete my account and all the personal data you have about me. I no longer want you to keep anything.\n\nBruno Hale",
        "Delete my data",
        "erasure",
    ),
    _request(
        "Carla",
        "Buenos días:\n\nSolicito acceder a los datos personales que tienen sobre mí, conforme al artículo 15 del RGPD.\n\nUn saludo\nCarla Ortega",
        "Derecho de acceso",
        "access",
    ),
    _request(
        "Diego",
        "Hola, quiero que borren todos mis datos personales y mi cuenta de sus sistemas.\n\nDiego Pons",
        "Borrar mis datos",
        "erasure",
    ),
    _request(
        "Elise",
        "Bonjour,\n\nje souhaite obtenir une copie de toutes les données personnelles que vous détenez sur moi (article 15 du RGPD).\n\nCordialement\nElise Garnier",
        "Droit d'accès",
        "access",
    ),
    _request(
        "Fabien",
        "Bonjour, merci de supprimer mon compte ainsi que toutes mes données personnelles.\n\nFabien Roux",
        "Suppression de mes données",
        "erasure",
    ),
    _request(
        "Greta",
        "Sehr geehrte Damen und Herren,\n\nbitte teilen Sie mir gemäß Art. 15 DSGVO mit, welche personenbezogenen Daten Sie über mich gespeichert haben.\n\nMit freundlichen Grüßen\nGreta Vogel",
        "Auskunft nach DSGVO",
        "access",
    ),
    _request(
        "Hanno",
        "Hallo, bitte löschen Sie mein Konto und alle Daten, die Sie über mich gespeichert haben.\n\nHanno Beck",
        "Löschung meiner Daten",
        "erasure",
    ),
    _request(
        "Iris",
        "My address in your records is wrong. Please correct it: I live at 5 Mill Road, York YO1 7HH now.\n\nIris Webb",
        "Please correct my personal data",
        "rectification",
    ),
    _request(
        "Jonas",
        "I would like to receive my personal data in a machine-readable format so that I can move it to another provider (Article 20 GDPR).\n\nJonas Frey",
        "Data portability",
        "portability",
    ),
    _request("Kim", "", "GDPR Rights Request", "unspecified"),
    _request(
        "Lena",
        "I withdraw my consent to the processing of my personal data that I gave when I signed up.\n\nLena Horn",
        "Withdrawal of consent",
        "withdraw_consent",
    ),
    _request(
        "Milo",
        "",
        "Request for my data",
        "access",
        html="<html><body><p>Dear team,</p><p>please send me a copy of <b>all personal data</b> you store about me, as Article 15 of the GDPR lets me ask.</p><p>Milo Kaye</p></body></html>",
    ),
    _request(
        "Nora",
        "I am applying for the position of data engineer you advertise. Please find my CV attached.\n\nKind regards\nNora Quist",
        "Application: data engineer",
        "job_application",
        attachments=(("CV_Nora_Quist.pdf", b"%PDF-1.4 cv"),),
    ),
    _request(
        "Omar",
        "I want to make a complaint about the way you handled my personal data: your agent read my medical details aloud to a stranger. I want this looked into.\n\nOmar Said",
        "Complaint about how you handled my data",
        "complaint",
    ),
    _request(
        "Petra",
        "Ich widerspreche der Verwendung meiner Daten für Werbung. Bitte senden Sie mir keine Newsletter mehr.\n\nPetra Lang",
        "Widerspruch gegen Werbung",
        "objection_marketing",
    ),
    _request(
        "Quim",
        "Quiero una copia de todos mis datos personales y, después, que los borren por completo.\n\nQuim Serra",
        "Acceso y supresión de mis datos",
        "access",
        "erasure",
    ),
    _request(
        "Rose",
        "Je vous demande de rectifier ma date de naissance, elle est fausse dans mon dossier : je suis née le 4 mai 1980.\n\nRose Petit",
        "Rectification de mes données",
        "rectification",
    ),
]

ORDINARY = [
    _other(
        "Shop",
        "Hi, could you send me the invoice for order 4711 again? I need it for my accountant. Thanks",
        "Invoice 4711",
        "filed",
    ),
    _other(
        "Parcel", "Hello, my parcel has not arrived yet. When will it be delivered?", "Where is my parcel?", "filed"
    ),
    _other("Factura", "Hola, ¿me pueden reenviar la factura de marzo? Gracias.", "Factura de marzo", "filed"),
    _other(
        "Devis", "Bonjour, pourriez-vous m'envoyer un devis pour dix licences ? Merci.", "Demande de devis", "filed"
    ),
    _other(
        "Angebot", "Guten Tag, bitte senden Sie uns ein Angebot über zehn Lizenzen. Danke!", "Angebot", "filed", "case"
    ),
    _other("Meeting", "Could we move our meeting on Thursday to 3 pm? Best, Tom", "Meeting on Thursday", "filed"),
    _other(
        "Absent",
        "I am out of the office until 9 March and will answer when I am back.",
        "Automatic reply: your message",
        "automatic",
        Auto_Submitted="auto-replied",
    ),
    _other(
        "Vacances",
        "Je suis absente jusqu'au 9 mars.",
        "Réponse automatique : votre message",
        "automatic",
        Auto_Submitted="auto-replied",
    ),
    _other(
        "Ausser",
        "Ich bin bis zum 9. März nicht im Büro.",
        "Abwesenheitsnotiz",
        "automatic",
        Auto_Submitted="auto-replied",
        X_Autoreply="yes",
    ),
    _other(
        "Fuera",
        "Estaré fuera de la oficina hasta el 9 de marzo.",
        "Respuesta automática: su mensaje",
        "automatic",
        Auto_Submitted="auto-replied",
    ),
    _other(
        "News",
        "Ten tips for your spring sale! Click here for our offers.",
        "Our March newsletter",
        "automatic",
        "filed",
        List_Id="<news.shop.example>",
        List_Unsubscribe="<mailto:u@shop.example>",
        Precedence="bulk",
    ),
]


def _bounce(number: int, original: str) -> bytes:
    return (
        f"Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx{number}.example>\r\nTo: contact@example.org\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <bounce{number}@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        f"--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx{number}.example\r\n\r\n"
        "Final-Recipient: rfc822; nobody@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n--B--\r\n"
    ).encode()


MACHINES = [
    Sample(f"bounce{number}", _bounce(number, f"<unknown{number}@example.org>"), frozenset({"automatic"}), False)
    for number in range(3)
]

# The same bytes again, and the same mail by another route.
COPIES = [
    Sample("copy-alice", REQUESTS[0].raw, frozenset({"duplicate"}), False),
    Sample("copy-bruno", REQUESTS[1].raw, frozenset({"duplicate"}), False),
    Sample(
        "route-carla",
        b"Received: by relay.example; Mon, 02 Mar 2026 09:00:01 +0000\r\n" + REQUESTS[2].raw,
        frozenset({"duplicate"}),
        False,
    ),
]

REPLIES = [
    Sample(
        "reminder-alice",
        mail(
            "Any news on my request?\n\nAlice Moore",
            sender="Alice <alice@mail.example>",
            subject="Re: GDPR Rights Request",
            message_id="<alice2@mail.example>",
            In_Reply_To="<Alice@mail.example>",
        ),
        frozenset({"thread"}),
        False,
    ),
    Sample(
        "more-diego",
        mail(
            "Perdón, olvidé decir que mi cuenta es diego@mail.example.\n\nDiego Pons",
            sender="Diego <diego@mail.example>",
            subject="Re: Borrar mis datos",
            message_id="<diego2@mail.example>",
            References="<Diego@mail.example>",
        ),
        frozenset({"thread"}),
        False,
    ),
    Sample(
        "same-id-other-body",
        mail(
            "Please delete all the personal data you hold about me.\n\nZoe Lamb",
            sender="Zoe <zoe@mail.example>",
            subject="Erase me",
            message_id="<Alice@mail.example>",
        ),
        frozenset({"case"}),
        True,
        frozenset({"erasure"}),
    ),
]

_ANY = frozenset({"case", "thread", "filed", "automatic", "quarantine", "duplicate"})
BROKEN = [
    Sample(f"broken{number}", raw, _ANY, None)
    for number, raw in enumerate(
        [
            b"\r\n",
            b"\r\n\r\n",
            b"no header at all, just words\r\n",
            b"Subject: only a subject\r\n\r\n",
            b"From: a@mail.example\r\nDate: 99 Foo 20xx 25:61\r\nSubject: impossible date\r\n\r\nhello\r\n",
            b"From: b@mail.example\r\nSubject: charset\r\nContent-Type: text/plain; charset=x-klingon\r\n\r\nhello \xe9\r\n",
            b"From: c@mail.example\r\nSubject: =?utf-8?b?broken\r\n\r\nhello\r\n",
            b"From: d@mail.example\r\nSubject: a\r\n b\r\n c\r\nMessage-ID: <>\r\n\r\nhello\r\n",
            b"From: e@mail.example\r\nSubject: boundary\r\nContent-Type: multipart/mixed\r\n\r\n--x\r\n\r\nhello\r\n",
            b"From: f@mail.example, g@mail.example\r\nFrom: h@mail.example\r\nSubject: two senders\r\n\r\nhello\r\n",
            b"From: i@mail.example\r\nSubject: inject\rBcc: victim@mail.example\r\nMessage-ID: <x\x00y@z>\r\n\r\nhello\r\n",
            b"From: j@mail.example\r\nSubject: base64\r\nContent-Transfer-Encoding: base64\r\n\r\n====%%%%\r\n",
            b"From: k@mail.example\r\nSubject: 8 bit L\xf6schung\r\n\r\nhello \xff\xfe\r\n",
            b"From: l@mail.example\r\nSubject: deep\r\n"
            + b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(300)),
            b"From: m@mail.example\r\nTo: "
            + b", ".join(b"p%d@mail.example" % n for n in range(5000))
            + b"\r\nSubject: many\r\n\r\nhello\r\n",
            b"From: n@mail.example\r\nX-Long: " + b"x" * 300_000 + b"\r\nSubject: long header\r\n\r\nhello\r\n",
            b"From: <>\r\nSubject: empty sender\r\n\r\nhello\r\n",
            b"From: o@mail.example\r\nSubject: rfc822\r\nContent-Type: message/rfc822\r\n\r\nFrom: x@y.example\r\n\r\ninner\r\n",
            b"\xff\xfe\x00binary\x00\x01\x02" * 50,
            b"From: p@mail.example\r\nSubject: last\r\nContent-Type: text/html\r\n\r\n<p>unclosed <b>tags <table><tr>\r\n",
        ]
    )
]

SIXTY = [*REQUESTS, *ORDINARY, *MACHINES, *COPIES, *REPLIES, *BROKEN]
SIXTY += [
    _other("Thanks", "Thanks for the good talk yesterday, the slides were great!", "Thanks", "filed"),
    _other("Lunch", "Are you coming to lunch today?", "Lunch?", "filed"),
]
