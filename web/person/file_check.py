"""Files from strangers: which are kept, told by their contents, never by their names.

Comes in: the name and bytes of a file. Goes out: a `HandedFile` with a harmless name and its real type, or Refused.
Kept are documents and pictures. Refused are programs, archives, files with macros or scripts, archives that unpack
without end, and files that are two things at once. No file is ever run, shown or unpacked to disk here.
"""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Callable

import puremagic

from cases.handing_in import HandedFile
from models.person import Refusal, Refused

_MOST_PARTS = 1000
_MOST_UNPACKED = 100 * 1024 * 1024
_MOST_GROWTH = 200
"""How many times its packed size a document may be unpacked; office documents reach about fifty."""
_LONGEST_NAME = 80
_PIECE = 64 * 1024
_ZIP_END = b"PK\x05\x06"
# Each name is long enough not to turn up by chance in megabytes of packed data.
_ACTIVE_PDF = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA)\b")
_MARKUP = re.compile(rb"^\s*(?:<[!?a-z]|#!|%!|\{\\rtf)", re.IGNORECASE)
_BAD_PART = re.compile(
    r"(?:^|/)\.\.(?:/|$)|^/|\\|vbaproject|macrosheet|activex|(?:^|/)(?:basic|scripts)/"
    r"|\.(?:exe|dll|js|jse|vbs|wsf|hta|scr|com|bat|cmd|ps1|msi|jar|lnk|zip|rar|7z|gz|docm|dotm|html?|svg)$",
    re.IGNORECASE,
)
_BAD_NAME = re.compile(
    r"\.(?:exe|dll|js|jse|vbs|wsf|hta|scr|com|bat|cmd|ps1|msi|jar|lnk|html?|svg|php|sh|py)\s*$", re.I
)
_HEADER = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,60}:")
_TEXT_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BROKEN = (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, EOFError, ValueError)
"""What `zipfile` raises of an archive that is broken, encrypted, cut off, or packed in a way it does not know."""
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def checked_file(name: str, content: bytes) -> HandedFile:
    """Return a file as it is kept; raises Refused, which tells why it is not."""
    if not content:
        raise Refused(Refusal.EMPTY_FILE)
    if _BAD_NAME.search(name):
        raise Refused(Refusal.UNSAFE)
    ending = _ending_of(content)
    content_type, is_fit = _KINDS[ending]
    if not is_fit(content):
        raise Refused(Refusal.UNSAFE)
    return HandedFile(_plain_name(name, ending), content_type, content)


def _ending_of(content: bytes) -> str:
    """Return the ending that the contents deserve; raises Refused for what is not taken."""
    try:
        found = {match.extension.lower() for match in puremagic.magic_string(content[:_PIECE])}
    except (puremagic.PureError, ValueError):
        found = set()
    known = next((ending for ending, marks in _MARKS.items() if found & marks), "")
    if known:
        return _opened(content) if known == "zip" else known
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    return _text_ending(content)


def _opened(content: bytes) -> str:
    """Return which document a ZIP is; raises Refused for any other archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            is_odt = "content.xml" in names and archive.getinfo("mimetype").file_size < 100
            if is_odt and archive.read("mimetype").strip() == b"application/vnd.oasis.opendocument.text":
                return "odt"
    except (*_BROKEN, KeyError) as error:
        raise Refused(Refusal.UNSAFE) from error
    raise Refused(Refusal.WRONG_TYPE)


def _text_ending(content: bytes) -> str:
    text = _as_text(content)
    if text is None or _MARKUP.match(text[:200].encode()):
        raise Refused(Refusal.WRONG_TYPE)
    head = text.lstrip("\ufeff").partition("\n\n")[0].partition("\r\n\r\n")[0].splitlines()
    names = {line.partition(":")[0].lower() for line in head if _HEADER.match(line)}
    is_mail = bool(head) and _HEADER.match(head[0]) and "from" in names and names & {"date", "received", "message-id"}
    return "eml" if is_mail else "txt"


def _as_text(content: bytes) -> str | None:
    """Return plain text, None for what is none."""
    mark = next((encoding for start, encoding in _TEXT_MARKS if content.startswith(start)), "")
    for encoding in (mark,) if mark else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        is_plain = not any(unicodedata.category(one) == "Cc" and one not in "\t\n\r\f" for one in set(text))
        return text if is_plain else None
    return None


def _is_one_thing(content: bytes) -> bool:
    """Tell whether no archive hangs at the end and no page or program stands at the start."""
    return _ZIP_END not in content[-70_000:] and b"%PDF-" not in content[1:1024] and not _has_markup(content[:1024])


def _has_markup(head: bytes) -> bool:
    return any(mark in head.lower() for mark in (b"<script", b"<html", b"<?php", b"<svg", b"<!doctype"))


def _is_pdf(content: bytes) -> bool:
    ends = b"%%EOF" in content[-2048:]
    return content.startswith(b"%PDF-") and ends and not _ACTIVE_PDF.search(content) and _is_one_thing(content)


def _is_jpeg(content: bytes) -> bool:
    return content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-_PIECE:] and _is_one_thing(content)


def _is_png(content: bytes) -> bool:
    starts = content.startswith(b"\x89PNG\r\n\x1a\n")
    return starts and b"IEND" in content[-16:] and _is_one_thing(content)


def _is_tiff(content: bytes) -> bool:
    return content[:4] in (b"II*\0", b"MM\0*") and _is_one_thing(content)


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS and _is_one_thing(content)


def _is_document(content: bytes) -> bool:
    """Tell whether an office document is whole, has no macros or hidden files, and unpacks to a bounded size."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > _MOST_PARTS or any(_BAD_PART.search(part.filename) for part in parts):
                return False
            return _unpacked(archive, min(_MOST_UNPACKED, len(content) * _MOST_GROWTH)) is not None
    except _BROKEN:
        return False


def _unpacked(archive: zipfile.ZipFile, most: int) -> int | None:
    """Return how large all parts are, read piece by piece whatever they declare; None where that is too large."""
    count = 0
    for part in archive.infolist():
        with archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                count += len(piece)
                if count > most:
                    return None
    return count


def _is_text(content: bytes) -> bool:
    return _as_text(content) is not None


def _plain_name(name: str, ending: str) -> str:
    """Return the name without folders, odd characters and its own ending, with the ending of its contents."""
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or re.split(r"[/\\]", name)[-1]
    shown = "".join(one if one.isalnum() or one in " -_()" else "_" for one in unicodedata.normalize("NFC", stem))
    return f"{' '.join(shown.split())[:_LONGEST_NAME] or 'file'}.{ending}"


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    "pdf": ("application/pdf", _is_pdf),
    "jpg": ("image/jpeg", _is_jpeg),
    "png": ("image/png", _is_png),
    "heic": ("image/heic", _is_heic),
    "tiff": ("image/tiff", _is_tiff),
    "docx": (_DOCX, _is_document),
    "odt": ("application/vnd.oasis.opendocument.text", _is_document),
    "txt": ("text/plain", _is_text),
    "eml": ("message/rfc822", _is_text),
}
"""What is taken: its ending, its type, and what its contents must keep to."""
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.tif,.tiff,.docx,.odt,.txt,.eml"
_MARKS = {
    "pdf": {".pdf"},
    "jpg": {".jpg", ".jpeg", ".jfif", ".jpe"},
    "png": {".png"},
    "heic": {".heic", ".heif"},
    "tiff": {".tif", ".tiff"},
    "zip": {".zip", ".docx", ".odt"},
}
"""The endings by which puremagic knows them."""
