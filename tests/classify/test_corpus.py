from pathlib import Path

import pytest

from classify.corpus import CorpusError, read_corpus
from models.verdict import Label

GOOD = """\
=== en-t-0001
labels: access, portability
scenario: gym-move
register: phone
from: Karen Doyle <k@brightmail.example>
subject: my data pls
attachments: licence_front.jpg, letter.pdf
header: In-Reply-To: <x@y>
name: Karen Doyle
---
send me my data

> quoted

=== en-t-0002
labels: other
scenario: opening-hours
register: plain
from: a@b.example
subject:
---
When do you open?
"""


def corpus(tmp_path: Path, text: str) -> Path:
    folder = tmp_path / "train" / "en"
    folder.mkdir(parents=True)
    (folder / "01-start.mails").write_text(text, encoding="utf-8")
    return tmp_path / "train"


def test_a_block_is_read_with_its_labels_headers_fields_and_blank_lines(tmp_path: Path) -> None:
    first, second = read_corpus(corpus(tmp_path, GOOD))
    assert (first.id, first.language, first.labels) == ("en-t-0001", "en", (Label.ACCESS, Label.PORTABILITY))
    assert first.body == "send me my data\n\n> quoted"
    assert first.attachments == ("licence_front.jpg", "letter.pdf")
    assert first.headers == (("In-Reply-To", "<x@y>"),)
    assert first.annotated("name") == "Karen Doyle"
    assert first.annotated("phone") is None
    assert (second.subject, second.body) == ("", "When do you open?")


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("labels: other", "labels: othr", 15, "unknown label"),
        ("labels: other", "labels: other, access", 15, "stand alone"),
        ("scenario: opening-hours\n", "", 15, "no scenario: line"),
        ("register: plain", "registre: plain", 18, "unknown key 'registre'"),
        ("register: plain", "labels: spam", 18, "repeated key 'labels'"),
        ("subject:\n---", "subject:", 15, "no '---' line"),
        ("=== en-t-0002", "=== en-t-0001", 15, "stands already"),
        ("name: Karen Doyle", "regulation: BDSG", 1, "regulation must be one of"),
        ("name: Karen Doyle", "hints: orphan", 1, "unknown hint"),
        ("=== en-t-0001\n", "", 1, "text before the first"),
    ],
)
def test_a_malformed_block_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, rule: str
) -> None:
    with pytest.raises(CorpusError, match=rf"01-start\.mails:{line}: .*{rule}"):
        read_corpus(corpus(tmp_path, GOOD.replace(old, new)))


def test_an_empty_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no \.mails file"):
        read_corpus(tmp_path)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    folder = corpus(tmp_path, GOOD)
    (folder / "en" / "02-latin.mails").write_bytes("=== en-t-0009\nlabels: Österreich".encode("latin-1"))
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_corpus(folder)


@pytest.mark.parametrize("part", ["train", "heldout"])
def test_the_shipped_corpus_is_well_formed(part: str) -> None:
    mails = read_corpus(Path("corpus") / part)
    assert {mail.language for mail in mails} == {"en", "es", "fr", "de", "it", "pt", "nl", "pl"}
    assert {label for mail in mails for label in mail.labels} == set(Label)


def test_no_held_out_mail_is_a_training_mail() -> None:
    train, heldout = (read_corpus(Path("corpus") / part) for part in ("train", "heldout"))
    bodies = {" ".join(mail.body.lower().split()) for mail in train if mail.body.strip()}
    assert not [mail.id for mail in heldout if mail.body.strip() and " ".join(mail.body.lower().split()) in bodies]


def test_no_scenario_is_on_both_sides() -> None:
    train, heldout = (read_corpus(Path("corpus") / part) for part in ("train", "heldout"))
    assert not {mail.scenario for mail in train} & {mail.scenario for mail in heldout}
