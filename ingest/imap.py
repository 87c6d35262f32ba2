"""A mailbox folder on an IMAP server (RFC 9051), by imapclient.

Reads with PEEK and keeps its own ledger elsewhere: \\Seen means nothing to us. Encryption is as configured or not
at all.
Library and network errors come out as TemporaryFailure or PermanentFailure, with advice and without personal data.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event
from typing import Any

from imapclient import DELETED, SEEN, IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ingest.files import received_line
from ingest.imap_line import REFUSALS, Offers, connect, explained, log_in, offers_of, shut_down
from ingest.source import BATCH_BYTES, BATCH_MAILS, Gone, Listing
from models.errors import DeskError, PermanentFailure, TemporaryFailure
from models.mail import RawMail
from models.organisation import Mailbox
from store.clock import utc_now

_PIECE = 4 * 1024 * 1024
_LIST_PIECE = 50_000  # UIDs asked for at once: imaplib refuses lines above a million bytes
_LOOK_EVERY = 1.0  # seconds between looks at the stop flag while idle
_LONGEST_IDLE = 25 * 60.0  # servers may hang up on who idles for half an hour (RFC 2177, 3)
_LONGEST_QUIET = 5 * 60.0


class ImapMailbox:
    """One folder of one account, over one connection, for one thread."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Take the mailbox; nothing is connected yet."""
        if mailbox.imap is None:
            raise AssertionError
        self._mailbox = mailbox
        self._access = mailbox.imap
        self.folder = mailbox.folder
        self._client: IMAPClient | None = None
        self._offers: Offers | None = None
        self._uidvalidity = 0

    def listing(self) -> Listing:
        """Return UIDVALIDITY and every UID of the folder as it is now."""
        with self._translated():
            client = self._connected()
            selected = self._select(client)
            count = int(selected[b"EXISTS"])
            uids: set[int] = set()
            for start in range(1, count + 1, _LIST_PIECE):
                uids.update(client.search([f"{start}:{min(start + _LIST_PIECE - 1, count)}"]))
            self._uidvalidity = int(selected[b"UIDVALIDITY"])
            return Listing(self._uidvalidity, frozenset(uids))

    def fetch(self, uids: Sequence[int]) -> Iterator[list[RawMail | Gone]]:
        """Yield mails by size: small ones together, large ones alone and in pieces, too large ones as header only."""
        for start in range(0, len(uids), 500):
            with self._translated():
                sizes = self._sizes(uids[start : start + 500])
            for batch in _by_size(uids[start : start + 500], sizes):
                with self._translated():
                    mails = list(self._fetch_batch(batch, sizes))
                yield mails

    def settle(self, uids: Sequence[int]) -> None:
        """Flag or move mails that are safely stored (`after = keep | seen | move:FOLDER`)."""
        if self._mailbox.after == "keep" or not uids:
            return
        with self._translated():
            client = self._selected()
            for start in range(0, len(uids), 500):
                some = list(uids[start : start + 500])
                if self._mailbox.after == "seen":
                    client.add_flags(some, [SEEN], silent=True)
                else:
                    self._move(client, some, self._mailbox.after.removeprefix("move:"))

    def wait(self, seconds: float, stop: Event) -> None:
        """Wait by IDLE (RFC 2177) where offered, at most 25 minutes; else by the clock."""
        if self._client is None or self._offers is None or not self._offers.idle:
            if seconds > _LONGEST_QUIET:
                self.close()  # the server would, and the next look would fail
            stop.wait(seconds)
            return
        with self._translated():
            self._client.idle()
            self._watch(self._client, min(seconds, _LONGEST_IDLE), stop)
            self._client.idle_done()

    def close(self) -> None:
        """Log out, or just drop the line."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(IMAPClientError, OSError):
                client.logout()
            shut_down(client)

    def probe(self) -> tuple[Offers, int]:
        """Connect, log in, select; return what the server offers and how many mails lie there."""
        listing = self.listing()
        if self._offers is None:
            raise AssertionError
        return self._offers, len(listing.uids)

    def _connected(self) -> IMAPClient:
        if self._client is None:
            client = connect(self._access)
            try:
                log_in(client, self._access)
                self._offers = offers_of(client)
            except BaseException:
                shut_down(client)
                raise
            self._client = client
        return self._client

    def _select(self, client: IMAPClient) -> dict[bytes, Any]:
        try:
            answer: dict[bytes, Any] = client.select_folder(self.folder, readonly=self._mailbox.after == "keep")
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            msg = f"{self._server} does not open the folder {self.folder}: check folder, and the rights of the user"
            raise PermanentFailure(msg) from error
        if b"UIDVALIDITY" not in answer:
            msg = (
                f"{self._server} keeps no lasting numbers (UIDVALIDITY) in the folder {self.folder}: it cannot be read"
            )
            raise PermanentFailure(msg)
        return answer

    def _selected(self) -> IMAPClient:
        if self._client is None:
            msg = f"the connection to {self._server} broke"
            raise TemporaryFailure(msg)
        return self._client

    def _sizes(self, uids: Sequence[int]) -> dict[int, int]:
        answers = self._selected().fetch(list(uids), ["RFC822.SIZE"])
        return {uid: int(answers[uid].get(b"RFC822.SIZE") or 0) for uid in uids if uid in answers}

    def _fetch_batch(self, uids: list[int], sizes: dict[int, int]) -> Iterator[RawMail | Gone]:
        together = [uid for uid in uids if sizes.get(uid, 0) <= self._mailbox.max_mail_bytes]
        answers = self._fetch_together(together) if len(together) > 1 else {}
        for uid in uids:
            answer = answers.get(uid, {})
            raw = answer.get(b"BODY[]")
            if raw is not None and len(raw) == sizes.get(uid):
                yield self._raw_mail(uid, raw, answer)
            else:
                yield from self._fetch_one(uid, sizes.get(uid, 0))

    def _fetch_together(self, uids: list[int]) -> dict[int, dict[bytes, Any]]:
        try:
            answers: dict[int, dict[bytes, Any]] = self._selected().fetch(uids, ["BODY.PEEK[]", "INTERNALDATE"])
        except IMAPClientAbortError:
            raise
        except REFUSALS:
            return {}  # one of them is poison to the server: each is asked for alone
        return answers

    def _fetch_one(self, uid: int, size: int) -> Iterator[RawMail | Gone]:
        client = self._selected()
        try:
            answer = dict(client.fetch([uid], ["INTERNALDATE"]).get(uid, {}))
            mail = self._read(client, uid, size, answer) if answer else None
        except IMAPClientAbortError:
            raise
        except REFUSALS:
            return  # the server will not serve it: it stays unaccounted for, and is asked for again at the next poll
        if mail is not None:
            yield mail
        elif not client.search(["UID", str(uid)]):
            yield Gone(uid)

    def _read(self, client: IMAPClient, uid: int, size: int, answer: dict[bytes, Any]) -> RawMail | None:
        """Return a mail in pieces, or its header where it is too large; None where it went away between two answers."""
        whole = bytearray()
        while size <= self._mailbox.max_mail_bytes:
            served = client.fetch([uid], [f"BODY.PEEK[]<{len(whole)}.{_PIECE}>"]).get(uid, {})
            piece = next((value for key, value in served.items() if key.startswith(b"BODY[]")), None)
            if piece is None:
                return None
            whole += piece
            if len(piece) < _PIECE:
                return self._raw_mail(uid, bytes(whole), answer)
            # Some servers announce a size they do not keep: the piece that comes short is the end.
            size = max(size, len(whole))
        header = client.fetch([uid], ["BODY.PEEK[HEADER]"]).get(uid, {}).get(b"BODY[HEADER]")
        if header is None:
            return None
        return replace(self._raw_mail(uid, bytes(header), answer), size=size, is_truncated=True)

    def _raw_mail(self, uid: int, raw: bytes, answer: dict[bytes, Any]) -> RawMail:
        received: datetime | None = answer.get(b"INTERNALDATE")
        # A server that knows no date is the rarest of faults; then its own Received line, or the first sight, counts.
        at = received.astimezone(UTC) if received else received_line(raw) or utc_now()
        return RawMail(raw, at, uid, self._uidvalidity, len(raw))

    def _move(self, client: IMAPClient, uids: list[int], folder: str) -> None:
        try:
            if not client.folder_exists(folder):
                client.create_folder(folder)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            msg = f"{self._server} has no folder {folder} and cannot make it: check `after`"
            raise PermanentFailure(msg) from error
        if self._offers and self._offers.move:
            client.move(uids, folder)
            return
        client.copy(uids, folder)
        client.add_flags(uids, [DELETED], silent=True)
        if self._offers and self._offers.uidplus:
            client.uid_expunge(uids)

    def _watch(self, client: IMAPClient, seconds: float, stop: Event) -> None:
        deadline = time.monotonic() + seconds
        while not stop.is_set() and (left := deadline - time.monotonic()) > 0:
            began, patience = time.monotonic(), min(_LOOK_EVERY, left)
            answers = client.idle_check(timeout=patience)
            if any(b"EXISTS" in answer for answer in answers if isinstance(answer, tuple)):
                return
            # On a closed line imapclient answers nothing, at once, for ever: without this look it would be a busy loop.
            if not answers and time.monotonic() - began < patience / 2:
                msg = f"{self._server} closed the connection while idle"
                raise TemporaryFailure(msg)

    @property
    def _server(self) -> str:
        return f"the IMAP server {self._access.host}:{self._access.port}"

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (*REFUSALS, OSError, DeskError) as error:
            self._drop()
            raise explained(error, self._server) from error
        except BaseException:
            self._drop()  # an answer may be half read: this line is of no more use
            raise

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            shut_down(client)


def _by_size(uids: Sequence[int], sizes: dict[int, int]) -> Iterator[list[int]]:
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = sizes.get(uid, 0)
        if batch and (len(batch) >= BATCH_MAILS or total + size > BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch
