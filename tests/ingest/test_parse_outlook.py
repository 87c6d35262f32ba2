"""Attached messages of Outlook (.msg): opened as attached mails are, whatever a stranger's file holds."""

import random
import struct

import pytest
from builders import mail
from compound import compound, outlook
from olefile import DEFECT_INCORRECT, OleFileIO

from ingest.mime.outlook import MAX_BYTES, MAX_FILES, mail_in
from ingest.parse import attached_mail, attachment_bytes, parse

REQUEST = outlook(
    subject="Löschung meiner Daten",
    text="Bitte löschen Sie „alles“ – Ihr\r\nMax",
    sender=("Max Muster", "max@mail.example"),
    headers="Message-ID: <a1@mail.example>\r\nDate: Mon, 02 Mar 2026 09:00:00 +0100\r\nTo: shop@example.org\r\n",
    files=(("ausweis.pdf", b"%PDF-1.7 " * 900), ("notiz.txt", b"kurz")),
)
NESTED = outlook(
    subject="Outer", text="see below", files=(("m", outlook(subject="Inner", text="mine", is_inner=True)),)
)


def test_the_files_of_these_tests_are_what_others_read_too() -> None:
    with OleFileIO(compound(REQUEST), raise_defects=DEFECT_INCORRECT) as file:
        assert file.parsing_issues == []
        assert file.openstream("__substg1.0_0037001F").read().decode("utf-16-le") == "Löschung meiner Daten"
        assert file.openstream("__attach_version1.0_#00000000/__substg1.0_37010102").read() == b"%PDF-1.7 " * 900


def test_a_message_of_outlook_has_sender_subject_text_and_files() -> None:
    found = parse(mail_in(compound(REQUEST)) or b"")
    assert (found.subject, found.message_id) == ("Löschung meiner Daten", "<a1@mail.example>")
    assert [(one.name, one.address) for one in found.from_] == [("Max Muster", "max@mail.example")]
    assert found.body.text == "Bitte löschen Sie „alles“ – Ihr\nMax"
    assert [(one.name, one.size) for one in found.attachments] == [("ausweis.pdf", 8100), ("notiz.txt", 4)]
    assert attachment_bytes(mail_in(compound(REQUEST)) or b"", 0) == b"%PDF-1.7 " * 900


@pytest.mark.parametrize(
    ("tree", "text"),
    [
        (outlook(text="Удалите мои данные", narrow="1251"), "Удалите мои данные"),
        (outlook(html="<p>Grüße</p>".encode()), "Grüße"),
        (outlook(), ""),
    ],
    ids=["a code page", "HTML alone", "nothing"],
)
def test_the_text_is_read_in_whatever_form_it_is_kept(tree: dict[str, object], text: str) -> None:
    assert parse(mail_in(compound(tree)) or b"").body.text == text  # type: ignore[arg-type]


def test_a_mail_passed_on_as_an_outlook_file_reads_as_one_passed_on() -> None:
    raw = mail("", subject="Fwd: Löschung", attachments=(("Löschung.msg", compound(REQUEST)),))
    found = parse(raw)
    assert found.body.forwarded
    assert found.body.forwarded.sender
    assert found.body.forwarded.sender.address == "max@mail.example"
    assert found.body.forwarded.text.startswith("Bitte löschen Sie")
    assert [one.name for one in found.attachments] == ["Löschung.msg"]
    assert attachment_bytes(raw, 0) == compound(REQUEST), "the file itself stays as it came"


def test_a_message_inside_a_message_is_opened_and_an_endless_nest_is_not() -> None:
    outer = mail_in(compound(NESTED)) or b""
    assert [one.name for one in parse(outer).attachments] == ["Inner.eml"]
    assert parse(attached_mail(outer, 0) or b"").body.text == "mine"
    tree = outlook(text="the last", is_inner=True)
    for _ in range(20):
        tree = outlook(text="and one more", is_inner=True, files=(("m", tree),))
    assert b"the last" not in (mail_in(compound(outlook(files=(("m", tree),)))) or b"")


def test_a_header_cannot_be_smuggled_in_by_an_outlook_file() -> None:
    tree = outlook(
        subject="Hi\r\nBcc: x@evil.example\r\n\r\n--=_outlook-0", sender=('Max"\r\nX: y', "max@mail.example")
    )
    found = parse(mail_in(compound(tree)) or b"")
    assert found.header("bcc") == found.header("x") == ""
    assert [one.address for one in found.from_] == ["max@mail.example"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a compound file",
        compound(REQUEST)[:8],
        compound(REQUEST)[:700],
        compound({"WordDocument": b"an old letter"}),
        compound(REQUEST) + bytes(MAX_BYTES),
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 2048,
    ],
    ids=["nothing", "another file", "its first bytes", "half", "a document", "too large", "garbage"],
)
def test_what_cannot_be_opened_is_told_and_the_rest_of_the_mail_is_read(data: bytes) -> None:
    found = parse(mail("Please see the file.", attachments=(("message.msg", data),)))
    assert found.body.text == "Please see the file."
    assert not found.unreadable
    assert "an attached Outlook message could not be opened" in found.defects
    assert [one.name for one in found.attachments] == ["message.msg"]


def test_no_damage_makes_reading_fail() -> None:
    whole, dice = compound(NESTED), random.Random(7)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(dice.choice([1, 4, 16])):
            damaged[dice.choice([dice.randrange(8, 512), dice.randrange(len(whole))])] = dice.choice([0, 255, 127])
        opened = mail_in(bytes(damaged))
        assert opened is None or not parse(opened).unreadable


def test_a_stream_that_is_named_many_times_is_not_read_without_end() -> None:
    many = outlook(files=tuple((f"{number}.bin", b"x" * 5000) for number in range(MAX_FILES + 20)))
    assert len(parse(mail_in(compound(many)) or b"").attachments) == MAX_FILES
    data = bytearray(compound(outlook(files=tuple((f"{number}.bin", b"x" * 40_000) for number in range(MAX_FILES)))))
    name = "__substg1.0_37010102".encode("utf-16-le")
    first = data.index(name)
    at = first
    while at >= 0:  # each file is said to be that first one, in as many bytes as there are
        data[at + 116 : at + 120] = data[first + 116 : first + 120]
        data[at + 120 : at + 124] = struct.pack("<I", len(data) - 4096)
        at = data.find(name, at + 1)
    assert mail_in(bytes(data)) is None
