"""What exists is documented, what is documented exists: settings, commands, states, labels, links, examples."""

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.main import get_command

from cases.clock_kinds import ALIASES, ClockKind
from cases.figure_words import REPORT_WORDS
from cases.figure_words import WORDS as WORDS_OF_FIGURES
from cases.lifecycle import RuleName
from classify.folding import folded
from models.audit import Action
from models.case import Case, CaseState, Channel, Ground, Identity, ItemResult
from models.casework import FactSort, PartyRole, PauseReason
from models.files import FileSort
from models.letter import AlarmKind, Proof
from models.message import Message, Outcome
from models.outbox import OutboxMail, OutboxState, Template
from models.staff import Role
from models.tally import BreachCause
from models.tokens import Scope
from models.verdict import Confidence, Doubt, Hint, Label, Verdict
from models.webhook import HookEvent, HookState
from service import settings_sections as settings
from service.classify_rows import answer_of
from service.cli import app
from service.due import explain_due, run_due
from service.records import case_rows, letter_rows, message_rows
from service.settings import load_settings
from service.worker import PollReport
from store.database import open_database
from store.schema import upgrade_schema

ROOT = Path(__file__).parent.parent
GUIDE = ROOT / "docs" / "guide"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

SECTIONS: dict[str, type[BaseModel]] = {
    "`[database]`": settings.DatabaseSettings,
    "`[vault]`": settings.VaultSettings,
    "`[classifier]`": settings.ClassifierSettings,
    "`[web]`": settings.WebSettings,
    "`[auth]`": settings.AuthSettings,
    "`[oidc]`": settings.OidcSettings,
    "`[[organisation]]`": settings.OrganisationSettings,
    "`[organisation.clock]`": settings.ClockSection,
    "`[[mailbox]]`": settings.MailboxSettings,
    "`[mailbox.imap]` and `[mailbox.smtp]`": settings.ServerSettings,
    "`[[webhook]]`": settings.WebhookSettings,
}
WHOLE_FILE = ROOT / "service" / "starter.toml"
WORDS: dict[str, type[StrEnum]] = {
    "Outcomes": Outcome,
    "Case states": CaseState,
    "Item results": ItemResult,
    "Grounds": Ground,
    "Identity": Identity,
    "Proofs": Proof,
    "Questions": PauseReason,
    "Clock facts": FactSort,
    "Channels": Channel,
    "Third parties": PartyRole,
    "Hints": Hint,
    "Roles": Role,
    "Token scopes": Scope,
    "Web hook events": HookEvent,
    "Web hook states": HookState,
    "Rules": RuleName,
    "Warnings": AlarmKind,
    "Outbox states": OutboxState,
    "Letters": Template,
    "Labels": Label,
    "Confidence": Confidence,
    "Sorts of files": FileSort,
    "Breach causes": BreachCause,
    "Deeds in the timeline": Action,
}

_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_HEREDOC = re.compile(r"^\$ rightsdesk due( --json)? <<'END'\n(.*?)^END\n(.*)", re.MULTILINE | re.DOTALL)


def sections(page: Path) -> dict[str, str]:
    """Return the text under each heading, up to the next one; nothing in a fenced block is a heading."""
    found: dict[str, str] = {}
    heading, is_fenced = "", False
    for line in page.read_text().splitlines(keepends=True):
        is_fenced ^= line.lstrip().startswith("```")
        if line.startswith("#") and not is_fenced:
            heading = line.strip("# \n")
        found[heading] = found.get(heading, "") + line
    return found


