"""Forms about time: extensions, dates from outside, the day of receipt, the law that counts."""

from cases.arranging import correct_receipt, note_country, settle_regime
from cases.extending import extend, note_awareness, set_date
from cases.lifecycle import Deed
from cases.office import Office
from models.verdict import Kind
from web.desk.deeds.fields import (
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
    moment,
    one,
)


def _extend(office: Office, filled: Filled) -> None:
    extend(office, why=one(filled, "why"), text=one(filled, "text"), told_on=day(filled, "told_on"))


def _set_date(office: Office, filled: Filled) -> None:
    set_date(office, choice(Kind, filled, "kind"), day(filled, "on") or office.today, why=one(filled, "why"))


def _aware(office: Office, filled: Filled) -> None:
    note_awareness(office, moment(filled, "at", office.clock.mailbox.timezone), why=one(filled, "why"))


def _receipt(office: Office, filled: Filled) -> None:
    correct_receipt(office, moment(filled, "at", office.clock.mailbox.timezone), why=one(filled, "why"))


TIMING = (
    Form(
        *("extend", "Extend to three months", "Extend", (WHY, TEXT, TOLD)),
        _extend,
        Deed.EXTEND,
        writes_letter=True,
        group=Group.TIME,
    ),
    Form(
        "set_date",
        "Date of an authority's letter",
        "Enter",
        (
            Field("kind", "Item", Widget.CHOICE, (Kind.AUTHORITY.value, Kind.COMPLAINT.value), is_required=True),
            Field("on", "Last day", Widget.DAY, is_required=True),
            WHY,
        ),
        _set_date,
        Deed.SET_DATE,
        group=Group.TIME,
    ),
    Form(
        "aware",
        "When we became aware of the breach",
        "Enter",
        (Field("at", "Reasonably certain since", Widget.MOMENT, is_required=True), WHY),
        _aware,
        Deed.SET_DATE,
        group=Group.TIME,
    ),
    Form(
        "receipt",
        "Correct the receipt",
        "Correct",
        (
            Field(
                "at",
                "It really reached us",
                Widget.MOMENT,
                is_required=True,
                hint="The day a colleague got it, a letter arrived, somebody called. All dates are counted anew.",
            ),
            WHY,
        ),
        _receipt,
        Deed.CORRECT_RECEIPT,
        group=Group.TIME,
    ),
    Form(
        "country",
        "The person's country",
        "Note",
        (Field("country", "Country code", hint="Like FR. The earlier of both laws' dates counts."),),
        lambda office, filled: note_country(office, one(filled, "country")),
        group=Group.TIME,
    ),
    Form(
        "settle",
        "Settle which law governs",
        "Settle",
        (
            Field("country", "The law of", hint="A country code; empty: our own law alone."),
            WHY,
        ),
        lambda office, filled: settle_regime(office, one(filled, "country"), why=one(filled, "why")),
        Deed.SETTLE_REGIME,
        group=Group.TIME,
    ),
)
