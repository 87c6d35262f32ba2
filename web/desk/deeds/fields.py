"""What a form asks for, and how what was filled in is read: days, choices, files. Nonsense is told in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlmodel import Session

from cases.lifecycle import Deed
from cases.office import Office
from models.case import Case
from models.errors import NotAllowed
from models.letter import Enclosure
from models.staff import Actor
from responders.header_lines import written_address
from store.vault import Vault

Filled = Mapping[str, Sequence[str]]
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
MOST_BYTES = 15 * 1024 * 1024
"""Of all files that go with one letter: few servers take larger mails."""
_FILE_TYPES = frozenset(
    {
        *(".pdf", ".txt", ".csv", ".json", ".xml", ".zip", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp3", ".wav"),
        *(".docx", ".xlsx", ".odt", ".ods", ".rtf", ".eml", ".ics", ".vcf", ".md"),
    }
)


Option = TypeVar("Option", bound=StrEnum)


class FilledWithFiles(dict[str, Sequence[str]]):
    """What was filled into a form, and the files that came with it."""

    def __init__(self, values: Filled, files: Sequence[Enclosure]) -> None:
        """Take both."""
        super().__init__(values)
        self.files = tuple(files)


class Widget(StrEnum):
    """How a field is shown."""

    LINE = "line"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    """A local day and time of the mailbox."""
    CHOICE = "choice"
    SEVERAL = "several"
    TICK = "tick"
    FILES = "files"


class Group(StrEnum):
    """What a form is about, as its heading says."""

    REQUEST = "The request"
    PERSON = "The person"
    TIME = "Time"
    RESULT = "Result and answer"
    OTHERS = "Others"
    CASE = "The case"
    DELETION = "Deleting it"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing a form asks for."""

    name: str
    label: str
    widget: Widget = Widget.LINE
    options: tuple[str, ...] = ()
    """What can be chosen; for a line, what is proposed."""
    is_required: bool = False
    hint: str = ""
    value: str = ""
    """What stands there before anybody has filled it in."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A case before it is locked for a deed."""

    session: Session
    vault: Vault
    case: Case
    actor: Actor
    now: datetime


@dataclass(frozen=True, slots=True)
class Form:
    """One deed as a form."""

    name: str
    title: str
    button: str
    fields: tuple[Field, ...]
    deed: Callable[[Office, Filled], object]
    needs: Deed | None = None
    """The move it makes; None for what is possible in every state."""
    writes_letter: bool = False
    group: Group = Group.CASE
    ahead: "Callable[[Ahead, Filled], Callable[[Office, Filled], object]] | None" = None
    """Does what takes long before anybody is held up, and returns the deed that makes use of it."""

    @property
    def takes_files(self) -> bool:
        """Tell whether files can come with it."""
        return any(field.widget is Widget.FILES for field in self.fields)


WHY = Field("why", "Reason, for colleagues", Widget.LINE)
TEXT = Field(
    "text", "Your words in the letter", Widget.TEXT, hint="In the letter's language; a blank line parts paragraphs."
)
TOLD = Field("told_on", "Told without a letter, on", Widget.DAY, hint="Leave empty to send the letter.")
FILES = Field("files", "Files to send along", Widget.FILES, hint="Documents, tables, pictures; 15 MB in all.")


def one(filled: Filled, name: str) -> str:
    """Return what was filled in, '' for nothing."""
    return (filled.get(name) or [""])[0].strip()


def day(filled: Filled, name: str) -> date | None:
    """Return a day, None for none; raises NotAllowed."""
    text = one(filled, name)
    try:
        return _of_our_time(date.fromisoformat(text)) if text else None
    except ValueError as error:
        raise NotAllowed("a day is written YYYY-MM-DD") from error


def _of_our_time(found: date) -> date:
    """Return a day that calendars can count with; raises NotAllowed for a slip of the pen."""
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NotAllowed(f"the year {found.year} cannot be meant")
    return found


def moment(filled: Filled, name: str, timezone: str) -> datetime:
    """Return an instant, written as clocks in a time zone show it; raises NotAllowed."""
    try:
        found = datetime.fromisoformat(one(filled, name))
        _of_our_time(found)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotAllowed("say the day and the time, like 2026-03-02T09:30") from error


def choice(kind: type[Any], filled: Filled, name: str) -> Any:
    """Return what was chosen; raises NotAllowed."""
    try:
        return kind(one(filled, name))
    except ValueError as error:
        raise NotAllowed(f"{name.replace('_', ' ')}: choose one of the list") from error


def maybe(kind: type[Any], filled: Filled, name: str) -> Any:
    """Return what was chosen, None for nothing; raises NotAllowed."""
    return choice(kind, filled, name) if one(filled, name) else None


def several(kind: type[Option], filled: Filled, name: str) -> tuple[Option, ...]:
    """Return all that was chosen and exists."""
    return tuple(kind(value) for value in filled.get(name, ()) if value in values(kind))


def number(filled: Filled, name: str, what: str) -> int:
    """Return the number of something; raises NotAllowed that asks for it."""
    text = one(filled, name)
    if not text.isdecimal() or not text.isascii() or len(text) > 9:
        raise NotAllowed(f"say which {what}")
    return int(text)


def address(filled: Filled, name: str) -> str:
    """Return a mail address, '' for none; raises NotAllowed for what is none."""
    text = one(filled, name)
    if text and not written_address(text):
        raise NotAllowed("the address has not the form of one")
    return text


def enclosures(filled: Filled) -> tuple[Enclosure, ...]:
    """Return the files that came with a form; raises NotAllowed for a sort or size that no letter should carry."""
    files = filled.files if isinstance(filled, FilledWithFiles) else ()
    for file in files:
        if PurePath(file.name).suffix.lower() not in _FILE_TYPES:
            raise NotAllowed(f"files of this sort are not sent; what can be: {', '.join(sorted(_FILE_TYPES))}")
    if sum(len(file.content) for file in files) > MOST_BYTES:
        raise NotAllowed("the files are too large for a mail: send them in another way")
    return files


def values(kind: type[StrEnum]) -> tuple[str, ...]:
    """Return what can be chosen of a kind."""
    return tuple(member.value for member in kind)
