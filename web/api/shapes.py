"""The shapes of answers, for the OpenAPI page. Rows have the keys of `case list --json` and its like."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class CaseRow(BaseModel):
    """One case, as `rightsdesk case list --json` shows it."""

    reference: str
    organisation: str
    mailbox: str
    kinds: list[str]
    status: str
    received_at: str
    due_date: str | None = Field(description="The earliest of the open items; null while all wait.")
    due_at_utc: str | None
    language: str
    requester: str = Field(description="The address.")
    needs_review: bool
    acknowledged_at: str | None
    messages: int


class Event(BaseModel):
    """One deed in a timeline."""

    at: str
    actor: str
    action: str
    details: dict[str, Any]


class CaseDetails(CaseRow):
    """One case with all that belongs to it, as `rightsdesk case show --json` shows it; it has more keys than these."""

    model_config = ConfigDict(extra="allow")

    subject: str
    assigned_to: str | None
    tags: list[str]
    identity: str
    confidence: str | None = Field(description="Of the least sure thing that it asks for: sure, less_sure, doubtful.")
    files: list[str] = Field(description="Sorts of files that came with it.")
    target: str | None = Field(description="The day on which we want to have answered; null while no clock runs.")
    deletion: dict[str, Any] | None = Field(description="What a second person is to decide on, where one is asked.")
    next: list[dict[str, Any]] = Field(description="What to do next, and by when.")
    items: list[dict[str, Any]] = Field(description="What is asked for; each with its date, and why.")
    questions: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    notes: list[dict[str, Any]]
    mails: list[dict[str, Any]]
    letters: list[dict[str, Any]]
    timeline: list[Event]


class MessageRow(BaseModel):
    """One received mail, as `rightsdesk mail list --json` shows it, and its number."""

    id: int
    mailbox: str
    uidvalidity: int | None
    uid: int | None
    message_id: str | None
    sha256: str | None
    received_at: str
    outcome: str
    case: str | None
    reason: str


class FileRow(BaseModel):
    """One file that came with a mail, or lies in a mail attached to it."""

    place: str = Field(description="Its number among the files, behind those of the attached mails it lies in: 0-2.")
    name: str
    content_type: str = Field(description="As the sender says.")
    size: int
    note: str = Field(description="Why an attached mail is not opened, or not all of it; else empty.")


class Files(BaseModel):
    """The files of one mail or letter."""

    rows: list[FileRow]


class LetterRow(BaseModel):
    """One letter, as `rightsdesk outbox list --json` shows it, and its number."""

    id: int
    case: str | None
    template: str
    to: str
    subject: str
    message_id: str
    state: str
    attempts: int


class DueItem(BaseModel):
    """One item that owes the person something by a date."""

    case: str
    organisation: str
    kind: str
    due_date: str
    due_at_utc: str
    status: str
    assigned_to: str | None


class SlaFigures(BaseModel):
    """The figures of one kind, or of all ("all"), as `rightsdesk report sla --json` shows them."""

    model_config = ConfigDict(populate_by_name=True)

    from_: str = Field(alias="from")
    to: str
    kind: str
    received: int
    answered: int
    in_time: int
    late: int
    overdue: int
    open: int
    share_in_time: float | None
    extended: int
    mean_days: float | None
    median_days: float | None
    hours_to_acknowledge: float | None


class _Page(BaseModel):
    """A part of a list."""

    next: str | None = Field(description="The address of the next part; null at the end.")


class Cases(_Page):
    """A page of cases."""

    rows: list[CaseRow]


class Messages(_Page):
    """A page of the ledger."""

    rows: list[MessageRow]


class Letters(_Page):
    """A page of the outbox."""

    rows: list[LetterRow]


class DueItems(_Page):
    """A page of what is due."""

    rows: list[DueItem]


class Timeline(BaseModel):
    """What happened in a case, oldest first."""

    rows: list[Event]


class Figures(BaseModel):
    """Figures of a period, all kinds first."""

    organisation: str
    rows: list[SlaFigures]


class Caller(BaseModel):
    """Who a token stands for."""

    name: str
    role: str
    organisation: str | None = Field(description="Null for all.")
    scopes: list[str]
    expires_at: str


class DeedField(BaseModel):
    """One thing that a deed asks for."""

    name: str
    label: str
    choices: list[str]
    required: bool


class PossibleDeed(BaseModel):
    """A deed that a case is open to."""

    name: str
    title: str
    writes_letter: bool
    fields: list[DeedField]


class PossibleDeeds(BaseModel):
    """The deeds that a case is open to now."""

    rows: list[PossibleDeed]


class Done(BaseModel):
    """That a deed was done; the same for every repeat of the request."""

    reference: str
    deed: str
    done_at: str


class PlannedCase(BaseModel):
    """What a plan would do to one case."""

    case: str
    kinds: list[str] = Field(description="What it asks for now.")
    due_date: str | None
    ends: str | None = Field(description="The earliest date that would run no more.")
    into: str | None = Field(description="The case that it would be merged into.")
    letters: list[str] = Field(description="As they would go out.")


class LeftAlone(BaseModel):
    """A case that nothing is done to, and why."""

    case: str
    why: str


class DoneCase(BaseModel):
    """A case that it was done to."""

    case: str
    into: str | None = Field(description="The case that it was merged into.")


class Plan(BaseModel):
    """A deed on many cases: what it would do while it is planned, what it did afterwards."""

    number: int
    deed: str
    says: str = Field(description="The plan in words.")
    state: Literal["planned", "done", "unfinished", "taken_back"] = Field(
        description="Unfinished: it was interrupted, or goes on just now. Carry it out again: nothing is done twice."
    )
    may_be_taken_back: bool
    would: list[PlannedCase]
    done: list[DoneCase]
    waiting: list[str]
    left_alone: list[LeftAlone]


class TakenBack(BaseModel):
    """On how many cases a plan was taken back."""

    number: int
    cases: int


class Preview(BaseModel):
    """The letters that a deed would write, as they would go out; nothing was done."""

    letters: list[str]
