"""Writing letters: an order becomes the finished bytes of a mail, in the requester's language, from templates.

Comes in: what casework ordered and the mailbox that answers. Goes out: bytes with their fixed Message-ID. A letter
never quotes the request, never names the requester in its text, and has no attachments.
"""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from pathlib import Path

from models.errors import DeskError, SettingsError
from models.letter import LetterOrder
from models.mail import STAMP_HEADER
from models.organisation import Mailbox, Organisation
from responders.clock_words import ClockWords, read_clock_words
from responders.header_lines import (
    address_line,
    ascii_domain,
    ids_line,
    plain_name,
    text_line,
    usable_ids,
    written_address,
)
from responders.letter_facts import LetterFacts
from responders.letter_templates import LetterTemplates, LetterText
from responders.mail_bytes import mail_bytes
from responders.plain_line import one_line
from responders.proof_reading import what_is_missing
from responders.sample_orders import sample_orders
from responders.words import Words, read_words

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Letter:
    """A finished letter: `raw` is what goes over the wire, however often it must be tried."""

    message_id: str
    subject: str
    raw: bytes


class LetterWriter:
    """Writes letters from a folder of templates; built once, safe to use from several threads."""

    def __init__(self, folder: Path = _TEMPLATES) -> None:
        """Read the words of every language; raises SettingsError where they cannot be read."""
        self._folder = folder
        self._templates: dict[Path | None, LetterTemplates] = {None: LetterTemplates(folder)}
        self._words = {path.parent.name: read_words(path.parent) for path in sorted(folder.glob("*/words.toml"))}

    def languages(self) -> tuple[str, ...]:
        """Return the languages that letters can be written in."""
        return tuple(self._words)

    def compose(self, order: LetterOrder, mailbox: Mailbox) -> Letter:
        """Return the finished letter; each call fixes a Message-ID of its own.

        Raises SettingsError for a language without templates, an authority that there is not or a sender that is no
        address, and PermanentFailure for a template that cannot be filled.
        """
        text = self._text(order, mailbox)
        message_id = _new_message_id(order.reference, mailbox)
        headers = "".join(_headers(order, mailbox, text.subject, message_id))
        return Letter(message_id, text.subject, mail_bytes(headers, text.text, text.html, order.enclosures))

    def check(self, own: Path | None = None) -> list[str]:
        """Return what is wrong with the templates, in words; empty where every letter in every language is complete.

        With a folder of an organisation's own templates, those stand before the shipped ones.
        """
        strays = self._strays(own) if own else iter(())
        problems = (*strays, *(problem for language in self._words for problem in self._problems(language, own)))
        return list(dict.fromkeys(problems)) if self._words else ["there are no templates"]

    def _strays(self, own: Path) -> Iterator[str]:
        """Name the files of an own folder that stand before no shipped one: a slip of the pen would never be read."""
        for path in sorted(own.rglob("*")):
            name = path.relative_to(own)
            if path.suffix in (".md", ".txt", ".html") and not (self._folder / name).is_file():
                yield f"{name}: there is no shipped template of this name, so it is never used"

    def clock_words(self, language: str) -> ClockWords:
        """Return how due dates are explained in a language; raises SettingsError."""
        return read_clock_words(self._folder / language, self._spoken(language))

    def _problems(self, language: str, own: Path | None) -> Iterator[str]:
        for order, mailbox in sample_orders(language, own):
            name = f"{language}/{order.template}"
            try:
                text = self._text(order, mailbox)
                facts = self._facts(order, mailbox)
                yield from (f"{name} {gap}" for gap in what_is_missing(text, facts, order.template))
            except DeskError as error:
                yield f"{name}: {error}"

    def _text(self, order: LetterOrder, mailbox: Mailbox) -> LetterText:
        facts = self._facts(order, mailbox)
        return self._templates_of(mailbox.organisation).fill(order.language, order.template, facts)

    def _facts(self, order: LetterOrder, mailbox: Mailbox) -> LetterFacts:
        words = self._spoken(order.language)
        steps = self.clock_words(order.language).told(order.steps) if order.steps else ()
        return LetterFacts.of(order, mailbox.organisation, words, steps)

    def _templates_of(self, organisation: Organisation) -> LetterTemplates:
        own = organisation.templates
        if own not in self._templates:
            self._templates[own] = LetterTemplates(self._folder, own)
        return self._templates[own]

    def _spoken(self, language: str) -> Words:
        words = self._words.get(language)
        if words is None:
            msg = f"no letters are written in {one_line(language)!r}; there are {', '.join(self._words)}"
            raise SettingsError(msg)
        return words


def _headers(order: LetterOrder, mailbox: Mailbox, subject: str, message_id: str) -> Iterator[str]:
    answered = usable_ids((order.in_reply_to,))
    yield address_line("From", mailbox.organisation.name, mailbox.address)
    # An address that cannot stand in a header is given to the SMTP server alone, which decides on it.
    yield address_line("To", plain_name(order.to.name), order.to.address) or "To: undisclosed-recipients:;\r\n"
    yield text_line("Subject", subject)
    yield text_line("Date", format_datetime(order.ordered_at))
    yield ids_line("Message-ID", (message_id,))
    yield ids_line("In-Reply-To", answered)
    # The whole line of descent ends with what is answered (RFC 5322, 3.6.4).
    yield ids_line("References", usable_ids((*(id_ for id_ in order.references if id_ not in answered), *answered)))
    if order.is_automatic:
        is_reply = bool(order.in_reply_to)
        yield f"Auto-Submitted: {'auto-replied' if is_reply else 'auto-generated'}\r\n"  # RFC 3834, 5
        yield "X-Auto-Response-Suppress: All\r\n"
    yield f"{STAMP_HEADER}: 1\r\n"
    yield f"Content-Language: {order.language}\r\n"


def _new_message_id(reference: str, mailbox: Mailbox) -> str:
    """Return a Message-ID that nobody can guess: a delivery report that names it comes from where the letter went."""
    if not written_address(mailbox.address):
        msg = f"the address of the mailbox {one_line(mailbox.name)} is not one that can send"
        raise SettingsError(msg)
    domain = ascii_domain(mailbox.address.rpartition("@")[2])
    name = re.sub(r"[^a-z0-9-]", "", reference.lower())[:40] or "letter"
    return f"<{name}.{secrets.token_hex(16)}@{domain}>"
