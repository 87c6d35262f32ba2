"""Forms that bring a case to its end: results, the answer, closing, and opening it again."""

from cases.deciding import answer, close, decide, reopen
from cases.lifecycle import Deed
from cases.office import Office
from models.case import Ground, ItemResult
from models.outbox import ANSWERS, Template
from models.verdict import Kind
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


def _decide(office: Office, filled: Filled) -> None:
    kind, result = choice(Kind, filled, "kind"), choice(ItemResult, filled, "result")
    decide(office, kind, result, ground=maybe(Ground, filled, "ground"), why=one(filled, "why"))


def _answer(office: Office, filled: Filled) -> None:
    template, told_on = choice(Template, filled, "template"), day(filled, "told_on")
    answer(office, template, text=one(filled, "text"), enclosures=enclosures(filled), told_on=told_on)


ENDING = (
    Form(
        "decide",
        "Decide on an item",
        "Decide",
        (
            Field("kind", "Item", Widget.CHOICE, values(Kind), is_required=True),
            Field("result", "Result", Widget.CHOICE, values(ItemResult), is_required=True),
            Field("ground", "Ground, where declined", Widget.CHOICE, values(Ground)),
            WHY,
        ),
        _decide,
        Deed.DECIDE,
        group=Group.RESULT,
    ),
    Form(
        "answer",
        "Send the answer",
        "Send",
        (
            Field("template", "Letter", Widget.CHOICE, tuple(sorted(ANSWERS)), is_required=True),
            TEXT,
            FILES,
            TOLD,
        ),
        _answer,
        Deed.ANSWER,
        writes_letter=True,
        group=Group.RESULT,
    ),
    Form("close", "Close the case", "Close", (), lambda office, _: close(office), Deed.CLOSE, group=Group.RESULT),
    Form(
        "reopen",
        "Open it again",
        "Reopen",
        (WHY, Field("kinds", "Only these items", Widget.SEVERAL, values(Kind), hint="Else all of them.")),
        lambda office, filled: reopen(office, why=one(filled, "why"), kinds=several(Kind, filled, "kinds")),
        Deed.REOPEN,
        group=Group.RESULT,
    ),
)