def fences(page: Path) -> list[tuple[str, str]]:
    """Return what stands behind the opening marks of fenced blocks, and the blocks."""
    return _FENCE.findall(page.read_text())


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each table row that begins with a word in code."""
    for line in text.splitlines():
        if line.startswith("| `"):
            yield re.split(r" *(?<!\\)\| *", line.strip("| "))


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


# Settings


def documented(heading: str) -> dict[str, list[str]]:
    return {codes(row[0])[0]: row for row in rows(sections(GUIDE / "settings.md")[heading])}


def plain_keys(model: type[BaseModel]) -> set[str]:
    """Return the keys of a section that are no sections themselves."""
    nested = {settings.MailboxSettings: {"imap", "smtp"}, settings.OrganisationSettings: {"clock"}}
    return set(model.model_fields) - nested.get(model, set())


def test_every_section_of_the_settings_has_its_heading() -> None:
    models = (value for value in vars(settings).values() if isinstance(value, type) and issubclass(value, BaseModel))
    frame = {settings.Section, settings.FileSections, settings.WebhookKeys}
    own = {model for model in models if model.__module__ == settings.__name__} - frame
    assert own == set(SECTIONS.values())


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_setting_is_documented_and_no_other(heading: str) -> None:
    assert set(documented(heading)) == plain_keys(SECTIONS[heading])


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_defaults_in_the_guide_are_those_of_the_code(heading: str) -> None:
    for key, (_, default, *_rest) in documented(heading).items():
        field = SECTIONS[heading].model_fields[key]
        if default == "required":
            assert field.is_required(), key
        elif default == "none":
            assert field.default is None, key
        else:
            told = tomllib.loads(f"value = {codes(default)[0]}")["value"]
            assert told == (str(field.default) if isinstance(field.default, Path) else field.default), key


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_examples_in_the_guide_are_accepted(heading: str) -> None:
    for key, row in documented(heading).items():
        example = tomllib.loads(codes(row[-1])[0])
        assert set(example) == {key}
        model = SECTIONS[heading]
        assert getattr(model.model_validate(_surroundings(heading, key) | example), key) is not None


def _surroundings(heading: str, key: str) -> dict[str, Any]:
    """Return the keys that a section needs for an example of one of its keys."""
    starter = tomllib.loads(WHOLE_FILE.read_text())
    mailbox = starter["mailbox"][0]
    without = {"password": "password_file", "maildir": "imap"}.get(key)
    found: dict[str, Any] = {
        "`[[organisation]]`": starter["organisation"][0],
        "`[[mailbox]]`": mailbox,
        "`[oidc]`": {"issuer": "https://login.example.org", "client_id": "rightsdesk", "roles": {}},
        "`[mailbox.imap]` and `[mailbox.smtp]`": mailbox["imap"],
        "`[[webhook]]`": {"name": "crm", "url": "https://crm.example.org/", "secret_file": "hook.secret"},
    }.get(heading, {})
    return {name: value for name, value in found.items() if name != without}


def test_marked_configurations_are_accepted(tmp_path: Path) -> None:
    blocks = [body for page in PAGES for mark, body in fences(page) if mark == "toml settings"]
    assert blocks
    for name in ("imap.password", "smtp.password"):
        (tmp_path / name).write_text("secret\n")
    for block in blocks:
        path = tmp_path / "rightsdesk.toml"
        path.write_text(block)
        assert load_settings(path, environment={}).mailboxes


# Commands


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Yield each command that does something, by its words."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))
    if not hasattr(command, "commands"):
        yield " ".join(path), command


COMMANDS = dict(commands(get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_with_its_options_and_arguments(name: str) -> None:
    text = sections(GUIDE / "commands.md")[f"`{name}`"]
    for parameter in COMMANDS[name].params:
        is_option = parameter.param_type_name == "option"
        for word in parameter.opts if is_option else [parameter.name.upper()]:
            assert word in text, word


def test_no_command_is_documented_that_does_not_exist() -> None:
    told = {heading.strip("`") for heading in sections(GUIDE / "commands.md") if heading.startswith("`")}
    assert told == set(COMMANDS)


def test_the_options_before_a_command_are_documented() -> None:
    text = sections(GUIDE / "commands.md")["Options for all commands"]
    assert all(word in text for parameter in get_command(app).params for word in parameter.opts)


# Words


@pytest.mark.parametrize("heading", WORDS)
def test_every_state_and_label_is_in_the_glossary_and_no_other(heading: str) -> None:
    told = [codes(row[0])[0] for row in rows(sections(ROOT / "docs" / "glossary.md")[heading])]
    assert sorted(told) == sorted(member.value for member in WORDS[heading])


def test_every_clock_kind_and_its_other_names_are_in_the_glossary() -> None:
    table = list(rows(sections(ROOT / "docs" / "glossary.md")["Clock kinds"]))
    assert sorted(kind for row in table for kind in codes(row[0])) == sorted(ClockKind)
    assert {alias: codes(row[0])[0] for row in table for alias in codes(row[1])} == ALIASES


def test_the_guide_says_of_every_figure_what_the_dashboard_and_the_report_say() -> None:
    page = (GUIDE / "figures.md").read_text()
    assert not [word.title for word in (*WORDS_OF_FIGURES.values(), *REPORT_WORDS.values()) if word.formula not in page]


# Links


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", page.read_text())):
        if ":" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor:
            assert anchor in {_anchor(heading) for heading in sections(target)}, link


def test_every_decision_follows_the_one_before() -> None:
    numbers = [int(path.name[:4]) for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


# Tests that pages name


def test_every_test_that_the_table_of_security_names_exists() -> None:
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    table = list(rows((ROOT / "docs" / "asvs.md").read_text()))
    assert len(table) > 30
    for row in table:
        assert re.fullmatch(r"`\d+\.\d+\.\d+`", row[0]), row
        for name in codes(row[2]):
            assert written.count(f"\ndef {name}(") == 1, name


# Machine forms


def test_the_worked_examples_of_due_are_what_it_prints() -> None:
    examples = [found for page in PAGES for _, body in fences(page) for found in _HEREDOC.findall(body)]
    assert len(examples) >= 2
    for as_json, given, told in examples:
        if as_json:
            answers = [json.dumps(answer, ensure_ascii=False) for answer, _ in run_due(given.splitlines())]
        else:
            answers = [text for text, _ in explain_due(given.splitlines())]
        assert told.rstrip("\n").splitlines() == "\n".join(answers).splitlines()


def _keys_shown(name: str) -> list[list[str]]:
    """Return the keys of each JSON line under a command's heading."""
    lines = sections(GUIDE / "commands.md")[f"`{name}`"].splitlines()
    return [list(json.loads(line)) for line in lines if line.startswith("{")]


