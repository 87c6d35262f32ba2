"""An open desk for the tests of its pages, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from mailboxes import mailbox, organisation
from open_desk import Open
from story import Story

from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    opened = Open(Story(database, vault, audit, presence, box, START))
    yield opened
    opened.server.stop()
    presence.leave()
