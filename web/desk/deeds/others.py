"""Forms about others: the customer whose data it is, recipients, partners, authorities; and what they answer."""

from cases.deciding import tell_recipient
from cases.directory import customer_named
from cases.forwarding import ask_party, chase, forward, note_answer, party_numbered, requests_of
from cases.lifecycle import Deed
from cases.office import Office
from models.casework import PartyRole
from models.errors import NotAllowed
from web.desk.deeds.fields import (
    TEXT,
    Field,
    Filled,
    Form,
    Group,
    Widget,
    address,
    choice,
    day,
    number,
    one,
)

_LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl")
_NAME = Field("name", "Name", is_required=True)
_ADDRESS = Field("address", "Mail address", is_required=True)
_LANGUAGE = Field("language", "Language of the letter", Widget.CHOICE, _LANGUAGES)
_PARTY = Field("party", "Who", Widget.CHOICE, is_required=True)


def _forward(office: Office, filled: Filled) -> None:
    customer = customer_named(office.session, office.case.organisation, one(filled, "customer"))
    forward(office, customer, requests_of(office), text=one(filled, "text"))


def _notify(office: Office, filled: Filled) -> None:
    to, language = address(filled, "address"), one(filled, "language") or office.case.language
    if not to or not one(filled, "name"):
        raise NotAllowed("say who received the data, and their address")
    tell_recipient(office, one(filled, "name"), to, language, text=one(filled, "text"))


def _party(office: Office, filled: Filled) -> None:
    ask_party(
        office,
        choice(PartyRole, filled, "role"),
        one(filled, "name"),
        address(filled, "address"),
        one(filled, "language") or office.case.language,
        text=one(filled, "text"),
        answer_by=day(filled, "answer_by"),
    )


def _chase(office: Office, filled: Filled) -> None:
    chase(office, party_numbered(office, number(filled, "party", "third party")), text=one(filled, "text"))


def _answered(office: Office, filled: Filled) -> None:
    note_answer(office, party_numbered(office, number(filled, "party", "third party")), day(filled, "on"))


OTHERS = (
    Form(
        "forward",
        "Pass it on to a customer",
        "Pass on",
        (
            Field(
                "customer",
                "Customer",
                Widget.CHOICE,
                is_required=True,
                hint="Their administrator gets the request; the person is told.",
            ),
            TEXT,
        ),
        _forward,
        Deed.FORWARD,
        writes_letter=True,
        group=Group.OTHERS,
    ),
    Form(
        "notify",
        "Tell a recipient what was done",
        "Tell",
        (_NAME, _ADDRESS, _LANGUAGE, TEXT),
        _notify,
        writes_letter=True,
        group=Group.OTHERS,
    ),
    Form(
        "party",
        "Ask somebody else",
        "Ask",
        (
            Field(
                "role", "What they are", Widget.CHOICE, (PartyRole.PARTNER, PartyRole.AUTHORITY, PartyRole.RECIPIENT)
            ),
            _NAME,
            Field("address", "Mail address", hint="Empty: they were asked in another way; it is only noted."),
            _LANGUAGE,
            Field("answer_by", "Answer wanted by", Widget.DAY),
            TEXT,
        ),
        _party,
        writes_letter=True,
        group=Group.OTHERS,
    ),
    Form(
        "chase",
        "Remind a third party",
        "Remind",
        (_PARTY, TEXT),
        _chase,
        writes_letter=True,
        group=Group.OTHERS,
    ),
    Form(
        "party_answered",
        "A third party has answered",
        "Note",
        (_PARTY, Field("on", "On", Widget.DAY, hint="Else today.")),
        _answered,
        group=Group.OTHERS,
    ),
)
