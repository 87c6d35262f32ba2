"""The table of corrections: what a person said a mail is, against what the classifier had said."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class Correction(SQLModel, table=True):
    """One correction of a mail's labels. Written by staff, never changed; the last one of a mail counts.

    Holds no personal data: the words stay in the sealed mail, and a correction of an erased mail teaches nothing.
    """

    __tablename__ = "correction"

    id: int | None = Field(default=None, primary_key=True)
    message_id: int = Field(foreign_key="message.id", index=True)
    labels: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """What it is, by the labels of the classifier."""
    said: list[str] = Field(sa_column=Column(JSON, nullable=False))
    """What had been said of it before."""
    model_version: str | None = None
    """Who had said so; None where a person had."""
    by: str
    at: datetime