def test_the_lists_in_the_guide_have_the_keys_that_are_printed(tmp_path: Path) -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    place: dict[str, Any] = {"organisation": "o", "mailbox": "m"}
    message = Message(**place, folder="INBOX", received_at=now, stored_at=now, size=1)
    opened: dict[str, Any] = {"received_at": now, "opened_at": now}
    case = Case(**place, **opened, reference="RD-1", status=CaseState.OPEN, requester_address="a", language="en")
    letter = OutboxMail(
        **place,
        template=Template.ACKNOWLEDGEMENT_JOB,
        language="en",
        to_address="a",
        subject="s",
        message_id="<m>",
        sealed_id="-",
        created_at=now,
        next_try_at=now,
    )
    database = open_database(f"sqlite:///{tmp_path}/desk.db")
    upgrade_schema(database)
    with database.reading() as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        session.add_all([message, case, letter])
        session.flush()
        printed = {
            "mail list": next(message_rows(session)),
            "case list": next(case_rows(session)),
            "outbox list": next(letter_rows(session)),
        }
    database.close()
    for name, row in printed.items():
        assert [key for key in row if key != "id"] in _keys_shown(name), name


def test_the_answers_in_the_guide_have_the_keys_that_are_printed() -> None:
    assert list(PollReport("m").row()) in _keys_shown("poll")
    verdict = Verdict("en", (Label.OTHER,), dict.fromkeys(Label, 0.1), Doubt.NONE, "1")
    assert list(answer_of("r-1", verdict)) in _keys_shown("classify")


def test_the_guide_says_into_which_label_each_one_is_folded() -> None:
    for row in rows(sections(ROOT / "docs" / "glossary.md")["Labels"]):
        label, wide = codes(row[0])[0], codes(row[2])[0]
        assert folded([Label(label)]) == (Label(wide),)
