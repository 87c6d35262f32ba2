"""Reading a letter as its receiver's lawyer would: does it say all it must, and nothing by accident?"""

import re
from collections.abc import Iterator
from html import unescape

from responders.letter_facts import LetterFacts
from responders.letter_templates import LetterText
from responders.plain_line import one_line

_LEFT_OVERS = re.compile(r"\{\{|\}\}|\{%|%\}|\]\(|\*\*|<!--|\\|\bNone\b|&[a-z]+;")
_TAG = re.compile(r"<(?:style|title).*?</(?:style|title)>|<[^>]*>", re.DOTALL)


def what_is_missing(letter: LetterText, facts: LetterFacts) -> Iterator[str]:
    """Yield each duty that the letter does not fulfil, in words that follow the letter's name."""
    faces = {"text": _words_of(letter.text), "HTML": _words_of(unescape(_TAG.sub(" ", letter.html)))}
    for face, words in faces.items():
        for duty, wording in _duties(facts):
            if _words_of(wording) not in words:
                yield f"({face}) does not say {duty}"
    if facts.reference not in letter.subject:
        yield "(subject) does not say the case reference"
    if found := _LEFT_OVERS.search(letter.text):
        yield f"(text) shows a left-over of its making: {found.group()}"


def _duties(facts: LetterFacts) -> Iterator[tuple[str, str]]:
    """Yield what a letter must say (GDPR Art. 12, 13, 77; EDPB Guidelines 01/2022, 57; UK: DPA 2018 s. 164A)."""
    organisation = facts.organisation
    yield "the date of receipt", facts.received_on
    yield "the case reference", facts.reference
    yield "the date of the answer", facts.answer_by
    yield "the possible extension", facts.extended_to
    yield from (("a right that was recognised", right.name) for right in facts.rights)
    yield from (("the own date of a right", right.by) for right in facts.rights)
    yield from (("what is still needed", field) for field in facts.missing)
    yield "what else was found", facts.also
    if facts.has_complaint:
        yield "what happens to a complaint", "164A" if facts.is_uk else facts.complaint_by
    yield "the controller's name", organisation.name
    yield "the controller's address", organisation.address
    yield "whom to contact", organisation.contact
    for office in (facts.lead_authority, *facts.authorities):
        yield "the right to complain to an authority", office.name


def _words_of(text: str) -> str:
    return " ".join(re.sub(r"[\u00a0\u202f]", " ", one_line(text)).split())
