"""The mails that every contender reads: real bytes, as a mail server would hold them, the same for the same seed.

The words come from the corpus of labelled mails, a quarter for each language; the form is made here: headers as
providers add them, plain text, plain with HTML, or HTML alone, and attachments that do not compress.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import escape
from itertools import cycle, islice
from pathlib import Path

from classify.corpus import CorpusMail, read_corpus
from models.verdict import RIGHTS

LANGUAGES = ("en", "de", "fr", "es")
ATTACHMENT_BYTES = 300 * 1024
_FORMS = ("plain", "both", "html")
_FORM_WEIGHTS = (50, 35, 15)
_FILES = (("letter.pdf", "application", "pdf"), ("scan.jpg", "image", "jpeg"), ("receipt.pdf", "application", "pdf"))
_STYLE = "body{font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f1f1f}p{margin:0 0 10px}a{color:#0563c1}"
_SENT_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class BenchmarkMail:
    """One mail; `is_request` says that its writer uses a right and is owed an acknowledgement."""

    message_id: str
    is_request: bool
    raw: bytes


def make_mails(
    count: int, seed: int, corpus: Path, *, requests: float = 0.6, attached: float = 0.1
) -> list[BenchmarkMail]:
    """Return mails in a mixed order; each has a writer and a Message-ID of its own."""
    choice = random.Random(seed)
    texts = _texts(count, round(count * requests), read_corpus(corpus), choice)
    with_file = set(choice.sample(range(count), round(count * attached)))
    return [_mail(text, number, choice, has_file=number in with_file) for number, text in enumerate(texts)]


def _texts(count: int, requests: int, corpus: tuple[CorpusMail, ...], choice: random.Random) -> list[CorpusMail]:
    mails = list(corpus)
    choice.shuffle(mails)
    texts = [*islice(_by_turns([mail for mail in mails if _is_request(mail)]), requests)]
    texts += islice(_by_turns([mail for mail in mails if not _is_request(mail)]), count - requests)
    choice.shuffle(texts)
    return texts


def _by_turns(mails: list[CorpusMail]) -> Iterator[CorpusMail]:
    """Yield mails for ever, one language after another; a text comes twice only where there are not enough."""
    languages = [cycle([mail for mail in mails if mail.language == language]) for language in LANGUAGES]
    for language in cycle(languages):
        yield next(language)


def _is_request(mail: CorpusMail) -> bool:
    return any(label.kind in RIGHTS for label in mail.labels) and not mail.headers


def _mail(text: CorpusMail, number: int, choice: random.Random, *, has_file: bool) -> BenchmarkMail:
    sender = _writer(text, number)
    message = EmailMessage(policy=SMTP)
    message_id = f"<{choice.randbytes(12).hex()}.{number}@{sender.domain}>"
    for header, value in _headers(text, sender, message_id, _SENT_AT + timedelta(seconds=37 * number), choice):
        message[header] = value
    _write_body(message, text, choice)
    if has_file:
        file, kind, subtype = choice.choice(_FILES)
        message.add_attachment(choice.randbytes(ATTACHMENT_BYTES), maintype=kind, subtype=subtype, filename=file)
    return BenchmarkMail(message_id, _is_request(text), message.as_bytes())


def _writer(text: CorpusMail, number: int) -> Address:
    """Return a well-formed address that nobody else has: the corpus also has writers without one."""
    name, address = parseaddr(text.sender)
    local, _, domain = address.rpartition("@")
    clean = re.sub(r"[^a-z0-9]+", ".", local.lower()).strip(".") or "writer"
    is_domain = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", domain.lower())
    return Address(name, f"{clean}.{number}", domain if is_domain else "brightmail.example")


def _headers(
    text: CorpusMail, sender: Address, message_id: str, sent_at: datetime, choice: random.Random
) -> Iterator[tuple[str, object]]:
    moment, domain, host = format_datetime(sent_at), sender.domain, f"mail.{sender.domain}"
    signature = choice.randbytes(128).hex()
    ours = f"by mx.example.org with ESMTPS id {signature[:12]} for <contact@example.org>; {moment}"
    checks = f"dkim=pass header.d={domain}; spf=pass; dmarc=pass header.from={domain}"
    method = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s1; h=from:to:subject:date"
    yield "Return-Path", f"<{sender.addr_spec}>"
    yield "Received", f"from {host} ({host} [192.0.2.25]) {ours}"
    yield "Authentication-Results", f"mx.example.org; {checks}"
    yield "DKIM-Signature", f"{method}; bh={signature[:44]}; b={signature}"
    yield "Received", f"from [198.51.100.7] by {host} with ESMTPSA id {signature[-12:]}; {moment}"
    yield "From", sender
    yield "To", "contact@example.org"
    yield "Subject", text.subject
    yield "Date", moment
    yield "Message-ID", message_id
    yield "Content-Language", text.language
    yield "X-Mailer", choice.choice(("Evolution 3.46", "Apple Mail (2.3774)", "Roundcube Webmail/1.6.1"))
    yield from (pair for pair in text.headers if pair[0].lower() != "content-type")


def _write_body(message: EmailMessage, text: CorpusMail, choice: random.Random) -> None:
    form = choice.choices(_FORMS, _FORM_WEIGHTS)[0]
    transfer = choice.choices(("quoted-printable", "base64"), (80, 20))[0]
    if form == "html":
        message.set_content(_as_html(text), subtype="html", cte=transfer)
        return
    message.set_content(text.body, cte=transfer)
    if form == "both":
        message.add_alternative(_as_html(text), subtype="html", cte=transfer)


def _as_html(text: CorpusMail) -> str:
    paragraphs = (escape(paragraph).replace("\n", "<br>\n") for paragraph in text.body.split("\n\n"))
    lines = "\n".join(f'<p class="MsoNormal"><span style="font-size:11.0pt">{each}</span></p>' for each in paragraphs)
    head = f'<html lang="{text.language}"><head><meta charset="utf-8"><style>{_STYLE}</style></head>'
    return f"{head}\n<body><div>\n{lines}\n</div></body></html>\n"
