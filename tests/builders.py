"""Mails as tests need them: bytes as a server would serve them."""

from email.message import EmailMessage
from email.policy import SMTP


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
