"""Mails without a word."""

import pytest

from classify.judge import Judge
from ingest.parse import parse
from models.verdict import Doubt, Kind


@pytest.mark.parametrize("subject", ["GDPR Rights Request", "Re: GDPR Rights Request", "gdpr rights request"])
def test_under_the_agreed_subject_an_empty_mail_is_a_rights_request(judge: Judge, subject: str) -> None:
    verdict = judge.judge(parse(f"From: ida@mail.example\r\nSubject: {subject}\r\n\r\n".encode()))
    assert verdict.kinds == (Kind.UNSPECIFIED,)
    assert verdict.doubt is not Doubt.REQUEST


@pytest.mark.parametrize(
    "raw", [b"From: ida@mail.example\r\nSubject:\r\n\r\n", b"\r\n", b"From: ida@mail.example\r\n\r\n \r\n"]
)
def test_without_subject_and_text_a_person_looks_and_nobody_is_answered(judge: Judge, raw: bytes) -> None:
    verdict = judge.judge(parse(raw))
    assert (verdict.kinds, verdict.doubt) == ((), Doubt.REQUEST)
