"""What to try while the demo stays up: writing mails of one's own, and looking at what became of them."""

from pathlib import Path
from string import Template

from service.demo.imap_host import LOOPBACK
from service.demo.organisations import MAILBOXES
from service.demo.servers import MailProvider
from service.settings import Settings


def guide(settings: Settings, provider: MailProvider, url: str, desk_password: str) -> str:
    """Return the text, with commands to be copied."""
    text = Path(__file__).with_name("guide.txt").read_text(encoding="utf-8")
    return Template(text).substitute(
        addresses=", ".join(MAILBOXES.values()),
        admin=MAILBOXES["admin"],
        contact=MAILBOXES["contact"],
        host=LOOPBACK,
        imap_port=provider.imap_port,
        smtp_port=provider.smtp_port,
        password=provider.password,
        ca_file=provider.ca_file,
        letters=provider.letters,
        config=settings.path,
        folder=settings.path.parent,
        url=url,
        desk_password=desk_password,
    )
