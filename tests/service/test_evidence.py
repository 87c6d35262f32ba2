"""An evidence pack proves that it is whole, and a letter that was held can be let go."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mailboxes import mailbox
from story import ANA, Story

from cases.arranging import correct_receipt, write_note
from models.errors import NotAllowed, NotFound, PermanentFailure
from models.outbox import OutboxMail, OutboxState
from models.verdict import Kind, Label
from responders.releasing import hold_letter, release_letter
from service.case_records import Shelves
from service.evidence import evidence_pack, note_export, problems_in
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import MasterKey, Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def story(database: Database, vault: Vault, audit: Audit):  # type: ignore[no-untyped-def]
    presence = Presence(database)
    yield Story(database, vault, audit, presence, mailbox(), START)
    presence.leave()


@pytest.fixture
def pack(story: Story, tmp_path: Path) -> Path:
    case = story.receives(Label.ACCESS, text="Please send me my data, Mara.")
    story.does(ANA, case, lambda o: write_note(o, story.vault, "She rang twice."))
    story.post()
    shelves = Shelves((story.mailbox,), story.vault, story.now)
    path = tmp_path / "case.zip"
    with story.database.transaction() as session:
        note_export(session, case, story.audit, story.now, "ana")
    with story.database.reading() as session:
        path.write_bytes(b"".join(evidence_pack(session, case, shelves)))
    assert "evidence_exported" in story.events(case)
    return path


def again(pack: Path, **changes: bytes | None) -> Path:
    """Write the pack anew with files changed, added, or left out."""
    with zipfile.ZipFile(pack) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    names = {name.replace("/", "_").replace(".", "_").replace("-", "_"): name for name in files}
    for key, content in changes.items():
        name = names.get(key, key)
        if content is None:
            del files[name]
        else:
            files[name] = content
    with zipfile.ZipFile(pack, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return pack


def test_a_pack_has_mails_letters_timeline_and_the_reasons_for_its_dates(pack: Path, master: MasterKey) -> None:
    with zipfile.ZipFile(pack) as archive:
        assert b"Please send me my data" in archive.read("received/1.eml")
        assert b"Auto-Submitted: auto-replied" in archive.read("sent/1-sent.eml")
        case = json.loads(archive.read("case.json"))
    assert any("One month after 2 March 2026" in step for step in case["items"][0]["why"])
    assert case["notes"][0]["words"] == "She rang twice."
    assert problems_in(pack) == problems_in(pack, master) == []


def test_every_change_to_a_pack_is_found(pack: Path, master: MasterKey) -> None:
    assert problems_in(again(pack, received_1_eml=b"something else")) == ["received/1.eml was changed"]
    assert problems_in(again(pack, received_1_eml=None)) == ["received/1.eml is missing"]
    assert "late.eml was added" in problems_in(again(pack, **{"late.eml": b"new"}))
    forged = again(pack, manifest_json=b"{}", **{"late.eml": b"new"})
    assert any("not sealed with this key" in problem for problem in problems_in(forged, master))


def test_what_is_no_pack_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"PK nothing")
    with pytest.raises(PermanentFailure, match="no evidence pack"):
        problems_in(tmp_path / "x.zip")


def test_a_held_letter_is_let_go_with_its_message_id_and_a_sent_one_is_not(story: Story) -> None:
    story.receives(Label.ACCESS)
    with story.database.transaction() as session:
        hold_letter(session, story.audit, 1, story.now, "ana")
    assert story.post() == []
    with story.database.transaction() as session:
        before = session.get(OutboxMail, 1)
        assert before is not None
        message_id = before.message_id
        release_letter(session, story.audit, 1, story.now, "ana")
    (sent,) = story.post()
    assert (sent.message_id, sent.state) == (message_id, OutboxState.SENT)
    with story.database.transaction() as session, pytest.raises(NotAllowed, match="is sent"):
        release_letter(session, story.audit, 1, story.now, "ana")
    with story.database.transaction() as session, pytest.raises(NotFound):
        hold_letter(session, story.audit, 99, story.now, "ana")


def test_the_day_of_receipt_is_put_right_with_a_reason(story: Story) -> None:
    case = story.at("2026-03-09").receives(Label.ACCESS)
    really = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
    with pytest.raises(NotAllowed, match="reason must be recorded"):
        story.does(ANA, case, lambda o: correct_receipt(o, really, why=""))
    with pytest.raises(NotAllowed, match="in the future"):
        story.does(ANA, case, lambda o: correct_receipt(o, datetime(2026, 4, 1, tzinfo=UTC), why="typo"))
    story.does(ANA, case, lambda o: correct_receipt(o, really, why="support had it since Tuesday"))
    assert str(story.due(case, Kind.ACCESS)) == "2026-04-07"
    assert {"receipt_corrected", "due_changed"} <= set(story.events(case))
