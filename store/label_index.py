"""What mails were taken for, kept where the ledger looks it up: written by whoever labels a message."""

from collections.abc import Sequence

from sqlmodel import Session, col, delete

from models.message import Message, MessageLabel


def set_labels(session: Session, message: Message, labels: Sequence[str]) -> None:
    """Say what a stored message is taken for, in place of what was said before."""
    if message.labels:
        session.exec(delete(MessageLabel).where(col(MessageLabel.message_id) == message.id))
    message.labels = list(labels)
    session.add_all(
        MessageLabel(message_id=message.id or 0, label=label, received_at=message.received_at)
        for label in dict.fromkeys(labels)
    )
