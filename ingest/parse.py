"""Bytes of a mail to a ParsedMail: the only door to mail-parser. Never raises, whatever the bytes.

mail-parser takes the mail apart; where it cannot, the standard library does; where neither can, the mail comes
back as unreadable, with the reason for staff and the header facts that could be rescued. How much work a mail
would be is told beforehand from its bytes (`bounds`); a suspicious one is read in a process of its own.
"""

import email
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import mailparser

from ingest.isolated import Exhausted, answer_of
from ingest.mime.addresses import salvaged
from ingest.mime.alternatives import Text
from ingest.mime.bounds import Way, measure, way_for
from ingest.mime.charset import clean_line, clean_text
from ingest.mime.contents import read_contents
from ingest.mime.headers import decode_value, raw_fields, recoded
from ingest.mime.mending import mended
from ingest.mime.outlook import LEFT_OUT, TOO_DEEP, TOO_MANY, is_compound, mail_in
from ingest.mime.relabelling import relabelled
from ingest.mime.rescue import date_of, rescued
from ingest.mime.rich_face import rich_face_of
from ingest.reading import TakenApart, read_mail
from models.mail import AttachedFile, ParsedMail, RichFace

_ADDRESS_HEADERS = ("from", "sender", "reply-to", "to", "cc")
_DAMAGE = {
    "CloseBoundaryNotFoundDefect": "the mail ends before its last part does",
    "FirstHeaderLineIsContinuationDefect": "the header is damaged",
    "MisplacedEnvelopeHeaderDefect": "the header is damaged",
    "MissingHeaderBodySeparatorDefect": "the header is damaged",
    "MalformedHeaderDefect": "the header is damaged",
    "InvalidBase64CharactersDefect": "a part is damaged in its encoding",
    "InvalidBase64LengthDefect": "a part is damaged in its encoding",
    "InvalidBase64PaddingDefect": "a part is damaged in its encoding",
}
_UNREADABLE = "The mail could not be read: {}."


def parse(raw: bytes, charset: str = "") -> ParsedMail:
    """Return the mail as clean values; `unreadable` says why where it could not be read.

    `charset` is what a person says that its text is in, whatever the mail says itself.
    """
    try:
        way, reason = way_for(measure(raw))
        match way:
            case Way.AT_ONCE:
                return read_here(raw, charset)
            case Way.PLAINLY:
                return read_plainly(raw, charset)
            case Way.APART:
                return read_apart(raw, charset)
            case Way.NOT:
                return rescued(raw, _UNREADABLE.format(reason))
    except Exception as error:  # noqa: BLE001 - the promise of this module
        return rescued(raw, _UNREADABLE.format(_cause(error)))


def attachment_bytes(raw: bytes, number: int) -> bytes | None:
    """Return the content of the attachment with this place in `ParsedMail.attachments`, None where there is none."""
    content = _asked(raw, partial(content_here, raw, number), "attachment", str(number))
    return content if isinstance(content, bytes) else None


def attached_mail(raw: bytes, number: int) -> bytes | None:
    """Return an attachment as a mail to be parsed, None where there is none."""
    content = attachment_bytes(raw, number)
    return as_mail(content) if content else content


def attached_file(raw: bytes, places: Sequence[int]) -> AttachedFile | None:
    """Return a file by its place in a mail, or by places that lead through mails inside each other; None for none.

    Every one but the last is that of an attached mail, or of an Outlook message, in what was opened before.
    """
    *through, last = places
    for place in through:
        inner = attached_mail(raw, place)
        if inner is None:
            return None
        raw = inner
    content, files = attachment_bytes(raw, last), parse(raw).attachments
    return AttachedFile(files[last].name, content) if content is not None and 0 <= last < len(files) else None


def left_out(mail: ParsedMail) -> str:
    """Return what an Outlook message holds beside what was opened of it, in words; '' for nothing.

    The words are ours: a mail that calls itself an Outlook message may have a header of that name, too.
    """
    told = mail.header(LEFT_OUT)
    return "; ".join(words for words in (TOO_MANY, TOO_DEEP) if words in told)


def as_mail(content: bytes) -> bytes | None:
    """Return the bytes of a file as a mail to be parsed; None for a file of Outlook's that is no message.

    That any other is a mail is the caller's guess: it comes out as it is.
    """
    return mail_in(content) if is_compound(content) else content


def rich_face(raw: bytes, charset: str = "") -> RichFace | None:
    """Return the HTML of a mail with the pictures inside it, None where it has none that can be read."""
    face = _asked(raw, partial(face_here, raw, charset), "html", charset)
    return face if isinstance(face, RichFace) else None


