"""Whatever the bytes: parse never raises, gives clean values, and comes back in bounded time."""

import logging
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.mime.bounds import Way, measure, way_for
from ingest.parse import attachment_bytes, parse
from models.mail import ParsedMail

MAILS = sorted((Path(__file__).parents[1] / "mails").glob("*.eml"))
SAMPLES = [path.read_bytes() for path in MAILS]
HEAD = (
    b"From: Jane Doe <jane@mail.example>\r\nTo: contact@rights.example\r\nSubject: My data\r\n"
    b"Message-ID: <big@mail.example>\r\nDate: Mon, 4 May 2026 10:00:00 +0200\r\n"
)
UNCLEAN_LINE = re.compile("[\r\n\x0b\x0c\x00\x85\u2028\u2029\ud800-\udfff\u202a-\u202e]")
UNCLEAN_TEXT = re.compile("[\r\x00\x0b\x0c\x85\u2028\u2029\ud800-\udfff]")
MESSAGE_ID = re.compile(r"<[!-~]+@[!-~]+>")


def lines_of(mail: ParsedMail) -> Iterator[str]:
    yield from (mail.message_id, mail.subject, mail.unreadable, *mail.in_reply_to, *mail.references, *mail.defects)
    for address in (*mail.from_, *mail.reply_to, *mail.to, *mail.cc, *([mail.sender] if mail.sender else [])):
        yield from (address.name, address.address)
    for name, value in mail.headers:
        yield from (name, value)
    for file in mail.attachments:
        yield from (file.name, file.content_type)
    if mail.report:
        yield from (mail.report.action, mail.report.status, mail.report.original_message_id)
    if mail.body.forwarded:
        yield from (mail.body.forwarded.sent_on, mail.body.forwarded.subject)


def texts_of(mail: ParsedMail) -> Iterator[str]:
    body = mail.body
    yield from (body.text, body.written, body.quoted, body.signature, body.disclaimer)
    yield body.forwarded.text if body.forwarded else ""


def assert_clean(mail: ParsedMail) -> None:
    assert not [line for line in lines_of(mail) if UNCLEAN_LINE.search(line)]
    assert not [text for text in texts_of(mail) if UNCLEAN_TEXT.search(text)]
    assert all(MESSAGE_ID.fullmatch(one) for one in (mail.message_id, *mail.in_reply_to, *mail.references) if one)
    assert mail.date is None or mail.date.tzinfo is not None
    assert not [file.name for file in mail.attachments if "/" in file.name or "\\" in file.name or len(file.name) > 150]
    assert "\n".join([*lines_of(mail), *texts_of(mail)]).encode("utf-8") is not None


def nested(levels: int) -> bytes:
    out = [HEAD, b"Content-Type: multipart/mixed; boundary=b0\r\n\r\n"]
    for level in range(levels):
        out.append(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (level, level + 1))
    out.append(b"--b%d\r\nContent-Type: text/plain\r\n\r\nPlease delete my data.\r\n" % levels)
    out.extend(b"--b%d--\r\n" % level for level in range(levels, -1, -1))
    return b"".join(out)


def with_attachments(count: int, size: int) -> bytes:
    part = b"--bb\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=p%d.jpg\r\n"
    line = b"QUJD" * 19 + b"\r\n"
    parts = [
        part % number + b"Content-Transfer-Encoding: base64\r\n\r\n" + line * (size // len(line)) + b"\r\n"
        for number in range(count)
    ]
    text = b"Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nPlease delete my data.\r\n"
    return HEAD + text + b"".join(parts) + b"--bb--\r\n"


def with_copies_to(count: int) -> bytes:
    people = (b'"Person Number%d" <person.number%d@some.example>' % (number, number) for number in range(count))
    return HEAD + b"Cc: " + b",\r\n ".join(people) + b"\r\n\r\nPlease delete my data.\r\n"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=600))
def test_random_bytes_never_raise_and_give_clean_values(raw: bytes) -> None:
    assert_clean(parse(raw))


HEADER_NAMES = st.sampled_from(
    [
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "Reply-To",
        "Sender",
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Return-Path",
        "Received",
        "X-Odd",
    ]
)
VALUES = st.lists(
    st.sampled_from(
        [
            *(
                b'text/plain multipart/mixed;boundary=b multipart/report message/rfc822 charset=utf-8 base64 "" <> , ; : =?utf-8?q?a=0Ab?= '.split()
            ),
            *(
                b"<a@b.example> a@b.example (c) ( ) [ ] =?x?b?!?= name*0*=utf-8''%0a name=../x \xff \xc3\xa9 \x00 \x0b\r\n\t 2026".split(
                    b" "
                )
            ),
        ]
    ),
    max_size=8,
).map(b" ".join)
BODIES = st.lists(
    st.sampled_from(
        [
            b"--b",
            b"--b--",
            b"",
            b"Content-Type: text/html",
            b"<p>hi</p>",
            b"Hello",
            b"> q",
            b"\xff\xfe",
            b"aGk=",
            b"=E9",
            b"begin 644 x",
        ]
    ),
    max_size=12,
).map(b"\r\n".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(HEADER_NAMES, VALUES), max_size=8), BODIES)
def test_odd_headers_never_raise_and_give_clean_values(fields: list[tuple[str, bytes]], body: bytes) -> None:
    header = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in fields)
    assert_clean(parse(header + b"\r\n" + body))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_a_damaged_sample_never_raises_and_gives_clean_values(sample: bytes, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(sample)))
    end = data.draw(st.integers(start, min(len(sample), start + 40)))
    assert_clean(parse(sample[:start] + data.draw(st.binary(max_size=20)) + sample[end:]))


