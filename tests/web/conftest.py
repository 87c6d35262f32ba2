"""A desk that is open, for the tests of its pages."""

from collections.abc import Iterator

import pytest
from front_door import START, Open
from mailboxes import mailbox, organisation
from story import Story

from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    opened = Open(Story(database, vault, audit, presence, box, START))
    yield opened
    opened.server.stop()
    presence.leave()
