"""Mail from files: .eml, mbox and Maildir folders, for `rightsdesk import`.

The time of receipt is the topmost Received line, else the mbox envelope line, else the file's own time; never the
sender's Date.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

from models.errors import PermanentFailure
from models.mail import RawMail

HEADER_BYTES = 256 * 1024
"""How much of a mail over the limit is looked at for its header."""
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_DATED_ENVELOPE = re.compile(rb"^From .*\d\d?:\d\d.*\d{4}", re.MULTILINE)
_RECEIVED = re.compile(rb"^Received:((?:[^\n]*\n[ \t])*[^\n]*)", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")


def mails_in(path: Path, max_bytes: int) -> Iterator[RawMail]:
    """Yield the mails of a file or folder, oldest file first.

    Raises PermanentFailure where there is nothing to read, and after all the others for files that cannot be read.
    """
    unreadable: list[OSError] = []
    for file in _files_in(path, unreadable):
        try:
            yield from _mails_of(file, max_bytes)
        except OSError as error:
            unreadable.append(error)
    if unreadable:
        more = f" (and {len(unreadable) - 1} others)" if len(unreadable) > 1 else ""
        msg = f"{unreadable[0].filename or path} cannot be read: {unreadable[0].strerror}{more}"
        raise PermanentFailure(msg) from unreadable[0]


def header_of(raw: bytes) -> bytes:
    """Return the header of a mail with the blank line that ends it."""
    found = _BLANK_LINE.search(raw)
    return raw[: found.end()] if found else raw


def received_line(raw: bytes) -> datetime | None:
    """Return the time of the topmost Received header (RFC 5321, 4.4), None where it is missing or unusable."""
    found = _RECEIVED.search(header_of(raw[:HEADER_BYTES]))
    return _date(found.group(1).rpartition(b";")[2]) if found else None


def _files_in(path: Path, unreadable: list[OSError]) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = sorted((file.stat().st_mtime, file) for file in _walk(path, unreadable))
    except OSError as error:
        unreadable.append(error)
        return []
    if not found and not unreadable:
        msg = f"{path} holds no mail: name .eml files, an mbox or a Maildir"
        raise PermanentFailure(msg)
    return [file for _, file in found]


def _walk(folder: Path, unreadable: list[OSError]) -> Iterator[Path]:
    """Yield every file below a folder but hidden ones; of a Maildir, what was delivered and not what is on its way."""
    for place, folders, names in os.walk(folder, onerror=unreadable.append):
        is_maildir = {"cur", "new"} <= set(folders)
        folders[:] = [name for name in folders if name[0] != "." and not (is_maildir and name == "tmp")]
        files = (Path(place, name) for name in names if name[0] != "." and not is_maildir)
        yield from (file for file in files if file.is_file())


def _mails_of(path: Path, max_bytes: int) -> Iterator[RawMail]:
    if _is_mbox(path):
        yield from _mbox(path, max_bytes)
    else:
        yield _single(path, max_bytes)


def _is_mbox(path: Path) -> bool:
    """Tell whether a file opens as an mbox does, perhaps after lines that are no mail."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES).lstrip()
    return head.startswith(b"From ") or (not _FIELD.match(head) and _DATED_ENVELOPE.search(head) is not None)


def _single(path: Path, max_bytes: int) -> RawMail:
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        too_large = status.st_size > max_bytes
        raw = header_of(file.read(HEADER_BYTES)) if too_large else file.read()
    received = received_line(raw) or datetime.fromtimestamp(status.st_mtime, UTC)
    return RawMail(raw, received, size=status.st_size, is_truncated=too_large)


def _mbox(path: Path, max_bytes: int) -> Iterator[RawMail]:
    """Yield the mails of an mbox (RFC 4155), undoing the `>From ` quoting."""
    fallback = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    envelope, size = b"", 0
    lines: list[bytes] = []
    was_blank = False
    with path.open("rb") as file:
        for line in file:
            if (was_blank or not envelope) and _is_envelope(line, envelope):
                if envelope:
                    yield _from_mbox(envelope, lines, size, max_bytes, fallback)
                envelope, lines, size = line, [], 0
            else:
                size += len(line)
                if size <= max_bytes:
                    lines.append(line[1:] if re.match(rb">+From ", line) else line)
            was_blank = line.strip() == b""
    if envelope:
        yield _from_mbox(envelope, lines, size, max_bytes, fallback)


def _is_envelope(line: bytes, previous: bytes) -> bool:
    # Not every program quotes a "From " in a text: where envelopes carry a date, a line without one is no envelope.
    wants_date = _DATED_ENVELOPE.match(previous) is not None
    return line.startswith(b"From ") and (not wants_date or _DATED_ENVELOPE.match(line) is not None)


def _from_mbox(envelope: bytes, lines: list[bytes], size: int, max_bytes: int, fallback: datetime) -> RawMail:
    raw = b"".join(lines)
    if raw.endswith((b"\n\n", b"\r\n\r\n")):
        raw = raw.removesuffix(b"\n").removesuffix(b"\r")  # the blank line between two mails belongs to the mbox
    received = received_line(raw) or _envelope_date(envelope) or fallback
    if size > max_bytes:
        return RawMail(header_of(raw), received, size=size, is_truncated=True)
    return RawMail(raw, received, size=len(raw))


def _envelope_date(line: bytes) -> datetime | None:
    parts = line.split(maxsplit=2)
    return _date(parts[2]) if len(parts) == 3 else None


def _date(text: bytes) -> datetime | None:
    """Return an instant, in UTC where no zone is given, as mbox envelopes are (RFC 4155, A)."""
    try:
        date = parsedate_to_datetime(" ".join(text.decode("ascii", "replace").split()))
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
