"""The reading process: it may die over a mail, and nothing else does."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence

import pytest
from builders import mail
from mailboxes import organisation

from models.mail import ParsedMail
from models.verdict import Doubt, Kind, Label, Verdict
from service.reading import Opened, Reader, ReadingOrder, read_mails

REQUEST = mail("Please delete all the personal data you hold about me.\n\nIda Holm", subject="Delete my data")
INVOICE = mail("Could you send me the invoice for order 4711 again?", subject="Invoice")


def order(*mails: bytes) -> ReadingOrder:
    return ReadingOrder(
        organisation(), ["contact@example.org"], tuple(Opened(number, raw) for number, raw in enumerate(mails, 1))
    )


@pytest.fixture
def reader() -> Iterator[Reader]:
    reader = Reader()
    yield reader
    reader.close()


def test_mails_are_read_in_another_process_in_their_order(reader: Reader) -> None:
    asked = order(REQUEST, INVOICE)
    first, second = reader.result(asked, reader.read(asked))
    assert (first.message_id, second.message_id) == (1, 2)
    assert first.verdict is not None
    assert Kind.ERASURE in first.verdict.kinds
    assert second.verdict is not None
    assert second.verdict.kinds == ()


def test_a_reader_that_dies_is_replaced_and_the_mails_are_read(reader: Reader) -> None:
    reader.wake()
    (process,) = multiprocessing.active_children()
    os.kill(process.pid or 0, signal.SIGKILL)
    asked = order(REQUEST)
    (reading,) = reader.result(asked, reader.read(asked))
    assert reading.verdict is not None


def test_closing_ends_the_process_at_once(reader: Reader) -> None:
    reader.wake()
    reader.close()
    assert multiprocessing.active_children() == []


class Moody:
    """A judge that fails whenever a certain mail is among those it is shown."""

    version = "moody"

    def judge_many(self, mails: Sequence[ParsedMail], customers: Sequence[str] = ()) -> list[Verdict]:
        if any(mail.subject == "Invoice" for mail in mails):
            raise ZeroDivisionError
        return [Verdict("en", (Label.ERASURE,), {}, Doubt.NONE, self.version) for _ in mails]


def test_a_mail_that_upsets_the_judge_spoils_none_beside_it() -> None:
    first, second, third = read_mails(order(REQUEST, INVOICE, REQUEST), Moody())
    assert (second.error, second.verdict) == ("ZeroDivisionError", None)
    assert first.verdict == third.verdict
    assert first.verdict is not None