@pytest.mark.parametrize("raw", SAMPLES, ids=[path.stem for path in MAILS])
def test_a_sample_gives_clean_values(raw: bytes) -> None:
    assert_clean(parse(raw))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_any_html_becomes_text(markup: str) -> None:
    head = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>"
    mail = parse(head + markup.encode("utf-8", "replace"))
    assert mail.unreadable == ""
    assert_clean(mail)


@pytest.mark.parametrize("levels", [30, 100, 300, 1000])
def test_a_deeply_nested_mail_gives_its_text(levels: int) -> None:
    mail = parse(nested(levels))
    assert (mail.body.written, mail.unreadable) == ("Please delete my data.", "")


def test_five_thousand_recipients_are_read_at_once() -> None:
    raw = with_copies_to(5000)
    assert way_for(measure(raw))[0] is Way.AT_ONCE
    mail = parse(raw)
    assert (len(mail.cc), mail.body.written) == (5000, "Please delete my data.")


@pytest.mark.parametrize(("count", "size"), [(1, 40_000_000), (70, 50_000), (1000, 78)], ids=["40 MB", "70", "1000"])
def test_a_mail_with_many_or_large_attachments_is_read_at_once(count: int, size: int) -> None:
    raw = with_attachments(count, size)
    assert way_for(measure(raw))[0] is Way.AT_ONCE
    mail = parse(raw)
    assert (len(mail.attachments), mail.body.written) == (count, "Please delete my data.")


HUGE = {
    "a header of 20 MB": HEAD + b"X: " + b"a" * 20_000_000 + b"\r\n\r\nPlease.",
    "a hundred thousand parts": with_attachments(0, 0).replace(b"--bb--", b"--bb\r\n\r\nx\r\n" * 100_000),
    "ten million lines": HEAD + b"\r\n" * 10_000_000,
    "two hundred thousand addresses": with_copies_to(101_000),
}


@pytest.mark.parametrize("raw", HUGE.values(), ids=HUGE)
def test_what_is_beyond_measure_goes_to_a_person_with_its_header_facts(raw: bytes) -> None:
    mail = parse(raw)
    assert mail.unreadable.startswith("The mail could not be read: ")
    assert (mail.subject, mail.message_id) == ("My data", "<big@mail.example>")
    assert [address.address for address in mail.from_] == ["jane@mail.example"]
    assert mail.date is not None
    assert_clean(mail)


SUSPICIOUS = {
    "a header of 1 MB": HEAD + b"X: " + b"a" * 1_000_000 + b"\r\n\r\nPlease delete my data.",
    "forty thousand encoded words": HEAD + b"X: " + b"=?utf-8?q?a?= " * 40_000 + b"\r\n\r\nPlease delete my data.",
    "four thousand parts": with_attachments(4000, 0),
}


@pytest.mark.parametrize("raw", SUSPICIOUS.values(), ids=SUSPICIOUS)
def test_a_suspicious_mail_is_read_in_a_process_of_its_own(raw: bytes) -> None:
    assert way_for(measure(raw))[0] is Way.APART
    mail = parse(raw)
    assert (mail.body.written, mail.unreadable) == ("Please delete my data.", "")


def test_an_attached_mail_with_an_endless_header_is_read_without_folding_it() -> None:
    attached = b"From: a@b.example\r\nX: " + b"a b " * 50_000 + b"\r\nSubject: inner\r\n\r\ninner text\r\n"
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=bb\r\n\r\n--bb\r\n\r\nSee attached.\r\n--bb\r\n"
        + b"Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=x.eml\r\n\r\n"
        + attached
        + b"--bb--\r\n"
    )
    mail = parse(raw)
    assert (mail.body.written, [file.name for file in mail.attachments]) == ("See attached.", ["x.eml"])


def test_more_than_five_hundred_headers_are_cut_with_a_note() -> None:
    mail = parse(HEAD + b"".join(b"X-%d: y\r\n" % number for number in range(2000)) + b"\r\nHello")
    assert len(mail.headers) == 500
    assert "only the first 500 headers are shown" in mail.defects


def test_a_value_survives_pickling() -> None:
    mail = parse(SAMPLES[0])
    assert pickle.loads(pickle.dumps(mail)) == mail


def test_the_parser_writes_nothing_of_a_mail_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        parse(b"From: =?shift_jis?b?secret!?= <jane@mail.example>\r\nSubject: =?utf-8?b?abc?= secret\r\n\r\nsecret")
    assert "secret" not in caplog.text
    assert "jane" not in caplog.text


def test_an_attachment_is_given_byte_for_byte() -> None:
    raw = with_attachments(3, 800)
    content = attachment_bytes(raw, 2)
    assert content == b"ABC" * 19 * (800 // 78)
    assert attachment_bytes(raw, 3) is None


def test_an_attachment_of_a_suspicious_mail_is_given_too() -> None:
    assert attachment_bytes(nested(100).replace(b"text/plain", b"image/png"), 0) == b"Please delete my data."
