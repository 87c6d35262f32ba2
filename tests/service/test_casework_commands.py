"""The commands of casework as scripts and people use them: the real program, SQLite, a Maildir; each exit code.

A process takes a second, so each test goes a way of several commands.
"""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from getpass import getuser
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from builders import stored
from conftest import Command
from sqlmodel import func, select
from typer import BadParameter

from cases.reference import new_reference
from models.accounts import StaffMember
from models.audit import AuditEntry
from models.case import Case, CaseState, RequestItem
from models.casework import ClockFact, Customer
from models.deletion import DeletionRequest
from models.message import Outcome
from models.outbox import OutboxMail
from models.staff import Role
from models.verdict import Kind
from service.commands.deeds import moment_of
from store.database import Database, open_database
from store.vault import Vault, read_key_file, write_key_file

pytestmark = pytest.mark.slow

CONFIGURATION = """
[[organisation]]
slug = "example"
name = "Example Ltd"
address = "1 High Street, London"
regime = "eu"
country = "IE"
timezone = "Europe/Dublin"
contact = "privacy@example.org"
lead_authority = "IE"
[[mailbox]]
name = "contact"
organisation = "example"
address = "contact@example.org"
maildir = "Mail"
"""
NOW = datetime.now(UTC)
TODAY = NOW.date()
YESTERDAY, LAST_WEEK, NEXT_MONTH = str(TODAY - timedelta(days=1)), NOW - timedelta(days=7), TODAY + timedelta(days=24)
Row = dict[str, object]


@pytest.fixture
def rightsdesk(tmp_path: Path, sqlite_file: Path) -> Command:
    """A desk that needs no server."""
    (tmp_path / "rightsdesk.toml").write_text(CONFIGURATION, encoding="utf-8")
    (tmp_path / "Mail" / "new").mkdir(parents=True)
    (tmp_path / "Mail" / "cur").mkdir()
    shutil.copy(sqlite_file, tmp_path / "rightsdesk.db")
    write_key_file(tmp_path / "rightsdesk.key")
    return Command(tmp_path)


@pytest.fixture
def database(rightsdesk: Command) -> Iterator[Database]:
    """What the commands have written."""
    database = open_database(f"sqlite:///{rightsdesk.folder}/rightsdesk.db")
    yield database
    database.close()


def rows_in(database: Database) -> list[int]:
    """How many rows there are of all that a deed can write."""
    with database.reading() as session:
        tables = (Case, ClockFact, OutboxMail, AuditEntry, Customer)
        return [session.exec(select(func.count()).select_from(table)).one() for table in tables]


def shown(done: CompletedProcess[str]) -> Row:
    """The one object that a command printed."""
    assert (done.returncode, done.stderr) == (0, "")
    (line,) = done.stdout.splitlines()
    found = json.loads(line)
    assert isinstance(found, dict)
    return found


def refusal(done: CompletedProcess[str]) -> str:
    """The one line in which a command says why it did nothing."""
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("rightsdesk: ")
    return done.stderr.removeprefix("rightsdesk: ").rstrip("\n")


def only(row: Row, name: str) -> Row:
    (found,) = row[name]  # type: ignore[misc]
    assert isinstance(found, dict)
    return found


def kept(database: Database, kind: Kind, received: datetime = LAST_WEEK, due: date = NEXT_MONTH) -> str:
    """A case that is there already."""
    with database.transaction() as session:
        case = Case(
            reference=new_reference(),
            organisation="example",
            mailbox="contact",
            status=CaseState.OPEN,
            requester_address="mara@mail.example",
            language="en",
            received_at=received,
            opened_at=received,
        )
        session.add(case)
        session.flush()
        due_at = datetime(due.year, due.month, due.day, tzinfo=UTC) + timedelta(days=1)
        session.add(RequestItem(case_id=case.id or 0, kind=kind, received_at=received, due_on=due, due_at=due_at))
        return case.reference


