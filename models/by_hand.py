"""A request that did not come by mail, as staff know it."""

from dataclasses import dataclass
from datetime import datetime

from models.case import Channel
from models.verdict import Kind


@dataclass(frozen=True, slots=True)
class HandRequest:
    """What a case is opened with by hand."""

    mailbox: str
    kinds: tuple[Kind, ...]
    received_at: datetime
    channel: Channel
    address: str = ""
    name: str = ""
    language: str = "en"
    words: str = ""
    """What the person said or wrote, for a sealed note."""
    message: int | None = None
    """A mail of the quarantine that it came with."""
