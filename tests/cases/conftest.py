"""A desk in miniature for the tests of casework, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import pytest
from mailboxes import mailbox, organisation
from story import Story

from models.organisation import Regime
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONES = {"ES": "Europe/Madrid", "FR": "Europe/Paris"}


class Tell(Protocol):
    def __call__(self, language: str = "en", **changes: object) -> Story: ...


@pytest.fixture
def tell(database: Database, vault: Vault, audit: Audit) -> Iterator[Tell]:
    presence = Presence(database)

    def told(language: str = "en", **changes: object) -> Story:
        firm = organisation(authorities=("FR", "ES"), **changes)
        zone = ZONES.get(firm.country[:2], "Europe/London")
        box = mailbox(organisation=replace(firm, timezone=zone), timezone=zone)
        return Story(database, vault, audit, presence, box, START, language)

    yield told
    presence.leave()


@pytest.fixture
def uk(tell: Tell) -> Story:
    return tell()


@pytest.fixture
def france(tell: Tell) -> Story:
    return tell("fr", regime=Regime.EU, country="FR", lead_authority="FR")