def test_a_passage_is_looked_for_then_redacted_and_never_named(rightsdesk: Command) -> None:
    opening = ["case", "open", "--mailbox", "contact", "--kind", "access", "--received", LAST_WEEK.isoformat()]
    reference = str(shown(rightsdesk(*opening, "--name", "Zelda Quist", "--json"))["reference"])
    words = rightsdesk.folder / "words.txt"
    words.write_text("zelda quist\n", encoding="utf-8")
    asked = ["case", "redact", reference, "--ground", "other_person", "--text-file", str(words)]
    looked = rightsdesk(*asked, "--dry-run")
    assert (looked.returncode, "requester name, 1" in looked.stdout) == (0, True)
    done = rightsdesk(*asked, "--json")
    assert (done.returncode, "zelda" in (done.stdout + done.stderr).lower()) == (0, False)
    assert shown(done)["requester_name"] == "[redacted]"
    again = rightsdesk(*asked)
    assert again.returncode != 0
    assert "nothing is left" in again.stderr


def test_a_request_by_phone_and_a_question_first_shown_then_asked(rightsdesk: Command, database: Database) -> None:
    opening = ["case", "open", "--mailbox", "contact", "--kind", "access", "--channel", "phone"]
    person = ["--address", "mara@mail.example", "--name", "Mara Lindqvist"]
    case = shown(rightsdesk(*opening, *person, "--received", LAST_WEEK.isoformat(), "--json"))
    assert (case["status"], case["channel"], case["kinds"]) == ("open", "phone", ["access"])
    assert only(case, "items")["received_at"] == LAST_WEEK.strftime("%Y-%m-%dT%H:%M:%SZ")
    reference, due, before = str(case["reference"]), str(case["due_date"]), rows_in(database)

    question = ["case", "pause", reference, "clarification", "--text", "Which branch did you visit?"]
    previewed = rightsdesk(*question, "--preview")
    assert (previewed.returncode, previewed.stderr) == (0, "")
    assert previewed.stdout.startswith("To: Mara Lindqvist <mara@mail.example>\nSubject: A question about your request")
    assert "Which branch did you visit?" in previewed.stdout
    assert rows_in(database) == before, "a preview writes nothing"

    paused = shown(rightsdesk(*question, "--told-on", YESTERDAY, "--json"))
    assert (paused["status"], paused["due_date"], paused["letters"]) == ("waiting", None, [])
    assert (only(paused, "items")["due_without_pause"], only(paused, "questions")["by"]) == (due, getuser())

    before = rows_in(database)
    far = str(TODAY + timedelta(days=30))
    supposed = shown(rightsdesk("case", "what-if", reference.lower(), "--answered", far, "--json"))
    assert (supposed["kind"], supposed["state"], supposed["due_without_pause"]) == ("access", "running", due)
    assert str(supposed["due_date"]) > due
    assert rows_in(database) == before, "asking changes nothing"


def test_a_request_is_declined_with_a_ground_answered_closed_and_opened_again(
    rightsdesk: Command, database: Database
) -> None:
    reference = kept(database, Kind.ACCESS)
    told = refusal(rightsdesk("case", "decide", reference, "access", "refused", "--why", "we would rather not"))
    assert told == "declining needs a ground and a reason (GDPR Art. 12(4))"
    grounds = ["--ground", "rights_of_others", "--why", "the records are about her neighbours"]
    decided = shown(rightsdesk("case", "decide", reference, "access", "refused", *grounds, "--json"))
    assert (only(decided, "items")["result"], only(decided, "items")["decided_by"]) == ("refused", getuser())

    answered = shown(rightsdesk("case", "answer", reference, "--json"))
    assert (answered["status"], only(answered, "letters")["template"]) == ("answered", "refusal")
    assert only(answered, "letters")["state"] == "queued"
    told = refusal(rightsdesk("case", "close", reference))
    assert told.startswith("the person has not been told of the outcome"), "the letter has not gone out"
    overridden = rightsdesk("case", "close", reference, "--override", "told by phone", "--json")
    assert shown(overridden)["status"] == "closed"
    reopened = shown(rightsdesk("case", "reopen", reference, "--why", "she has written again", "--json"))
    assert (reopened["status"], only(reopened, "items")["result"]) == ("open", None)
    actions = [(entry["action"], entry["actor"]) for entry in reopened["timeline"]]  # type: ignore[attr-defined]
    assert [action for action, actor in actions if actor == getuser()] == [
        *("item_decided", "case_answered", "rule_overridden", "case_closed", "case_reopened"),
        *(["due_changed"] if actions[-1][0] == "due_changed" else []),
    ]


