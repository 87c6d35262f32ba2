"""Organisations and mailboxes as values, for tests that need no configuration file."""

from dataclasses import replace
from pathlib import Path

from dovecot import PASSWORD, USER, Dovecot

from models.organisation import Mailbox, Organisation, Regime, ServerAccess, TlsMode


def organisation(slug: str = "example", **changes: object) -> Organisation:
    plain = Organisation(
        slug=slug,
        name="Example Ltd",
        address="1 High Street, London",
        regime=Regime.UK,
        country="GB-ENG",
        timezone="Europe/London",
        languages=("en", "es", "fr", "de"),
        contact="privacy@example.org",
        lead_authority="GB",
    )
    return replace(plain, **changes)


def mailbox(name: str = "contact", **changes: object) -> Mailbox:
    plain = Mailbox(name, organisation(), "contact@example.org", "Europe/London")
    return replace(plain, **changes)


def access(port: int, ca_file: Path | None = None, **changes: object) -> ServerAccess:
    plain = ServerAccess("127.0.0.1", port, TlsMode.STARTTLS if ca_file else TlsMode.NONE, ca_file=ca_file)
    return replace(plain, **changes)


def imap_access(server: Dovecot, **changes: object) -> ServerAccess:
    return replace(access(server.port, server.ca_file, user=USER, password=PASSWORD), **changes)
