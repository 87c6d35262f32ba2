"""One letter to many people, each by the deed that sends it to one: its rules, its outbox, its record.

Only letters that are whole without words for one person: information and extensions carry words that are the same for
all; a reminder, "no data", "done" and "unsubscribed" need none. Left out are questions of identity, mandate and fee,
which need a reason of their own for each person (GDPR Art. 12(6)); refusals and answers, which say why in this case
(Art. 12(4)); and what goes to anybody but the person.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from cases.lifecycle import Deed, move_of
from cases.office import Office
from models.case import Case
from models.errors import NotAllowed
from models.outbox import Template
from models.views import BulkDeed
from web.desk.deeds.fields import Filled, one
from web.desk.forms import form_named
from web.desk.many.planned import Choice, Planned, Planner, begin_step, check_unchanged
from web.desk.parts import DeskParts


@dataclass(frozen=True, slots=True)
class BulkLetter:
    """A letter that can go to many."""

    label: str
    says: str
    """When it can go, and what it does."""
    form: str
    """The form of the case that sends it."""
    needs: tuple[str, ...] = ()
    """What is to be filled in for all."""
    filled: Mapping[str, list[str]] = field(default_factory=dict)
    """What else the form is given."""


def _answers(template: Template) -> Mapping[str, list[str]]:
    return {"template": [template.value]}


LETTERS: Mapping[str, BulkLetter] = {
    "information": BulkLetter(
        *("Information in your words", "Says the same to all. It answers nothing and stops no clock.", "write"),
        needs=("text", "language"),
    ),
    "reminder": BulkLetter(
        *("Reminder", "To those who were asked for a proof and have not replied: the case may lapse.", "remind")
    ),
    "extension": BulkLetter(
        "Extension notice",
        "Extends the answer to three months, for a reason that is the same for all, such as their number.",
        *("extend", ("why", "text", "language")),
    ),
    "no_data": BulkLetter(
        *("Answer: no data held", "Where every result is no data.", "answer"), filled=_answers(Template.NO_DATA)
    ),
    "closing": BulkLetter(
        *("Answer: done", "Where everything is decided and nothing declined.", "answer"),
        filled=_answers(Template.CLOSING),
    ),
    "unsubscribe_done": BulkLetter(
        *("Answer: unsubscribed", "Where only objections to marketing were fulfilled.", "answer"),
        filled=_answers(Template.UNSUBSCRIBE_DONE),
    ),
}
_MOST_WORDS = 20_000
_LANGUAGE = re.compile(r"[a-z]{2}")


def _chosen(filled: Filled, _cases: Sequence[Case]) -> Choice:
    letter = LETTERS.get(one(filled, "letter"))
    if letter is None:
        raise NotAllowed("choose a letter")
    lacking = [_MISSING[name] for name in letter.needs if not one(filled, name)]
    if lacking:
        raise NotAllowed(f"this letter needs {' and '.join(lacking)}")
    if "language" in letter.needs and not _LANGUAGE.fullmatch(one(filled, "language")):
        raise NotAllowed("choose the language that your words are in")
    if any(len(one(filled, name)) > _MOST_WORDS for name in letter.needs):
        raise NotAllowed("your words are too long for a letter")
    return Choice(one(filled, "letter"), {name: [one(filled, name)] for name in letter.needs})


_MISSING = {"text": "words of yours", "why": "a reason for colleagues", "language": "the language your words are in"}


def _deed(plan: BulkDeed, office: Office) -> None:
    """Send the letter of one case, as its form does; raises NotAllowed."""
    letter = LETTERS[plan.value]
    form, language = form_named(letter.form), one(plan.filled, "language")
    spoken = office.clock.mailbox.organisation.language_for(office.case.language)
    if language and spoken != language:
        raise NotAllowed(f"letters to this person are written in {spoken}, your words are in {language}")
    assert form is not None  # noqa: S101 - names of forms are ours
    form.deed(office, {**letter.filled, **plan.filled})


def _do(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> None:
    def deed(office: Office) -> None:
        """Send it once."""
        begin_step(office.session, plan, office.case, "")
        _deed(plan, office)

    parts.do(who.actor, reference, deed, "", "")


def _letters(parts: DeskParts, who: Planner, plan: BulkDeed, reference: str) -> tuple[str, ...]:
    def deed(office: Office) -> None:
        """Send it, as far as a preview goes."""
        check_unchanged(office.session, plan, office.case)
        _deed(plan, office)

    return tuple(parts.preview(who.actor, reference, deed))


def _check(_session: Session, plan: BulkDeed, case: Case) -> None:
    form = form_named(LETTERS[plan.value].form)
    if form and form.needs and case.status not in move_of(Deed(form.needs)).sources:
        raise NotAllowed(f"it is {case.status}")


SENDING = {
    "letter": Planned(
        "Send a letter …",
        *(_do, _check, _chosen),
        lambda plan: f"Send: {LETTERS[plan.value].label[0].lower()}{LETTERS[plan.value].label[1:]}",
        "Read each letter. They go out with the next round, and are kept with their cases. What was sent cannot be "
        "taken back.",
        most=50,
        letters=_letters,
        asks="letter",
    )
}