def test_what_comes_too_late_and_what_is_not_there_is_refused_in_one_line_and_merging_goes_on(
    rightsdesk: Command, database: Database
) -> None:
    first = kept(database, Kind.COMPLAINT)
    old = kept(database, Kind.ERASURE, NOW - timedelta(days=100), TODAY - timedelta(days=69))
    before = rows_in(database)
    text = ["--why", "eleven systems", "--text", "Eleven systems are concerned."]
    late = rightsdesk("case", "extend", old, *text)
    assert refusal(late) == "the last lawful day to tell of an extension has passed"
    unknown = rightsdesk("case", "merge", old, "RD-222-222-222")
    assert refusal(unknown) == "there is no case RD-222-222-222; `rightsdesk case list` shows them all"
    assert rows_in(database) == before

    merged = shown(rightsdesk("case", "merge", old, first, "--json"))
    assert (merged["status"], merged["merged_into"], merged["kinds"]) == ("closed", first, [])


def test_a_day_that_is_none_is_a_wrong_argument(rightsdesk: Command) -> None:
    done = rightsdesk("report", "sla", "--from", "2026-02-30")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("Invalid value: days are written YYYY-MM-DD\n")
    with pytest.raises(BadParameter, match="2026-03-02T09:30:00"):
        moment_of("last week")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("2026-03-02T09:30", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02T09:30:00+01:00", datetime(2026, 3, 2, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc_unless_it_names_its_zone(written: str, meant: datetime) -> None:
    assert moment_of(written) == meant


def test_a_directory_with_a_bad_line_is_not_taken_in(rightsdesk: Command, database: Database) -> None:
    rows = [
        "name,domains,administrator",
        "Stride Fitness,stride.example,dpo@stride.example",
        "Acme,acme.example,nobody",
    ]
    (rightsdesk.folder / "customers.csv").write_text("\n".join(rows), encoding="utf-8")
    told = refusal(rightsdesk("directory", "import", "customers.csv"))
    assert told == "customers.csv: line 3: a customer needs a name and the administrator's address"
    assert rows_in(database)[-1] == 0, "nor are the good lines before it"


def test_templates_are_read_as_a_lawyer_would_and_shown(rightsdesk: Command) -> None:
    own = rightsdesk.folder / "letters"
    (own / "en" / "no_data").mkdir(parents=True)
    spoilt = '{% extends "shipped/en/no_data/body.md" %}{% block remedies %}{% endblock %}'
    (own / "en" / "no_data" / "body.md").write_text(spoilt, encoding="utf-8")
    done = rightsdesk("templates", "lint", "--folder", "letters")
    assert (done.returncode, done.stderr) == (1, "")
    assert "en/no_data (text) does not say the right to complain to an authority" in done.stdout.splitlines()
    assert all(line.startswith("en/no_data ") for line in done.stdout.splitlines())

    done = rightsdesk("templates", "preview", "extension", "--language", "fr", "--regime", "uk", "--folder", "letters")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Subject: Nous avons besoin de plus de temps")
    assert "article 12A du RGPD britannique" in " ".join(done.stdout.split())


def test_the_figures_of_a_time_are_reported(rightsdesk: Command, database: Database) -> None:
    late_in_march = datetime(2026, 3, 31, 22, 30, tzinfo=UTC)  # 23:30 in Dublin
    kept(database, Kind.ACCESS, late_in_march, date(2026, 4, 30))
    done = rightsdesk("report", "sla", "--from", "2026-03-01", "--to", "2026-03-31", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    everything, access = map(json.loads, done.stdout.splitlines())
    assert everything == {
        "from": "2026-03-01",
        "to": "2026-03-31",
        "kind": "all",
        "received": 1,
        "answered": 0,
        "in_time": 0,
        "late": 0,
        "overdue": 1,
        "open": 0,
        "share_in_time": 0.0,
        "extended": 0,
        "mean_days": None,
        "median_days": None,
        "hours_to_acknowledge": None,
    }
    assert access == everything | {"kind": "access"}


def test_a_time_without_requests_is_told_in_words_and_one_that_runs_backwards_is_refused(rightsdesk: Command) -> None:
    quiet = rightsdesk("report", "sla", "--from", "2020-01-01", "--to", "2020-01-31")
    assert (quiet.returncode, quiet.stdout.strip()) == (0, "nothing was received in this time")
    backwards = rightsdesk("report", "sla", "--from", "2026-05-01", "--to", "2026-01-31")
    assert (backwards.returncode, backwards.stdout) == (1, "")
    assert "the period ends before it begins" in backwards.stderr


def test_a_mail_of_the_quarantine_is_taken_out_tried_again_and_set_aside(
    rightsdesk: Command, database: Database, tmp_path: Path
) -> None:
    raw = b"From: Mara <mara@brightmail.example>\r\nSubject: Hello\r\n\r\nWhen do you open?\r\n"
    with database.transaction() as session:
        sealed = Vault(read_key_file(tmp_path / "rightsdesk.key")).keep(session, raw)
        session.add(stored(1, NOW, sealed_id=sealed, outcome=Outcome.QUARANTINE, reason="it is odd"))
    assert rightsdesk("mail", "export", "1", "odd.eml").returncode == 0
    assert (tmp_path / "odd.eml").read_bytes() == raw
    assert rightsdesk("mail", "retry", "2").returncode == 1
    assert rightsdesk("mail", "ignore", "1", "because").returncode == 2
    assert rightsdesk("mail", "ignore", "1", "spam").returncode == 0
    (row,) = (json.loads(line) for line in rightsdesk("mail", "list", "--json").stdout.splitlines())
    assert (row["outcome"], row["reason"]) == ("filed", "set aside by a person: spam")
    assert "is not in the quarantine" in rightsdesk("mail", "retry", "1").stderr
    assert "no such charset" in rightsdesk("mail", "retry", "1", "--charset", "klingon").stderr
    assert "read so from now on" in rightsdesk("mail", "retry", "1", "--charset", "KOI8-R").stdout
    assert json.loads(rightsdesk("mail", "show", "1", "--json").stdout)["charset"] == "koi8-r"
    assert rightsdesk("audit", "verify").returncode == 0


def test_the_annual_report_is_printed_and_can_be_counted_anew(rightsdesk: Command, database: Database) -> None:
    kept(database, Kind.ACCESS, datetime(2025, 12, 31, 23, 30, tzinfo=UTC), date(2026, 1, 31))  # also 23:30 in Dublin
    done = rightsdesk("report", "annual", "--year", "2025", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert {"Requests by kind and month,access,Dec,1", "In time,overdue,2025,1"} <= set(done.stdout.splitlines())
    assert rightsdesk("report", "recount").returncode == 0
    again = rightsdesk("report", "annual", "--year", "2025", "--format", "html")
    assert "Example Ltd: data protection report for 2025" in again.stdout
    assert '<th scope="row">overdue</th><td data-label="2025">1</td>' in again.stdout
    refused = rightsdesk("report", "annual", "--year", str(TODAY.year + 1))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "has not begun" in refused.stderr


def test_a_case_is_given_to_colleagues_only_and_deleted_by_two_of_them(rightsdesk: Command, database: Database) -> None:
    reference = kept(database, Kind.ACCESS)
    refused = refusal(rightsdesk("case", "assign", reference, "nobody-there"))
    assert refused == "nobody who may see this case is called nobody-there: it was given to nobody"
    with database.transaction() as session:
        session.add(StaffMember(name=getuser(), role=Role.MANAGER, password_hash="", created_at=NOW))
    assert shown(rightsdesk("case", "assign", reference, getuser().upper(), "--json"))["assigned_to"] == getuser()

    delete = ["case", "delete", reference]
    assert rightsdesk(*delete, "--confirm", "--refuse").returncode == 2
    asked = shown(rightsdesk(*delete, "--ask", "test_data", "--why", "a trial", "--json"))
    assert asked["deletion"]["person"] == getuser()  # type: ignore[index]
    assert "you asked for it yourself" in refusal(rightsdesk(*delete, "--confirm"))
    with database.transaction() as session:
        row = session.exec(select(DeletionRequest)).one()
        row.asked_by = row.person = "mia"
    assert shown(rightsdesk(*delete, "--confirm", "--json"))["requester"] == "(erased)"
