"""Which Authentication-Results count, and which are a sender's own invention (RFC 8601)."""

import pytest

from ingest.authentication import dmarc_of
from ingest.parse import parse
from models.mail import Dmarc

TRUSTED = ("mx.rights.example",)
BORDER = "Received: from mail.example (mail.example [203.0.113.7]) by mx.rights.example (Postfix) with ESMTPS id 1; x"
LMTP = "Received: from mx.rights.example by imap.rights.example with LMTP id 2; x"
OWN_LMTP = "Received: from mx.rights.example by mx.rights.example with LMTP id 2 (envelope-from <a@b>); x"
FILTER = "Received: from localhost (localhost [127.0.0.1]) by mx.rights.example (Postfix) with ESMTP id 3; x"
PASS = "Authentication-Results: mx.rights.example; dmarc=pass header.from=mail.example"
FAIL = "Authentication-Results: mx.rights.example; dmarc=fail header.from=mail.example"


def verdict(*headers: str, trusted: tuple[str, ...] = TRUSTED, sender: str = "jane@mail.example") -> Dmarc:
    raw = "\r\n".join([*headers, f"From: {sender}", "Subject: x", "", "text"])
    return dmarc_of(parse(raw.encode()), trusted)


@pytest.mark.parametrize(
    "trace", [(PASS, BORDER), (LMTP, PASS, BORDER), (OWN_LMTP, PASS, BORDER), (OWN_LMTP, FILTER, PASS, BORDER), (PASS,)]
)
def test_a_result_above_the_border_counts(trace: tuple[str, ...]) -> None:
    assert verdict(*trace) is Dmarc.PASS


@pytest.mark.parametrize(
    "forged",
    [
        (BORDER, PASS),
        (LMTP, BORDER, PASS),
        (BORDER, OWN_LMTP, PASS, BORDER),
        (OWN_LMTP, BORDER, FILTER, PASS, BORDER),
        ("Received: from mx.rights.example (evil [203.0.113.9]) by mx.rights.example with ESMTP id 4; x", PASS, BORDER),
        ("Received: from x by other.example with ESMTP id 4; x", PASS),
    ],
)
def test_a_result_that_a_sender_wrote_is_ignored(forged: tuple[str, ...]) -> None:
    assert verdict(*forged) is Dmarc.UNKNOWN


def test_the_servers_own_result_prevails_over_a_forged_one_below() -> None:
    assert verdict(FAIL, BORDER, PASS) is Dmarc.FAIL


@pytest.mark.parametrize(
    "result",
    [
        "Authentication-Results: MX.Rights.Example; dmarc=pass",
        "Authentication-Results: mx.rights.example 1; dmarc=pass",
        "Authentication-Results: mx.rights.example (a comment; dmarc=fail); spf=none; dmarc = pass (p=none)",
        "Authentication-Results: mx.rights.example; dmarc/1=pass",
        "Authentication-Results: mx.rights.example;\r\n dkim=pass header.d=mail.example;\r\n dmarc=pass header.from=Mail.Example",
        "Authentication-Results: mx.rights.example; dkim=pass\r\n" + PASS,
    ],
)
def test_a_result_may_be_written_in_many_ways(result: str) -> None:
    assert verdict(result, BORDER) is Dmarc.PASS


@pytest.mark.parametrize(
    "result",
    [
        "Authentication-Results: other.example; dmarc=pass",
        "Authentication-Results: mx.rights.example.evil.example; dmarc=pass",
        "Authentication-Results: mx.rights.example; none",
        "Authentication-Results: mx.rights.example; spf=pass; dkim=pass",
        "Authentication-Results: mx.rights.example; dmarc=none",
        "Authentication-Results: mx.rights.example; dmarc=temperror",
        "Authentication-Results: mx.rights.example; x-dmarc=pass",
        'Authentication-Results: mx.rights.example; dkim=fail reason="; dmarc=pass"',
        "Authentication-Results: mx.rights.example; dmarc=pass header.from=other.example",
        "Authentication-Results:",
        "X-Authentication-Results: mx.rights.example; dmarc=pass",
    ],
)
def test_anything_else_is_unknown(result: str) -> None:
    assert verdict(result, BORDER) is Dmarc.UNKNOWN


def test_without_a_trusted_server_nothing_is_known() -> None:
    assert verdict(PASS, BORDER, trusted=()) is Dmarc.UNKNOWN


def test_a_result_is_about_one_sender_only() -> None:
    assert verdict(PASS, BORDER, sender="jane@mail.example, max@other.example") is Dmarc.UNKNOWN


def test_a_unicode_domain_is_compared_in_ascii() -> None:
    result = "Authentication-Results: mx.rights.example; dmarc=pass header.from=xn--mller-kva.example"
    assert verdict(result, BORDER, sender="joerg@müller.example") is Dmarc.PASS


GOOGLE = (
    "Received: by 2002:a05:6402:1111 with SMTP id x; y",
    "Received: from mail.example (mail.example. [203.0.113.7]) by mx.google.com with ESMTPS id 5; x",
    "Received-SPF: pass (google.com: domain of jane@mail.example)",
)


def test_google_writes_its_results_below_its_own_line() -> None:
    result = "Authentication-Results: mx.google.com; dmarc=pass (p=NONE sp=NONE) header.from=mail.example"
    assert verdict(*GOOGLE, result, trusted=("mx.google.com",)) is Dmarc.PASS
    assert verdict(*GOOGLE, BORDER, result, trusted=("mx.google.com",)) is Dmarc.UNKNOWN


def test_microsoft_names_no_server() -> None:
    border = "Received: from mail.example (203.0.113.7) by DB5EUR03FT040.mail.protection.outlook.com (10.1.1.1) with Microsoft SMTP; x"
    inner = "Received: from A.eurprd01.prod.outlook.com (2603:10a6::1) by B.eurprd02.prod.outlook.com with HTTPS; x"
    result = "Authentication-Results: spf=pass (sender IP is 203.0.113.7) smtp.mailfrom=mail.example; dmarc=fail action=none header.from=mail.example"
    assert verdict(inner, result, border, trusted=("protection.outlook.com",)) is Dmarc.FAIL
    assert verdict(inner, border, result, trusted=("protection.outlook.com",)) is Dmarc.UNKNOWN
    assert verdict(inner, result, border) is Dmarc.UNKNOWN