def _asked(raw: bytes, answer_here: Callable[[], object], *question: str) -> object:
    """Answer a question about a mail here, or in a process of its own where it is suspicious; None where nobody can."""
    try:
        way, _ = way_for(measure(raw))
        if way is Way.NOT:
            return None
        return answer_of("ingest.parser_process", raw, question) if way is Way.APART else answer_here()
    except Exception:  # noqa: BLE001 - the promise of this module
        return None


def read_here(raw: bytes, charset: str = "") -> ParsedMail:
    """Read a mail in this process, by mail-parser or else by the standard library."""
    try:
        return read_mail(by_mail_parser(mended(raw), charset))
    except Exception:  # noqa: BLE001 - the second reading shall have its try
        return read_plainly(raw, charset)


def read_plainly(raw: bytes, charset: str = "") -> ParsedMail:
    """Read a mail in this process by the standard library alone."""
    try:
        return read_mail(by_standard_library(mended(raw), charset))
    except Exception as error:  # noqa: BLE001 - what no parser can read goes to a person
        return rescued(raw, _UNREADABLE.format(_cause(error)))


def read_apart(raw: bytes, charset: str = "") -> ParsedMail:
    """Read a mail in a process of its own; the plainer reading is tried where the first one is exhausted."""
    for reading in ("mail", "plain"):
        try:
            mail = answer_of("ingest.parser_process", raw, [reading, charset])
        except Exhausted:
            continue
        if isinstance(mail, ParsedMail) and not (mail.unreadable and reading == "mail"):
            return mail
    return rescued(raw, _UNREADABLE.format("reading it took too much time or memory"))


def content_here(raw: bytes, number: int) -> bytes | None:
    """Return the content of an attachment, read in this process."""
    return read_contents(email.message_from_bytes(mended(raw)), wanted=number).found


def face_here(raw: bytes, charset: str = "") -> RichFace | None:
    """Return the HTML of a mail, read in this process."""
    return rich_face_of(relabelled(email.message_from_bytes(mended(raw)), charset))


def by_mail_parser(raw: bytes, charset: str = "") -> TakenApart:
    """Take a mail apart by mail-parser."""
    _silence()
    mail = mailparser.parse_from_bytes(raw)
    relabelled(mail.message, charset)
    values: dict[str, list[str]] = {name: [] for name in _ADDRESS_HEADERS}
    for name, value in mail.message.raw_items():
        values.get(name.lower(), []).append(str(value))
    return TakenApart(
        message=mail.message,
        mailboxes={name: list(_pairs(mail, name, values[name], is_changed=bool(charset))) for name in _ADDRESS_HEADERS},
        date=mail.date,
        texts=partial(_texts, mail),
        notes=sorted({_DAMAGE[name] for name in mail.defects_categories if name in _DAMAGE}),
    )


def by_standard_library(raw: bytes, charset: str = "") -> TakenApart:
    """Take a mail apart by the standard library, addresses by their looks."""
    message = relabelled(email.message_from_bytes(raw), charset)
    fields = list(raw_fields(message))
    return TakenApart(
        message=message,
        mailboxes={
            wanted: [pair for name, value in fields if name == wanted for pair in salvaged(decode_value(value))]
            for wanted in _ADDRESS_HEADERS
        },
        date=date_of(next((value for name, value in fields if name == "date"), "")),
        notes=["read by the plainer of two parsers"],
    )


def _texts(mail: mailparser.MailParser) -> list[Text]:
    bodies = [Text(clean_text(words), is_html=False) for words in mail.text_plain]
    return bodies or [Text(clean_text(words), is_html=True) for words in mail.text_html]


def _pairs(mail: mailparser.MailParser, name: str, values: list[str], *, is_changed: bool) -> Iterator[tuple[str, str]]:
    """Give the mailboxes of a header; mail-parser reads the first occurrence and no Latin-1: the rest is recoded."""
    if len(values) == 1 and values[0].isascii() and name != "sender" and not is_changed:
        yield from _read_mailboxes(mail, name)
        return
    for value in values:
        alone = mailparser.parse_from_string(f"From: {clean_line(recoded(value))}\n\n")
        yield from _read_mailboxes(alone, "from")


def _read_mailboxes(mail: mailparser.MailParser, name: str) -> Iterator[tuple[str, str]]:
    yield from getattr(mail, name.replace("-", "_"))
    for defect in mail.address_header_defects:
        if defect["header"] == name and not defect["recovered"]:
            yield from salvaged(defect["raw"])


def _silence() -> None:
    """Keep mail-parser's messages, which repeat headers, out of every log."""
    logger = logging.getLogger("mailparser")
    if logger.level <= logging.CRITICAL:
        logger.setLevel(logging.CRITICAL + 1)


def _cause(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "its parts are nested too deeply"
    if isinstance(error, MemoryError):
        return "reading it takes too much memory"
    return f"the parser failed on it ({type(error).__name__})"
