"""Signals around the words: headers, sender, attachments, quotes, form of the text.

In: a `Reading`. Out: a row of numbers with fixed columns (`COLUMNS`). What each is worth is learnt.
"""

import re

import numpy as np
from numpy.typing import NDArray

from classify.attachments import has_curriculum, has_identity_document
from classify.authorities import Authorities, is_official_domain
from classify.reading import Reading
from models.mail import ParsedMail

_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_MONEY = re.compile(r"[€$£]\s?\d|\d\s?(?:[€$£%]|EUR\b|USD\b|CHF\b|PLN\b)")
_CAPITALS = re.compile(r"\b[A-ZÀ-Þ]{3,}\b")
_REFERENCE = re.compile(r"#\s?\d{3,}|\b[A-Z]{2,6}[-/]\d{2,}[-/\d]*|\b\d{2,}[-/]\d{3,}\b")
_FORM_LINE = re.compile(r"(?m)^\W*[\w ./’'-]{3,40}\s?:\s")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_ARTICLE = re.compile(r"(?i)\b(?:art(?:icle|ículo|icolo|igo|ikel)?s?|§)\.?\s?\d{1,2}\b")
_ROBOT_SENDER = re.compile(
    r"(?i)^(?:no-?_?\.?reply|do-?not-?reply|mailer-daemon|postmaster|bounce|notif|ne-?pas|noresp|auto)"
)
_ROLE_SENDER = re.compile(
    r"(?i)^(?:info|sales|ventas|ventes|vertrieb|kontakt|contact|hello|office|marketing|team|support|service)\b"
)


def _header_signals(mail: ParsedMail) -> dict[str, float]:
    submitted = mail.header("auto-submitted").lower()
    return {
        "auto_submitted": bool(submitted) and not submitted.startswith("no"),
        "auto_other": bool(
            mail.header("x-autoreply") or mail.header("x-autorespond") or mail.header("x-auto-response-suppress")
        ),
        "bulk": mail.header("precedence").lower() in ("bulk", "junk", "list", "auto_reply"),
        "list": bool(mail.header("list-id") or mail.header("list-unsubscribe")),
        "report": mail.report is not None or "multipart/report" in mail.header("content-type").lower(),
        "in_reply_to": bool(mail.in_reply_to or mail.header("in-reply-to")),
    }


def _sender_signals(mail: ParsedMail, authorities: Authorities) -> dict[str, float]:
    address = mail.from_[0].address if mail.from_ else ""
    local, _, domain = address.partition("@")
    return {
        "authority_domain": authorities.of_domain(domain) is not None,
        "official_domain": is_official_domain(domain),
        "robot_sender": bool(_ROBOT_SENDER.match(local)),
        "role_sender": bool(_ROLE_SENDER.match(local)),
        "no_display_name": not (mail.from_ and mail.from_[0].name),
    }


def _form_signals(reading: Reading) -> dict[str, float]:
    body = reading.mail.body
    return {
        "reply": reading.is_reply,
        "forward": reading.is_forward,
        "quoted": bool(body.quoted.strip()),
        "signature": bool(body.signature.strip()),
        "disclaimer": bool(body.disclaimer.strip()),
        "no_subject": not reading.mail.subject.strip(),
        "no_body": not reading.written,
        "attachments": float(np.log2(1 + len(reading.mail.attachments))),
        "curriculum": has_curriculum(reading.mail.attachments),
        "identity_document": has_identity_document(reading.mail.attachments),
    }


def _text_signals(text: str, authorities: Authorities) -> dict[str, float]:
    words = len(text.split())
    return {
        "words": float(np.log2(1 + words)),
        "short": words < 15,
        "questions": float(np.log2(1 + text.count("?"))),
        "shouts": float(np.log2(1 + text.count("!"))),
        "capitals": float(np.log2(1 + len(_CAPITALS.findall(text)))),
        "links": float(np.log2(1 + len(_LINK.findall(text)))),
        "money": float(np.log2(1 + len(_MONEY.findall(text)))),
        "reference": bool(_REFERENCE.search(text)),
        "form_lines": float(np.log2(1 + len(_FORM_LINE.findall(text)))),
        "address_inside": bool(_EMAIL.search(text)),
        "articles": float(np.log2(1 + len(_ARTICLE.findall(text)))),
        "authority_named": authorities.named(text) is not None,
        "lower_case": text.islower(),
    }


def signals(reading: Reading, authorities: Authorities) -> dict[str, float]:
    """Return the signals of a mail by name."""
    return {
        **_header_signals(reading.mail),
        **_sender_signals(reading.mail, authorities),
        **_form_signals(reading),
        **_text_signals(reading.text, authorities),
    }


def as_row(values: dict[str, float]) -> NDArray[np.float32]:
    """Return signals as numbers, in the order in which `signals` names them."""
    return np.array([float(value) for value in values.values()], dtype=np.float32)
