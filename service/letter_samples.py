"""Letters filled for an invented case: for previews and for the page of all letters."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from models.organisation import Regime
from models.outbox import Template
from responders.letters import LetterWriter
from responders.sample_orders import sample_orders


def sample_text(template: Template, language: str, regime: Regime, own: Path | None, *, is_html: bool = False) -> str:
    """Return the first sample of a letter: its headers and text, or its HTML."""
    writer = LetterWriter()
    order, mailbox = next(
        (order, mailbox)
        for order, mailbox in sample_orders(language, own)
        if order.template is template and mailbox.organisation.regime is regime
    )
    mail = message_from_bytes(writer.compose(order, mailbox).raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - the policy makes it one
    body = mail.get_body(("html" if is_html else "plain",))
    text = body.get_content().replace("\r\n", "\n") if body else ""
    return text if is_html else f"Subject: {mail['Subject']}\n\n{text}"
