"""Builds all parts once, from the settings. Entry points start here."""

from collections.abc import Iterator
from contextlib import contextmanager

from classify.shelf import Shelf
from responders.letters import LetterWriter
from responders.outbox import Outbox
from service.database import opened_database
from service.desk import Desk
from service.offices import Offices
from service.reading import Reader
from service.settings import Settings
from store.audit import Audit
from store.clock import utc_now
from store.presence import Presence
from store.vault import Vault, read_key_file


@contextmanager
def opened_desk(settings: Settings) -> Iterator[Desk]:
    """Yield the parts, and let go of them at the end; raises SettingsError or TemporaryFailure with advice."""
    master = read_key_file(settings.key_file)
    # The reader loads the model in a process of its own: its absence is told here.
    letters, reader = LetterWriter(), Reader(Shelf(settings.models).in_use())
    with opened_database(settings) as database:
        vault, audit = Vault(master), Audit(master)
        with database.reading() as session:
            audit.check_key(session)
        offices = Offices(settings, database, vault)
        presence = Presence(database)
        try:
            yield Desk(
                mailboxes=offices.mailboxes,
                database=database,
                vault=vault,
                audit=audit,
                presence=presence,
                reader=reader,
                letters=letters,
                outbox=Outbox(database, vault, audit, presence, utc_now),
                now=utc_now,
                webhooks=offices.webhooks,
                page=settings.page,
                offices=offices,
            )
        finally:
            reader.close()
            presence.leave()
