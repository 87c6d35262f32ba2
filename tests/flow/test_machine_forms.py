"""The machine forms that scripts rely on: exact keys, one object a line, messages on standard error."""

import json
import re

import pytest
from builders import mail
from conftest import Command, on_sqlite
from dovecot import Dovecot
from listener import Listener

pytestmark = pytest.mark.slow

REQUEST = mail(
    "Please delete my account and all the personal data you hold about me.\n\nIda Holm",
    sender="Ida Holm <Ida@mail.example>",
    subject="Delete my data",
    message_id="<ida@mail.example>",
)
MOMENT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def test_lists_and_single_things_have_their_documented_keys(
    dovecot: Dovecot, rightsdesk: Command, listener: Listener
) -> None:
    dovecot.append(REQUEST)
    rightsdesk("poll", "--once")

    (message,) = map(json.loads, rightsdesk("mail", "list", "--json").stdout.splitlines())
    assert set(message) == {
        "mailbox",
        "uidvalidity",
        "uid",
        "message_id",
        "sha256",
        "received_at",
        "outcome",
        "case",
        "reason",
    }
    assert message["message_id"] == "<ida@mail.example>"
    assert re.fullmatch(MOMENT, message["received_at"])

    (case,) = map(json.loads, rightsdesk("case", "list", "--json").stdout.splitlines())
    assert set(case) == {
        "reference",
        "organisation",
        "mailbox",
        "kinds",
        "status",
        "received_at",
        "due_date",
        "due_at_utc",
        "language",
        "requester",
        "needs_review",
        "acknowledged_at",
        "messages",
    }
    assert (case["requester"], case["kinds"], case["messages"]) == ("ida@mail.example", ["erasure"], 1)
    assert re.fullmatch(MOMENT, case["acknowledged_at"])

    (letter,) = map(json.loads, rightsdesk("outbox", "list", "--json").stdout.splitlines())
    assert set(letter) == {"case", "template", "to", "subject", "message_id", "state", "attempts"}
    assert (letter["case"], letter["state"], letter["attempts"]) == (case["reference"], "sent", 1)

    shown = json.loads(rightsdesk("case", "show", case["reference"].lower(), "--json").stdout)
    assert [item["kind"] for item in shown["items"]] == ["erasure"]
    actions = [entry["action"] for entry in shown["timeline"]]
    assert actions == ["case_opened", "item_opened", "letter_written", "message_decided", "letter_sent"]

    told = json.loads(rightsdesk("mail", "show", "1", "--json").stdout)
    assert told["fields"]["full_name"] == "Ida Holm"
    assert any("delete" in sentence for _, sentence in told["reasons"])
    assert "Ida@mail.example" in json.loads(rightsdesk("outbox", "show", "1", "--json").stdout)["letter"].replace(
        "ida@", "Ida@"
    )


@on_sqlite
def test_what_is_not_there_is_told_in_one_line(rightsdesk: Command) -> None:
    for arguments in (
        ("mail", "show", "7"),
        ("case", "show", "RD-222-222-222"),
        ("outbox", "show", "7"),
        ("poll", "--mailbox", "x"),
    ):
        done = rightsdesk(*arguments)
        assert done.returncode == 1
        assert done.stderr.startswith("rightsdesk: there is no")
        assert done.stderr.count("\n") == 1


@on_sqlite
def test_lists_of_an_empty_desk_are_empty_and_say_what_to_do_to_people(rightsdesk: Command) -> None:
    assert rightsdesk("mail", "list", "--json").stdout == ""
    assert "poll --once" in rightsdesk("mail", "list").stdout


@on_sqlite
def test_a_subject_cannot_steer_the_terminal(dovecot: Dovecot, rightsdesk: Command, listener: Listener) -> None:
    dovecot.append(REQUEST.replace(b"Ida@mail", b'"\x1b[2Jx"@mail'))
    rightsdesk("poll", "--once")
    shown = "".join(
        rightsdesk(*arguments).stdout for arguments in (("case", "list"), ("outbox", "list"), ("mail", "show", "1"))
    )
    assert "\x1b[2J" not in shown
