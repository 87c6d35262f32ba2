"""Trying every part for real, as `serve` would use it, and telling what is wrong and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from cases.clocks import OfficeClock
from classify.judge import Judge
from classify.shelf import Shelf
from models.errors import DeskError, SettingsError
from models.organisation import Mailbox
from models.verdict import Kind
from responders.letters import LetterWriter
from service.offices import known_of
from service.settings import Settings
from service.trying import try_reading, try_sending
from store.audit import Audit
from store.clock import utc_now
from store.database import Database, open_database, ping
from store.schema import prepare_schema
from store.vault import read_key_file


@dataclass(frozen=True, slots=True)
class Finding:
    """What one examination found."""

    part: str
    is_well: bool
    text: str


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each part, as it is examined; never raises for what a part does."""
    yield _finding("configuration", lambda: _configuration(settings))
    yield _finding("vault key", lambda: _key(settings))
    yield _finding("database", lambda: _database(settings))
    yield _finding("clock", _clock)
    yield _finding("model", lambda: _model(settings))
    yield _finding("letters", lambda: _letters(settings))
    for mailbox in _mailboxes(settings):
        yield _finding(f"holidays {mailbox.organisation.country}", lambda box=mailbox: _holidays(box))  # type: ignore[misc]
        yield _finding(f"reading {mailbox.name}", lambda box=mailbox: try_reading(box))  # type: ignore[misc]
        yield _finding(f"sending {mailbox.name}", lambda box=mailbox: try_sending(box))  # type: ignore[misc]


def _finding(part: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(part, True, look())
    except DeskError as error:
        return Finding(part, False, str(error))
    except SQLAlchemyError as error:  # its words would show the statement
        return Finding(part, False, f"the database refuses ({type(error).__name__}): check the rights of its user")
    except OSError as error:
        return Finding(part, False, f"{error.filename or 'a file'}: {error.strerror or type(error).__name__}")


def _configuration(settings: Settings) -> str:
    count = len(_mailboxes(settings))
    if not count:
        raise DeskError(
            f"{settings.path} has no [[mailbox]]: there is nothing to read, unless you make one on the desk"
        )
    return f"{settings.path}, {count} mailboxes"


def _mailboxes(settings: Settings) -> tuple[Mailbox, ...]:
    """Return all mailboxes, those of the file where the database cannot be asked: that is told in its own row."""
    try:
        return known_of(settings).mailboxes
    except (DeskError, SQLAlchemyError):
        return settings.mailboxes


def _key(settings: Settings) -> str:
    master = read_key_file(settings.key_file)
    mode = settings.key_file.stat().st_mode & 0o077
    if mode:
        raise DeskError(f"others may read {settings.key_file}: run `chmod 600 {settings.key_file}`")
    return f"{settings.key_file}, key {master.key_id}"


def _database(settings: Settings) -> str:
    database = open_database(settings.database_url)
    try:
        found = ping(database)
        prepare_schema(database)
        _compare_key(settings, database)
        if not database.is_sqlite:
            with database.reading() as session:
                durable = session.connection().execute(text("show synchronous_commit")).scalar_one()
            if durable == "off":
                raise DeskError("synchronous_commit is off: a commit could be lost; set it to on")
    finally:
        database.close()
    return found


def _compare_key(settings: Settings, database: Database) -> None:
    try:
        master = read_key_file(settings.key_file)
    except SettingsError:
        return  # told in the row of the key
    with database.reading() as session:
        Audit(master).check_key(session)


def _clock() -> str:
    now = utc_now()
    if now.year < 2026:
        raise DeskError(f"this machine believes it is {now:%Y-%m-%d}: set its clock, legal dates hang on it")
    return f"{now:%Y-%m-%d %H:%M} UTC"


def _holidays(mailbox: Mailbox) -> str:
    now = utc_now()
    answer = OfficeClock(mailbox).due(Kind.ACCESS, now)
    return f"a request of today would be due on {answer.due_on} ({mailbox.timezone})"


def _model(settings: Settings) -> str:
    return f"version {Judge.load(Shelf(settings.models).in_use()).version}"


def _letters(settings: Settings) -> str:
    writer = LetterWriter()
    own = dict.fromkeys(mailbox.organisation.templates for mailbox in _mailboxes(settings)) or {None: None}
    problems = list(dict.fromkeys(problem for folder in own for problem in writer.check(folder)))
    if problems:
        raise DeskError("; ".join(problems))
    return f"in {', '.join(writer.languages())}"
