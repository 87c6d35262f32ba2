"""The built model, loaded once, and letters that go through the real parser."""

from collections.abc import Callable, Sequence

import pytest

from classify.judge import Judge
from ingest.parse import parse
from models.mail import ParsedMail
from service.made_messages import message_bytes

Letter = Callable[..., ParsedMail]


@pytest.fixture(scope="session")
def judge() -> Judge:
    return Judge.load()


@pytest.fixture(scope="session")
def letter() -> Letter:
    def written(
        subject: str = "",
        body: str = "",
        *,
        sender: str = "Karen Doyle <karen.doyle@brightmail.example>",
        attachments: Sequence[str] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> ParsedMail:
        return parse(message_bytes(sender, subject, body, attachments, headers))

    return written
