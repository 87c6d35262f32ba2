"""How well mails are recognised, counted from the audit chain: what was judged, looked at, and put right by staff."""

import json
from collections.abc import Iterator, Mapping

from sqlmodel import Session, col, select

from cases.case_facts import NOWHERE, Place
from cases.contributions import Key
from models.audit import Action, AuditEntry
from models.correction import Correction
from models.message import Message, Outcome
from models.tally import Measure
from models.verdict import NO_KIND

_JUDGED = {Outcome.CASE.value, Outcome.THREAD.value, Outcome.FILED.value, Outcome.AUTOMATIC.value}
_TOLD = (Action.MESSAGE_DECIDED, Action.CASE_OPENED, Action.MESSAGE_CORRECTED)
_NO_KIND = {label.value for label in NO_KIND}


def mail_keys(session: Session, after: int, until: int, places: Mapping[str, Place]) -> Iterator[tuple[str, Key]]:
    """Yield what the entries of the chain after one, up to another, add to the tallies of which organisation."""
    query = select(AuditEntry, Message).join(Message, col(Message.id) == col(AuditEntry.message_id))
    part = (col(AuditEntry.seq) > after, col(AuditEntry.seq) <= until, col(AuditEntry.action).in_(_TOLD))
    for entry, message in session.exec(query.where(*part).order_by(col(AuditEntry.seq))):
        place = places.get(message.mailbox, NOWHERE)
        month = entry.at.astimezone(place.zone).date().replace(day=1)
        for measure in _measures(session, entry):
            yield message.organisation, Key(measure, "", month, "", 0)


def _measures(session: Session, entry: AuditEntry) -> Iterator[Measure]:
    details = json.loads(entry.details)
    if entry.action is Action.MESSAGE_DECIDED and details.get("outcome") in _JUDGED:
        yield Measure.JUDGED
    if entry.action is Action.CASE_OPENED and details.get("status") == "review":
        yield Measure.REVIEWED
    if entry.action is Action.MESSAGE_CORRECTED and _was_judged(session, entry):
        said, labels = set(details.get("said", ())), set(details.get("labels", ()))
        if said != labels:
            yield Measure.CORRECTED
        if said and said <= _NO_KIND and not labels <= _NO_KIND:
            yield Measure.MISSED


def _was_judged(session: Session, entry: AuditEntry) -> bool:
    """Tell whether it was the classifier whom a person corrected, and not another person."""
    query = select(Correction.model_version).where(col(Correction.message_id) == entry.message_id)
    return session.exec(query.where(col(Correction.at) == entry.at)).first() is not None
