"""Bytes of a mail made fit for a parser, where a small damage at the top would turn all headers into text.

Blank lines and marks before the first header, a foreign line among the headers, a file saved as UTF-16. A mail
without any headers is all text.
"""

import re

MAX_HEADER = 1024 * 1024

_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_KNOWN = re.compile(
    rb"^(?:from|to|cc|subject|date|message-id|received|return-path|delivered-to|reply-to|sender|mime-version"
    rb"|content-type|authentication-results|x-[a-z-]+|list-[a-z]+|auto-submitted|in-reply-to|references)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_FOREIGN_LINE = re.compile(rb"^(?![!-9;-~]+[ \t]*:|[ \t]|\r?$)", re.MULTILINE)
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|$)")


def mended(raw: bytes) -> bytes:
    """Return the bytes to parse; the mail itself is kept elsewhere as it came."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw = raw.decode("utf-16", "replace").encode("utf-8")
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    end = _HEADER_END.search(text, 0, MAX_HEADER)
    header = text[: end.start()] if end else text[:MAX_HEADER]
    if _KNOWN.match(header) and not _FOREIGN_LINE.search(header):
        return text
    known = list(_KNOWN.finditer(header))
    if not known or (len(known) == 1 and not _FIELD.match(header)):
        return b"\n" + raw
    return _without_foreign_lines(header, known[-1].start()) + text[len(header) :]


def _without_foreign_lines(header: bytes, last_known: int) -> bytes:
    """Make a header of each foreign line between headers; below the last known header, it begins the text."""
    kept: list[bytes] = []
    at = 0
    for number, line in enumerate(_LINES.findall(header)):
        if _belongs(line, number):
            kept.append(line)
        elif at > last_known:
            return b"".join(kept) + b"\n" + header[at:]
        else:
            kept.append(b"X-Unreadable-Line: " + line)
        at += len(line)
    return b"".join(kept)


def _belongs(line: bytes, number: int) -> bool:
    """Tell whether a line is a header, goes on with one, or is the envelope line of an mbox."""
    is_envelope = number == 0 and line.startswith(b"From ")
    return not line or is_envelope or (number > 0 and line[:1] in b" \t") or _FIELD.match(line) is not None
