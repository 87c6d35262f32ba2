"""Files from strangers: documents and pictures are taken, whatever can act, hides or bursts is not."""

from contextlib import suppress

import pytest
from handed_files import DOCX, DOCX_PARTS, EML, HEIC, JPEG, ODT, ODT_PARTS, PDF, PNG, TEXT, TIFF, zipped
from hypothesis import given
from hypothesis import strategies as st

from models.person import Refusal, Refused
from web.person.file_check import checked_file


def why(name: str, content: bytes) -> Refusal:
    with pytest.raises(Refused) as caught:
        checked_file(name, content)
    return caught.value.why


@pytest.mark.parametrize(
    ("content", "ending", "content_type"),
    [
        (PDF, "pdf", "application/pdf"),
        (JPEG, "jpg", "image/jpeg"),
        (PNG, "png", "image/png"),
        (HEIC, "heic", "image/heic"),
        (TIFF, "tiff", "image/tiff"),
        (DOCX, "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (ODT, "odt", "application/vnd.oasis.opendocument.text"),
        (TEXT, "txt", "text/plain"),
        ("Łódź, 7 marca".encode("utf-16"), "txt", "text/plain"),
        ("Grüße".encode("cp1252"), "txt", "text/plain"),
        (EML, "eml", "message/rfc822"),
        (b"BMW is the car I bought.", "txt", "text/plain"),
    ],
)
def test_documents_and_pictures_are_taken_for_what_they_are(content: bytes, ending: str, content_type: str) -> None:
    for name in ("my file.pdf", "my file", "my file.jpeg"):
        found = checked_file(name, content)
        assert (found.name, found.content_type, found.content) == (f"my file.{ending}", content_type, content)


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00" + b"\0" * 200,
        b"\x7fELF\x02\x01\x01" + b"\0" * 200,
        b"\xca\xfe\xba\xbe" + b"\0" * 50,
        b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        b"  <svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"#!/bin/sh\nrm -rf /",
        b"{\\rtf1\\ansi{\\object}}",
        b"%!PS-Adobe-3.0",
        b"GIF89a" + b"\0" * 30,
        b"Rar!\x1a\x07\x00" + b"\0" * 30,
        b"7z\xbc\xaf\x27\x1c" + b"\0" * 30,
        b"\x1f\x8b\x08" + b"\0" * 30,
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        zipped({"a.txt": b"hello"}),
        zipped({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<Types/>"}),
        b"text with \x07 a bell",
        b"\0" * 100,
    ],
)
def test_programs_pages_scripts_and_archives_are_not_taken(content: bytes) -> None:
    for name in ("passport.pdf", "photo.jpg", "text.txt"):
        assert why(name, content) in (Refusal.WRONG_TYPE, Refusal.UNSAFE)


@pytest.mark.parametrize(
    "content",
    [
        PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        PDF.replace(b"/Catalog", b"/Catalog/Names<</EmbeddedFiles 3 0 R>>"),
        PDF.replace(b"/Catalog", b"/Catalog/AA<</O<</S/Launch/F(cmd.exe)>>>>"),
        PDF[:40],
        PDF + zipped({"evil.class": b"x"}),
        JPEG + zipped({"evil.class": b"x"}),
        PNG + b"\n<?php system($_GET['c']); ?>" + b" " * 40,
        PNG + zipped({"evil.js": b"x"}),
        JPEG[:20] + b"<script>alert(1)</script>" + JPEG[20:],
        HEIC + zipped({"a": b"x"}),
        zipped(DOCX_PARTS | {"word/vbaProject.bin": b"macro"}),
        zipped(DOCX_PARTS | {"word/embeddings/run.exe": b"MZ"}),
        zipped(DOCX_PARTS | {"../../etc/cron.d/x": b"* * * * *"}),
        zipped(DOCX_PARTS | {"inner.zip": zipped({"a": b"b"})}),
        zipped(ODT_PARTS | {"Basic/Standard/Module1.xml": b"Sub Main"}),
        zipped(DOCX_PARTS | {"word/media/bomb.bin": b"\0" * 30_000_000}),
        zipped(DOCX_PARTS | {f"word/{number}.xml": b"" for number in range(1200)}),
        b"MZ" + DOCX,
        DOCX[: len(DOCX) // 2],
    ],
)
def test_documents_that_act_hide_burst_or_are_broken_are_not_taken(content: bytes) -> None:
    assert why("letter.docx", content) in (Refusal.UNSAFE, Refusal.WRONG_TYPE)


def test_a_document_that_lies_about_its_size_is_not_taken() -> None:
    honest = zipped(DOCX_PARTS | {"word/media/a.bin": b"\0" * 3_000_000})
    lying = honest.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert why("a.docx", lying) is Refusal.UNSAFE


@pytest.mark.parametrize("name", ["invoice.pdf.exe", "a.JS", "x.html", "run.bat ", "pic.svg", "link.lnk"])
def test_a_name_that_runs_is_not_taken(name: str) -> None:
    assert why(name, TEXT) is Refusal.UNSAFE


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\mara\\Ausweis.pdf", "Ausweis.pdf"),
        ('a"; filename="b.exe\r\nX: y', None),
        ("\u202efdp.tpircs", "_fdp.pdf"),
        ("   ", "file.pdf"),
        (".", "_.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
        ("Zażółć gęślą.pdf", "Zażółć gęślą.pdf"),
    ],
)
def test_names_are_made_harmless(name: str, kept: str | None) -> None:
    found = checked_file(name, PDF).name
    assert not set(found) & set('"\r\n/\\;\0\u202e')
    assert kept is None or found == kept


def test_an_empty_file_is_told_as_such() -> None:
    assert why("a.pdf", b"") is Refusal.EMPTY_FILE


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"From: a\n"]))
def test_whatever_comes_is_taken_or_refused_and_nothing_else_happens(content: bytes, start: bytes) -> None:
    with suppress(Refused):
        assert checked_file("x", start + content).content == start + content
