"""Every path of the interface, asked at random as its OpenAPI page allows and forbids: never an error of ours, and
answers as the page tells. Few examples, always the same."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mailboxes import mailbox, organisation
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from story import Story

from models.staff import Role
from models.tokens import Scope
from models.verdict import Label
from service.desk_pages import desk_parts
from service.listening import WebServer
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.health import Readiness
from web.tokens import Wish, add_token

EXAMPLES = 4
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def place(database: Database, vault: Vault, audit: Audit) -> Iterator[tuple[str, str, str]]:
    """Where the interface is, a token for it, and the reference of a case."""
    presence = Presence(database)
    story = Story(database, vault, audit, presence, mailbox(organisation=organisation(languages=("en",))), START)
    server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk))
    server.start()
    scopes = tuple(scope for scope in Scope if scope is not Scope.CALENDAR_READ)
    with database.transaction() as session:
        wish = Wish("robot", Role.MANAGER, "", scopes, START + timedelta(days=9))
        token = add_token(session, audit, wish, "ana", START)
    yield server.url, token, story.receives(Label.ACCESS)
    server.stop()
    presence.leave()


def test_nothing_that_can_be_asked_breaks_the_interface(place: tuple[str, str, str]) -> None:
    url, token, reference = place
    schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json")
    answered: Counter[int] = Counter()
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) > 30
    for operation in operations:
        modes = [operation.as_strategy(generation_mode=mode) for mode in GenerationMode]

        @settings(
            max_examples=EXAMPLES,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(st.one_of(modes))
        def ask(case: schemathesis.Case) -> None:
            if "reference" in case.path_parameters:
                case.path_parameters["reference"] = reference
            answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
            answered[answer.status_code] += 1

        ask()
    assert answered[200] > 15
    assert answered[422] > 10
