"""The mail around a letter: its headers, its encodings, and that nobody can smuggle anything into them."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import SettingsError
from models.letter import LetterItem
from models.mail import STAMP_HEADER, Address
from models.organisation import Mailbox, Regime
from models.outbox import Template
from models.verdict import Kind
from responders.letters import Letter, LetterWriter
from responders.sample_orders import sample_mailbox, sample_order

WRITER = LetterWriter()
MAILBOX = sample_mailbox(Regime.UK)
ORDER = sample_order("fr", Template.ACKNOWLEDGEMENT_RIGHTS, (LetterItem(Kind.ACCESS, None),), Regime.UK)
NAMES = [
    *("from", "to", "subject", "date", "message-id", "in-reply-to", "references", "auto-submitted"),
    *("x-auto-response-suppress", STAMP_HEADER.lower(), "content-language", "mime-version", "content-type"),
]


def composed(mailbox: Mailbox = MAILBOX, **changes: object) -> Letter:
    return WRITER.compose(replace(ORDER, **changes), mailbox)  # type: ignore[arg-type]


def parsed(letter: Letter) -> EmailMessage:
    mail = message_from_bytes(letter.raw, policy=policy.SMTPUTF8)
    assert isinstance(mail, EmailMessage)
    return mail


def named(name: str) -> Mailbox:
    return replace(MAILBOX, organisation=replace(MAILBOX.organisation, name=name))


def test_a_letter_carries_exactly_the_headers_it_should() -> None:
    assert [name.lower() for name in parsed(composed())] == NAMES


def test_a_letter_comes_from_the_organisation_at_the_address_of_the_mailbox() -> None:
    sender = parsed(composed())["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == ("Example & Söhne Ltd", "privacy@example.org")


@pytest.mark.parametrize(
    "name",
    [
        "Plain Ltd",
        'Quote " and \\ Ltd',
        "Comma, Semicolon; <x@y.z>",
        "Ünïcödé " * 20,
        "=?utf-8?q?evil?=",
        "A" * 200,
        "株式会社",
        "L’Étoile (SARL)",
    ],
)
def test_an_organisation_may_have_any_name(name: str) -> None:
    sender = parsed(composed(named(name)))["From"].addresses
    assert [one.addr_spec for one in sender] == ["privacy@example.org"]
    # This parser puts spaces between encoded words, against RFC 2047, 6.2: they do not count here.
    assert sender[0].display_name.replace(" ", "") == name.replace(" ", "")


def test_a_letter_goes_to_the_requester() -> None:
    receiver = parsed(composed())["To"].addresses[0]
    assert (receiver.display_name, receiver.addr_spec) == ("Ada Example", "ada@example.net")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "win now: www.evil.example",
        "bank@bank.example",
        'A" <evil@evil.example>, "B',
        "x" * 61,
        "Call 555 1234",
        "a\u202eb",
    ],
)
def test_a_display_name_that_is_more_than_words_is_left_out(name: str) -> None:
    receiver = parsed(composed(to=Address(name, "ada@example.net")))["To"].addresses
    assert [(one.display_name, one.addr_spec) for one in receiver] == [("", "ada@example.net")]


@pytest.mark.parametrize("name", ["José Núñez-O'Neill", "J. R. Müller", "Ψηλός Ωμέγα", "李明"])
def test_a_display_name_of_words_is_kept(name: str) -> None:
    assert parsed(composed(to=Address(name, "ada@example.net")))["To"].addresses[0].display_name == name


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("a..b@docomo.example", "a..b@docomo.example"),
        ('"ada b"@example.net', '"ada b"@example.net'),
        ("ada@[192.0.2.1]", "ada@[192.0.2.1]"),
    ],
)
def test_addresses_are_written_in_ascii_where_they_can_be(address: str, written: str) -> None:
    letter = composed(to=Address("", address))
    assert f"\r\nTo: {written}\r\n".encode() in letter.raw


def test_an_address_with_a_local_part_beyond_ascii_is_written_in_utf8() -> None:
    letter = composed(to=Address("", "åda@bücher.example"))
    assert "\r\nTo: åda@xn--bcher-kva.example\r\n".encode() in letter.raw


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "a@b, c@d",
        "a@b>, <c@d",
        "ada@example.net\r\nBcc: x@y",
        "a b@c",
        "a@b\u2028",
        "x" * 400 + "@y",
    ],
)
def test_what_is_no_address_is_kept_out_of_the_headers(address: str) -> None:
    assert parsed(composed(to=Address("Ada", address)))["To"] == "undisclosed-recipients:;"


def test_the_subject_is_ours_and_ends_with_the_reference() -> None:
    letter = composed()
    assert letter.subject == "Nous avons bien reçu votre demande [RD-7KQ-4M2-XN9]"
    assert parsed(letter)["Subject"] == letter.subject


def test_the_date_is_that_of_the_order() -> None:
    assert parsed(composed())["Date"].datetime == ORDER.ordered_at


def test_the_message_id_is_fixed_and_cannot_be_guessed() -> None:
    letter = composed()
    assert re.fullmatch(r"<rd-7kq-4m2-xn9\.[0-9a-f]{32}@example\.org>", letter.message_id)
    assert parsed(letter)["Message-ID"] == letter.message_id


def test_the_same_order_gets_another_message_id_each_time() -> None:
    assert composed().message_id != composed().message_id


def test_a_message_id_names_an_international_domain_in_ascii() -> None:
    assert composed(replace(MAILBOX, address="privacy@bücher.example")).message_id.endswith("@xn--bcher-kva.example>")


def test_a_mailbox_without_a_usable_address_is_a_clear_error() -> None:
    with pytest.raises(SettingsError, match="mailbox privacy"):
        composed(replace(MAILBOX, address="privacy"))


def test_a_letter_is_marked_as_automatic_and_as_ours() -> None:
    mail = parsed(composed())
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail[STAMP_HEADER] == "1"
    assert mail["Content-Language"] == "fr"


def test_a_letter_answers_in_the_thread() -> None:
    mail = parsed(composed(in_reply_to="<b@x>", references=("<a@x>", "<b@x>", "<c@x>")))
    assert mail["In-Reply-To"] == "<b@x>"
    assert mail["References"].split() == ["<a@x>", "<c@x>", "<b@x>"]


def test_a_message_without_an_id_is_answered_without_a_thread() -> None:
    mail = parsed(composed(in_reply_to="", references=()))
    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


@pytest.mark.parametrize(
    "value",
    ["a@b", "<a>", "<a@b> <c@d>", "<a@b>\r\nBcc: x@y", "<a\n@b>", "<ä@b>", "<a b@c>", "<<a@b>>", f"<{'x' * 999}@y>"],
)
def test_what_is_no_message_id_is_not_repeated(value: str) -> None:
    mail = parsed(composed(in_reply_to=value, references=(value, "<ok@x>")))
    assert mail["In-Reply-To"] is None
    assert mail["References"].split() == ["<ok@x>"]


def test_a_long_message_id_stays_whole() -> None:
    long_id = f"<{'x' * 300}@mail.example>"
    assert f"\r\nIn-Reply-To: {long_id}\r\n".encode() in composed(in_reply_to=long_id).raw


def test_a_long_thread_keeps_its_first_and_its_last_ids() -> None:
    ids = tuple(f"<{number}@x>" for number in range(500))
    kept = parsed(composed(in_reply_to=ids[-1], references=ids))["References"].split()
    assert kept == [*ids[:20], *ids[-20:]]


def test_references_stay_under_eight_kilobytes() -> None:
    ids = tuple(f"<{number}{'x' * 800}@x>" for number in range(100))
    kept = parsed(composed(in_reply_to=ids[-1], references=ids))["References"].split()
    assert sum(map(len, kept)) < 8192
    assert (kept[0], kept[-1]) == (ids[0], ids[-1])


def test_a_letter_is_seven_bit_with_crlf_and_short_lines() -> None:
    raw = composed().raw
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 78


def test_a_letter_has_two_faces_and_no_attachments() -> None:
    mail = parsed(composed())
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part["Content-Transfer-Encoding"] for part in mail.iter_parts()] == ["quoted-printable"] * 2


HOSTILE = st.text(max_size=60) | st.builds(
    lambda before, payload, after: before + payload + after,
    st.text(max_size=5),
    st.sampled_from(
        [
            "\r\nBcc: evil@evil.example",
            "\n\n<script>",
            "\x00",
            "\u2028X: 1",
            "\x85X: 1",
            "\x0bX: 1",
            "\ud800",
            "=?utf-8?q?=0AX:_1?=",
        ]
    ),
    st.text(max_size=5),
)


@given(
    name=HOSTILE,
    address=HOSTILE,
    contact=HOSTILE,
    reference=HOSTILE,
    to=st.tuples(HOSTILE, HOSTILE),
    ids=st.lists(HOSTILE),
)
def test_no_value_can_inject_a_header(
    name: str, address: str, contact: str, reference: str, to: tuple[str, str], ids: list[str]
) -> None:
    organisation = replace(MAILBOX.organisation, name=name, address=address, contact=contact)
    order = replace(ORDER, reference=reference, to=Address(*to), in_reply_to=reference, references=("<a@b>", *ids))
    mail = parsed(WRITER.compose(order, replace(MAILBOX, organisation=organisation)))
    found = [key.lower() for key in mail]
    assert found == [key for key in NAMES if key in found]
    assert set(NAMES) - set(found) <= {"in-reply-to"}
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [one.addr_spec for one in mail["From"].addresses] == ["privacy@example.org"]
    assert not any(part.defects for part in mail.walk())
