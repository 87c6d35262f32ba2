"""Trying a mailbox for real: log in, look, hang up. Nothing on the server is changed, no mail is sent.

Comes in: a mailbox as it would be used. Goes out: what was found, in words for who set it up, within twenty seconds.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from ingest.imap import ImapMailbox
from ingest.imap_line import certificate_shown as imap_certificate
from ingest.maildir import Maildir
from models.errors import DeskError, PermanentFailure
from models.organisation import Mailbox, ServerAccess
from responders.smtp import SmtpSender
from responders.smtp import certificate_shown as smtp_certificate
from store.tls import certificate_words
from web.desk.office_book import Tried

_PATIENCE = 18.0
"""Seconds until an answer is waited for no more: a page is not to hang longer than twenty."""
_A_STEP = 8.0
_AT_ONCE = threading.BoundedSemaphore(8)


def try_reading(mailbox: Mailbox) -> str:
    """Return what was found in the folder; raises DeskError with advice."""
    if mailbox.imap is None:
        return f"{len(Maildir(mailbox).listing().uids)} mails in the Maildir"
    source = ImapMailbox(mailbox)
    try:
        offers, count = source.probe()
    finally:
        source.close()
    names = [name.upper() for name in ("idle", "move", "uidplus", "condstore") if getattr(offers, name)]
    return f"{count} mails in {mailbox.folder}; the server offers {', '.join(names) or 'none of IDLE, MOVE, UIDPLUS'}"


def try_sending(mailbox: Mailbox) -> str:
    """Return that the server would take mail; raises DeskError with advice."""
    if mailbox.smtp is None:
        raise DeskError(f"mailbox {mailbox.name} has no [mailbox.smtp]: nobody would get an acknowledgement")
    with SmtpSender(mailbox.smtp) as sender:
        sender.connect()
    return f"{mailbox.smtp.host}:{mailbox.smtp.port} takes mail ({mailbox.smtp.tls})"


def tried(mailbox: Mailbox) -> list[Tried]:
    """Return what reading and sending found, both tried at once."""
    hurried = replace(mailbox, imap=_hurried(mailbox.imap), smtp=_hurried(mailbox.smtp))
    looks = [("reading", lambda: try_reading(hurried), hurried.imap, imap_certificate)]
    if hurried.smtp:
        looks.append(("sending", lambda: try_sending(hurried), hurried.smtp, smtp_certificate))
    running = [_Look(part, look, access, shown) for part, look, access, shown in looks]
    for one in running:
        one.start()
    found = [one.result() for one in running]
    missing = Tried("sending", False, "no server for sending: letters would wait in the outbox")
    return found if hurried.smtp else [*found, missing]


def _hurried(access: ServerAccess | None) -> ServerAccess | None:
    return replace(access, timeout_seconds=min(access.timeout_seconds, _A_STEP)) if access else None


class _Look(threading.Thread):
    """One try in a thread of its own, which is left alone where a server or a name server never answers."""

    def __init__(
        self, part: str, look: Callable[[], str], access: ServerAccess | None, shown: Callable[[ServerAccess], bytes]
    ) -> None:
        super().__init__(daemon=True, name=f"trying {part}")
        self._part, self._look, self._access, self._shown = part, look, access, shown
        self._found: Tried | None = None

    def run(self) -> None:
        """Try the part, and keep what was found."""
        with _AT_ONCE:
            try:
                self._found = Tried(self._part, True, self._look())
            except DeskError as error:
                self._found = Tried(self._part, False, f"{error}{self._certificate(error)}")

    def result(self) -> Tried:
        """Wait a while for what was found; return that it took too long otherwise."""
        self.join(_PATIENCE)
        return self._found or Tried(self._part, False, f"no answer within {_PATIENCE:.0f} seconds: check host and port")

    def _certificate(self, error: DeskError) -> str:
        """Return who issued a certificate that was refused: often it says at once what is amiss."""
        if self._access is None or not isinstance(error, PermanentFailure) or "certificate" not in str(error):
            return ""
        try:
            return f". {certificate_words(self._shown(self._access))}"
        except (DeskError, OSError, ValueError):
            return ""
