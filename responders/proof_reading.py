"""Reading a letter as its receiver's lawyer would: does it say all it must, and nothing by accident?"""

import re
from collections.abc import Iterator
from html import unescape

from models.outbox import ACKNOWLEDGEMENTS, TELLS_REMEDIES, Template
from responders.letter_facts import LetterFacts
from responders.letter_templates import LetterText
from responders.plain_line import one_line

_LEFT_OVERS = re.compile(r"\{\{|\}\}|\{%|%\}|\]\(|\*\*|<!--|\\|\bNone\b|&[a-z]+;")
_WITHIN_A_LINE = re.compile(r"</?(?:a|em|span|strong)\b[^>]*>")
_TAG = re.compile(r"<(?:style|title).*?</(?:style|title)>|<[^>]*>", re.DOTALL)


def what_is_missing(letter: LetterText, facts: LetterFacts, template: Template) -> Iterator[str]:
    """Yield each duty that the letter does not fulfil, in words that follow the letter's name."""
    faces = {
        "text": _words_of(letter.text),
        "HTML": _words_of(unescape(_TAG.sub(" ", _WITHIN_A_LINE.sub("", letter.html)))),
    }
    duties = [*_duties(facts, template), *_remedies(facts, template), *_sender(facts, template)]
    for face, words in faces.items():
        for duty, wording in duties:
            if _words_of(wording) not in words:
                yield f"({face}) does not say {duty}"
    if facts.reference not in letter.subject:
        yield "(subject) does not say the case reference"
    if found := _LEFT_OVERS.search(letter.text):
        yield f"(text) shows a left-over of its making: {found.group()}"


def _duties(facts: LetterFacts, template: Template) -> Iterator[tuple[str, str]]:
    """Yield what a letter must say (GDPR Art. 12, 13; EDPB Guidelines 01/2022, 57; UK: DPA 2018 s. 164A)."""
    yield from (("what staff wrote", paragraph) for paragraph in facts.text)
    yield from (("what is asked for", ask) for ask in facts.asks)
    yield from (("a case of the report", entry) for entry in facts.entries)
    yield "where the page is", facts.page_address
    yield "until when the page can be opened", facts.page_until
    if template not in _REPORTS | _WITHOUT_RECEIPT:
        yield "the date of receipt", facts.received_on
    if template in ACKNOWLEDGEMENTS:
        yield from _acknowledged(facts)
    if template in _DATED:
        yield "the date of the answer", facts.answer_by
    if template in (Template.FORWARDED, Template.CONTROLLER_REQUEST):
        yield "whom it is passed on to", facts.third_party
    if template in (Template.ANSWER, Template.REFUSAL):
        yield from (("why it is declined", right.ground) for right in facts.rights)
    if template is Template.ANSWER:
        yield from (("a right that is answered", right.title) for right in facts.rights)
        yield "until when backups remain", facts.backups_until
    if template is Template.EXTENSION:
        yield from (("a right that is extended", right.name) for right in facts.rights)
        yield "the article on extensions", facts.extension_article
    yield from (("a date", day) for day in (facts.sent_on, facts.close_on, facts.was_due_on, facts.delete_by))


def _acknowledged(facts: LetterFacts) -> Iterator[tuple[str, str]]:
    yield "the case reference", facts.reference
    yield "the date of the answer", facts.answer_by
    yield "the possible extension", facts.extended_to
    yield from (("a right that was recognised", right.name) for right in facts.rights)
    yield from (("the own date of a right", right.by) for right in facts.rights)
    yield from (("what is still needed", field) for field in facts.missing)
    yield "what else was found", facts.also
    if facts.has_complaint:
        yield "what happens to a complaint", "164A" if facts.is_uk else facts.complaint_by
    yield "the controller's address", facts.organisation.address
    yield "whom to contact", facts.organisation.contact


def _remedies(facts: LetterFacts, template: Template) -> Iterator[tuple[str, str]]:
    """Yield the authorities to complain to (GDPR Art. 12(4), 13(2)(d), 77(1))."""
    if template in TELLS_REMEDIES:
        for office in (facts.lead_authority, *facts.authorities):
            yield "the right to complain to an authority", office.name


def _sender(facts: LetterFacts, template: Template) -> Iterator[tuple[str, str]]:
    if template not in _REPORTS:
        yield "the controller's name", facts.organisation.name


_REPORTS = frozenset({Template.DIGEST, Template.WARNING})
_WITHOUT_RECEIPT = frozenset(
    {Template.RECIPIENTS_NOTICE, Template.PARTY_QUESTION, Template.THIRD_PARTY_REMINDER, Template.PROOF_LINK}
)
_DATED = frozenset(
    {
        *(Template.EXTENSION, Template.CONTROLLER_REQUEST, Template.RECIPIENTS_NOTICE, Template.PARTY_QUESTION),
        Template.THIRD_PARTY_REMINDER,
    }
)


def _words_of(text: str) -> str:
    return " ".join(re.sub(r"[\u00a0\u202f]", " ", one_line(text)).split())
