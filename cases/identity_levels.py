"""How well a person must be known for each kind, and for which kinds their standing must be proven.

Levels: 0 nothing; 1 the mail is proven to come from the address on file; 2 a code or link sent there came back;
3 logged in, or a stronger proof. The law asks for what is necessary, no more (GDPR Art. 12(6); EDPB Guidelines 01/2022
par. 58-81).
"""

from collections.abc import Iterable

from models.organisation import Organisation
from models.verdict import Hint, Kind

NEEDED: dict[Kind, int] = {
    **dict.fromkeys((Kind.OBJECTION_MARKETING, Kind.WITHDRAW_CONSENT, Kind.COMPLAINT), 0),
    **dict.fromkeys((Kind.JOB_APPLICATION, Kind.AUTHORITY, Kind.INCIDENT), 0),
    **dict.fromkeys((Kind.OBJECTION, Kind.RESTRICTION), 1),
    **dict.fromkeys((Kind.ACCESS, Kind.PORTABILITY, Kind.ERASURE, Kind.CHAT_ERASURE), 2),
    **dict.fromkeys((Kind.RECTIFICATION, Kind.AUTOMATED_DECISION, Kind.POST_MORTEM, Kind.UNSPECIFIED), 2),
}
_ACTING_FOR = {Hint.MANDATE.value, Hint.CHILD.value}


def needed_level(kind: Kind, organisation: Organisation) -> int:
    """Return the level that a kind needs before it is fulfilled: the usual one, unless the organisation has its own."""
    return organisation.identity_levels.get(kind.value, NEEDED[kind])


def needs_standing(kind: Kind, hints: Iterable[str]) -> bool:
    """Tell whether the requester must prove that they may act: for the dead, for a child, for somebody else."""
    return kind is Kind.POST_MORTEM or (NEEDED[kind] > 0 and bool(_ACTING_FOR.intersection(hints)))


def may_ask_document(kinds: Iterable[Kind], organisation: Organisation) -> bool:
    """Tell whether the organisation's policy lets staff ask for an identity document for one of these kinds."""
    return any(kind.value in organisation.identity_document_for for kind in kinds)
