"""A Maildir folder as a source: each file a mail, its delivery time that of the file.

A file's unique name (the part before ':') becomes its UID by a stable 63-bit digest, so that moving it from `new` to
`cur` or flagging it changes nothing. UIDVALIDITY is 1 always.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from ingest.files import HEADER_BYTES, header_of
from ingest.source import BATCH_BYTES, BATCH_MAILS, Gone, Listing
from models.errors import PermanentFailure, TemporaryFailure
from models.mail import RawMail
from models.organisation import Mailbox


class Maildir:
    """One Maildir."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take the mailbox; the folder is looked at when it is listed."""
        if mailbox.maildir is None:
            raise AssertionError
        self._mailbox = mailbox
        self._root = mailbox.maildir
        self.folder = mailbox.folder
        self._files: dict[int, Path] = {}

    def listing(self) -> Listing:
        """Return every mail in `new` and `cur`."""
        try:
            files = [path for part in ("new", "cur") for path in _mails_below(self._root / part)]
        except (FileNotFoundError, NotADirectoryError) as error:
            msg = f"mailbox {self._mailbox.name}: {self._root} is no Maildir (it has no folders new and cur)"
            raise PermanentFailure(msg) from error
        except OSError as error:
            raise self._failure("cannot be read", error) from error
        self._files = {_uid(path.name): path for path in files}
        return Listing(1, frozenset(self._files))

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail | Gone]]:
        """Yield mails in batches, oldest first."""
        batch: list[RawMail | Gone] = []
        size = 0
        for uid in sorted(uids, key=lambda uid: _delivered(self._files.get(uid))):
            mail = self._read(uid)
            if mail is None:
                continue
            batch.append(mail)
            size += len(mail.raw) if isinstance(mail, RawMail) else 0
            if len(batch) == BATCH_MAILS or size >= BATCH_BYTES:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def settle(self, uids: Sequence[int]) -> None:
        """Mark as seen, or move to another Maildir (`after`)."""
        if self._mailbox.after == "keep":
            return
        try:
            target = self._target()
            for uid in uids:
                path = self._find(uid)
                if path is not None:
                    with contextlib.suppress(FileNotFoundError):  # somebody else was quicker
                        path.rename(target / _seen(path.name))
        except OSError as error:
            raise self._failure("does not take the mark or move (`after`)", error) from error

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait by the clock."""
        stop.wait(seconds)

    def close(self) -> None:
        """Hold nothing open."""

    def _target(self) -> Path:
        """Return where settled mail lies, made where needed as Maildir++ folders are."""
        if not self._mailbox.after.startswith("move:"):
            return self._root / "cur"
        folder = self._root / f".{self._mailbox.after.removeprefix('move:')}"
        for part in ("tmp", "new", "cur"):
            (folder / part).mkdir(parents=True, exist_ok=True)
        return folder / "cur"

    def _read(self, uid: int) -> RawMail | Gone | None:
        path = self._find(uid)
        if path is None:
            return Gone(uid)
        try:
            with path.open("rb") as file:
                status = os.fstat(file.fileno())
                too_large = status.st_size > self._mailbox.max_mail_bytes
                raw = header_of(file.read(HEADER_BYTES)) if too_large else file.read()
        except OSError:
            return None  # renamed just now, or unreadable: stays unaccounted for, and is tried again
        received = datetime.fromtimestamp(status.st_mtime, UTC)
        return RawMail(raw, received, uid, 1, status.st_size, is_truncated=too_large)

    def _find(self, uid: int) -> Path | None:
        path = self._files.get(uid)
        if path is None or path.exists():
            return path
        self.listing()  # another program flagged it: the same mail under a new name
        return self._files.get(uid)

    def _failure(self, what: str, error: OSError) -> TemporaryFailure:
        return TemporaryFailure(f"mailbox {self._mailbox.name}: the Maildir {what} ({error.strerror})")


def _mails_below(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry) for entry in entries if entry.name[0] != "." and entry.is_file()]


def _seen(name: str) -> str:
    unique, _, flags = name.partition(":2,")
    return f"{unique}:2,{''.join(sorted(set(flags) | {'S'}))}"


def _uid(name: str) -> int:
    unique = name.partition(":")[0]
    return int.from_bytes(hashlib.sha256(unique.encode("utf-8", "surrogateescape")).digest()[:8]) >> 1


def _delivered(path: Path | None) -> float:
    try:
        return path.stat().st_mtime if path else 0.0
    except OSError:
        return 0.0
