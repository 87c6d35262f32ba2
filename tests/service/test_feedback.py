"""Corrections by staff: the case follows, a new model learns, and only one that is no worse is switched on."""

import json
from pathlib import Path

import pytest
from builders import mail
from conftest import Command, on_sqlite
from dovecot import Dovecot
from listener import Listener

from classify.corpus import CORRECTED, CorpusMail
from classify.model_files import PACKAGED
from classify.shelf import Shelf
from ingest.parse import parse
from models.errors import NotAllowed
from models.verdict import Label
from service.feedback import Corrected, learn
from service.training import train

pytestmark = pytest.mark.slow

QUESTION = mail("When do you open on Saturday? And is there a car park?", subject="Opening times", message_id="<q@x>")
TRAIN = Path("corpus/train")


def part(folder: Path, language: str, count: int, corpus: Path = TRAIN) -> Path:
    """The first mails of a language, as a corpus of their own."""
    text = min((corpus / language).glob("*.mails")).read_text(encoding="utf-8")
    (folder / language).mkdir(parents=True)
    blocks = ("\n" + text).split("\n=== ")[1 : count + 1]
    (folder / language / "01.mails").write_text("".join(f"=== {block}\n" for block in blocks), encoding="utf-8")
    return folder


def corrected(label: Label) -> Corrected:
    taught = CorpusMail("correction 1", "en", (label,), "correction 1", CORRECTED, "", "", "")
    return Corrected(taught, parse(QUESTION), ("other",))


@on_sqlite
def test_a_corrected_mail_gets_its_case_and_its_letter(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    dovecot.append(QUESTION)
    rightsdesk("poll", "--once", "--json")
    shown = rightsdesk("mail", "correct", "1", "access", "--json")
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["outcome"] == "case"
    rightsdesk("poll", "--once", "--json")
    assert len(listener.mails) == 1
    assert rightsdesk("audit", "verify").returncode == 0
    again = rightsdesk("mail", "correct", "7", "access")
    assert (again.returncode, again.stderr) == (
        1,
        "rightsdesk: there is no message 7; `rightsdesk mail list` shows them all\n",
    )


def test_a_model_that_judges_worse_is_not_switched_on(tmp_path: Path) -> None:
    shelf, said = Shelf(tmp_path / "models"), []
    corpus = part(tmp_path / "small", "en", 40)
    frozen = part(tmp_path / "frozen", "en", 50, Path("corpus/heldout"))
    assert not learn([corrected(Label.ACCESS)], shelf, corpus, frozen, said.append)
    assert shelf.in_use() == PACKAGED
    assert "said other, is access: 1" in said
    assert any(line.startswith("not switched on") for line in said)


def test_a_model_that_judges_no_worse_is_switched_on_and_taken_back(tmp_path: Path) -> None:
    shelf, said = Shelf(tmp_path / "models"), []
    poor = tmp_path / "poor"
    train(part(tmp_path / "other", "de", 30), poor)
    shelf.use(shelf.put(poor))
    corpus = part(tmp_path / "small", "en", 60)
    assert learn([corrected(Label.OTHER)], shelf, corpus, corpus, said.append)
    (_, _), (old, _), (new, is_used) = shelf.versions()
    assert is_used
    assert f"model {new} is in use from now on; `rightsdesk model back` takes it back" in said
    assert shelf.back() == old


def test_without_corrections_there_is_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="mail correct"):
        learn([], Shelf(tmp_path), TRAIN, TRAIN)
