"""Mails as tests need them: bytes as a server would serve them, and values as casework meets them."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP

from models.mail import Address, Body, ParsedMail
from models.message import Message


def mail(
    text: str,
    *,
    sender: str = "Mara Lindqvist <mara@brightmail.example>",
    subject: str = "Hello",
    message_id: str = "",
    html: str = "",
    attachments: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, "contact@example.org", subject
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if text or not html:
        message.set_content(text)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def stored(number: int, received_at: datetime, **more: object) -> Message:
    """The ledger row of a mail, not yet decided."""
    return Message(
        organisation="example",
        mailbox="contact",
        folder="INBOX",
        uidvalidity=1,
        uid=number,
        received_at=received_at,
        stored_at=received_at,
        size=1,
        sha256=f"{number:064}",
        original_sha256=f"{number:064}",
        message_id=f"<m{number}@mail.example>",
        **more,
    )


def parsed(
    message_id: str, sender: Address | None, *, subject: str = "Hello", text: str = "some words", answers: str = ""
) -> ParsedMail:
    """A mail as the parser hands it on."""
    return ParsedMail(
        message_id=message_id,
        subject=subject,
        from_=(sender,) if sender else (),
        sender=None,
        reply_to=(),
        to=(),
        cc=(),
        date=None,
        in_reply_to=(answers,) if answers else (),
        references=(),
        headers=(),
        body=Body(text, text),
    )


MADE_ORGANISATION = {
    "slug": "bright",
    "name": "Bright Ltd",
    "address": "2 Low Street, Leeds",
    "contact": "dpo@bright.example",
    "regime": "uk",
    "country": "GB-ENG",
    "timezone": "Europe/London",
    "lead_authority": "GB",
    "languages": "en\nes",
    "archive_before": "none",
}
"""The form of an organisation made on the desk, filled in."""
