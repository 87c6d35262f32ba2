"""Forms about the person: what they are asked, what came in, who they are; and a letter in words of one's own."""

from cases.asking import ask, identify, remind_silent, take_answer
from cases.deciding import confirm, look_over
from cases.lifecycle import Deed
from cases.office import Office
from cases.writing import write
from models.case import Identity
from models.casework import PauseReason
from models.letter import Proof
from web.desk.deeds.fields import (
    FILES,
    TEXT,
    TOLD,
    WHY,
    Field,
    Filled,
    Form,
    Group,
    Widget,
    choice,
    day,
    enclosures,
    maybe,
    one,
    several,
    values,
)

_LEVELS = ("0", "1", "2", "3")


ON_FILE = Field(
    "address_on_file",
    "For a code without work of yours: the address in your records",
    hint="Not the one in the mail. A link that shows a code goes there; the code is entered on the requester’s page.",
)
"""For a desk whose requesters have a page."""
_PROOFS = Field(
    "proofs",
    "Which proof",
    Widget.SEVERAL,
    values(Proof),
    hint="A code is sent by you, to the address in your records: the letter says that it comes.",
)


def _ask(office: Office, filled: Filled) -> None:
    ask(
        office,
        choice(PauseReason, filled, "question"),
        why=one(filled, "why"),
        text=one(filled, "text"),
        proofs=several(Proof, filled, "proofs"),
        told_on=day(filled, "told_on"),
        address_on_file=one(filled, "address_on_file"),
    )


def _identify(office: Office, filled: Filled) -> None:
    level = one(filled, "level")
    identify(
        office,
        choice(Identity, filled, "identity"),
        level=int(level) if level in _LEVELS else 0,
        method=one(filled, "method"),
        why=one(filled, "why"),
        has_standing=bool(one(filled, "standing")),
    )


def _take_answer(office: Office, filled: Filled) -> None:
    take_answer(office, on=day(filled, "on"), question=maybe(PauseReason, filled, "question"))


CONFIRMING = (
    Form(
        *("confirm", "It is a request", "Confirm", ()),
        lambda office, _: confirm(office),
        Deed.CONFIRM,
        group=Group.REQUEST,
    ),
    Form(
        *("look_over", "I looked at what came in", "Done", ()),
        lambda office, _: look_over(office),
        Deed.LOOK_OVER,
        group=Group.REQUEST,
    ),
)
ASKING = (
    Form(
        "write",
        "Write to the person",
        "Send",
        (TEXT, FILES),
        lambda office, filled: write(office, one(filled, "text"), enclosures(filled)),
        Deed.WRITE,
        writes_letter=True,
        group=Group.PERSON,
    ),
    Form(
        "ask",
        "Ask the person",
        "Ask",
        (
            Field("question", "For what", Widget.CHOICE, values(PauseReason), is_required=True),
            _PROOFS,
            ON_FILE,
            WHY,
            TEXT,
            TOLD,
        ),
        _ask,
        Deed.ASK,
        writes_letter=True,
        group=Group.PERSON,
    ),
    Form(
        "take_answer",
        "What we asked for has come in",
        "Note the answer",
        (
            Field("on", "On", Widget.DAY, hint="Else the day of the person's last mail."),
            Field("question", "Only this question", Widget.CHOICE, values(PauseReason), hint="Else all that are open."),
        ),
        _take_answer,
        Deed.TAKE_ANSWER,
        group=Group.PERSON,
    ),
    Form(
        "remind",
        "Remind the person",
        "Send the reminder",
        (TEXT,),
        lambda office, filled: remind_silent(office, text=one(filled, "text")),
        Deed.REMIND,
        writes_letter=True,
        group=Group.PERSON,
    ),
    Form(
        "identify",
        "Identity",
        "Note",
        (
            Field("identity", "Who it is", Widget.CHOICE, ("confirmed", "failed"), is_required=True),
            Field("level", "Level", Widget.CHOICE, _LEVELS),
            Field("method", "How it was checked"),
            Field("standing", "It is proven that they may act for another", Widget.TICK),
            WHY,
        ),
        _identify,
        Deed.IDENTIFY,
        group=Group.PERSON,
    ),
)
