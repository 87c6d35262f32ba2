"""The two invented organisations of the demo, their mailboxes, and the configuration that reads them.

Comes in: a running mail provider. Goes out: a folder with rightsdesk.toml, key and password, as any office has them.
"""

import socket
from pathlib import Path
from string import Template

from service.demo.imap_host import LOOPBACK
from service.demo.servers import MailProvider
from service.settings import Settings, load_settings
from store.vault import write_key_file

MAILBOXES = {
    "admin": "admin@solvendra.example",
    "contact": "contact@tindrello.example",
    "privacy": "privacy@tindrello.example",
}
"""Name and address of each; contact and privacy belong to one organisation: a mail to both is one request."""

_WEB = Template("""
[web]
port = $port
""")

_MAILBOX = Template("""
[[mailbox]]
name = "$name"
organisation = "$organisation"
address = "$address"
poll_seconds = 2

[mailbox.imap]
host = "$host"
port = $imap_port
tls = "starttls"
user = "$address"
password_file = "mail.password"
ca_file = "ca.pem"

[mailbox.smtp]
host = "$host"
port = $smtp_port
tls = "starttls"
user = "$address"
password_file = "mail.password"
ca_file = "ca.pem"
""")


def write_office(folder: Path, provider: MailProvider) -> Settings:
    """Write key, password and configuration into a folder, and return what the configuration says."""
    write_key_file(folder / "rightsdesk.key")
    password_file, config = folder / "mail.password", folder / "rightsdesk.toml"
    password_file.touch(0o600)
    password_file.write_text(provider.password, encoding="utf-8")
    config.write_text(_configuration(provider), encoding="utf-8")
    # Variables that were set for another desk must not reach into this one.
    return load_settings(config, environment={})


def _configuration(provider: MailProvider) -> str:
    office = Path(__file__).with_name("organisations.toml").read_text(encoding="utf-8")
    mailboxes = (_mailbox(name, address, provider) for name, address in MAILBOXES.items())
    return office + _WEB.substitute(port=_free_port()) + "".join(mailboxes)


def _mailbox(name: str, address: str, provider: MailProvider) -> str:
    return _MAILBOX.substitute(
        name=name,
        address=address,
        organisation=address.partition("@")[2].partition(".")[0],
        host=LOOPBACK,
        imap_port=provider.imap_port,
        smtp_port=provider.smtp_port,
    )


def _free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
