"""What every contender meets: one private Dovecot with the mails in it, one SMTP server that takes the letters."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import trustme
from letterbox import Letterbox
from mailbag import BenchmarkMail

# The tests' Dovecot; at the end of the path, so that no folder of the tests hides one of our packages.
sys.path.append(str(Path(__file__).parent.parent / "tests"))

from dovecot import PASSWORD, USER, Dovecot  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from imapclient import IMAPClient


@dataclass(frozen=True, slots=True)
class Stage:
    """The servers, and what to tell a contender about them."""

    dovecot: Dovecot
    letterbox: Letterbox

    @property
    def facts(self) -> dict[str, str]:
        return {
            "IMAP_PORT": str(self.dovecot.port),
            "IMAP_USER": USER,
            "IMAP_PASSWORD": PASSWORD,
            "SMTP_PORT": str(self.letterbox.port),
            "CA_FILE": str(self.dovecot.ca_file),
        }

    def deliver(self, mails: Sequence[BenchmarkMail]) -> None:
        """Make the mailbox hold these mails and nothing else."""
        with self.dovecot.client() as client:
            _empty(client)
        self.dovecot.append(*(mail.raw for mail in mails))


def _empty(client: "IMAPClient") -> None:
    uids = client.search(["ALL"])
    if uids:
        client.delete_messages(uids, silent=True)
        client.expunge()


@contextmanager
def opened_stage() -> Iterator[Stage]:
    dovecot = Dovecot(trustme.CA())
    try:
        dovecot.start()
        with Letterbox(dovecot.folder / "cert.pem", dovecot.folder / "key.pem") as letterbox:
            yield Stage(dovecot, letterbox)
    finally:
        dovecot.remove()
