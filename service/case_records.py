"""One case as `case show` and the deeds on it show it: items and why their dates, mails, letters, tasks, next steps.

Keys are stable; times are YYYY-MM-DDTHH:MM:SSZ, dates YYYY-MM-DD.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from cases.arranging import linked
from cases.clock_book import Told, dues_of, history_of, ruling, told_facts
from cases.clock_facts import Due
from cases.clocks import History, OfficeClock
from cases.deleting import ASKS
from cases.deletion_view import Deletion, deletion_of, done_deletion, second_person
from cases.identity_levels import needed_level, needs_standing
from cases.playbook import Suggestion, suggestions
from cases.rules import EXTENDABLE
from cases.signs import NO_SIGNS, signs_of
from cases.situation import rows_of, situation_of
from models.audit import AuditEntry
from models.case import Case, RequestItem
from models.casework import Customer, Note, Task, ThirdParty
from models.errors import NotFound, PermanentFailure
from models.message import Message
from models.organisation import Mailbox
from models.outbox import OutboxMail
from models.person import NO_PAGE, PageSettings
from models.verdict import confidence_in
from service.casework import case_named
from service.person_records import page_row
from service.records import case_rows_of, day_text, letter_row, message_row, moment
from store.vault import Vault

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Shelves:
    """What is needed to show a case in full."""

    mailboxes: Sequence[Mailbox]
    vault: Vault
    now: datetime
    page: PageSettings = NO_PAGE
    """How requesters reach their page; without an address no link is shown."""


def case_details(session: Session, reference: str, shelves: Shelves) -> Row:
    """Return one case with all that belongs to it; raises NotFound."""
    case = case_named(session, reference)
    mailbox = next((one for one in shelves.mailboxes if one.name == case.mailbox), None)
    (row,) = case_rows_of(session, [case])
    clock = OfficeClock(mailbox) if mailbox else None
    now = situation_of(session, case, clock, shelves.now) if clock else None
    told = now.told if now else {}
    items = now.items if now else rows_of(session, RequestItem, case)
    deletion = deletion_of(session, case, shelves.now)
    return row | {
        **_about(session, case),
        **_seen_in_queue(session, case),
        "next": [_suggestion_row(one) for one in [*_waits(deletion), *(suggestions(now) if now else [])]],
        "items": [_item_row(case, item, told.get(item.id or 0, ()), clock) for item in items],
        "questions": [_fact_row(item, one) for item in items for one in told.get(item.id or 0, ())],
        "tasks": [_task_row(task) for task in rows_of(session, Task, case)],
        "third_parties": [_party_row(party) for party in rows_of(session, ThirdParty, case)],
        "notes": [_note_row(session, shelves.vault, note) for note in rows_of(session, Note, case)],
        "mails": [_mail_row(mail, case.reference) for mail in rows_of(session, Message, case)],
        "letters": [letter_row(letter, case.reference) for letter in rows_of(session, OutboxMail, case)],
        "deletion": _deletion_row(session, shelves.vault, deletion) if deletion else None,
        "deleted": _deleted_row(session, case),
        "page": page_row(session, case, shelves.vault, shelves.page, shelves.now),
        "timeline": list(_timeline(session, case)),
    }


def due_rows(
    session: Session,
    reference: str,
    mailboxes: Sequence[Mailbox],
    *,
    answers: date | None,
    extended: date | None = None,
) -> list[Row]:
    """Return the dates of a case's open items if every open question were answered on a day, or an extension told.

    Raises NotFound.
    """
    case = case_named(session, reference)
    mailbox = next((one for one in mailboxes if one.name == case.mailbox), None)
    if mailbox is None:
        raise NotFound(f"the mailbox {case.mailbox} of this case is not configured any more")
    clock = OfficeClock(mailbox)
    items = [item for item in rows_of(session, RequestItem, case) if item.result is None]
    told = told_facts(session, items, clock)
    return [
        {"kind": item.kind.value}
        | _due_row(ruling(dues_of(clock, case, item, _imagined(item, told[item.id or 0], answers, extended))))
        for item in items
    ]


def _mail_row(mail: Message, reference: str) -> Row:
    """Return the row of a mail; with the charset that a person chose, where one did."""
    return message_row(mail, reference) | ({"charset": mail.charset} if mail.charset else {})


def _imagined(item: RequestItem, told: Sequence[Told], answers: date | None, extended: date | None) -> History:
    is_extendable = item.kind in EXTENDABLE
    return history_of(told, answers=answers, extended=extended if is_extendable else None)


def _about(session: Session, case: Case) -> Row:
    suggestion = session.get(Case, case.suggested_case_id) if case.suggested_case_id else None
    merged = session.get(Case, case.merged_into_id) if case.merged_into_id else None
    customer = session.get(Customer, case.customer_id) if case.customer_id else None
    return {
        "subject": case.subject,
        "requester_name": case.requester_name,
        "channel": case.channel.value,
        "assigned_to": case.assigned_to or None,
        "tags": case.tags,
        "hints": case.hints,
        "recognised_days_after_receipt": (case.opened_at - case.received_at).days,
        "identity": case.identity.value,
        "identity_level": case.identity_level,
        "identity_method": case.identity_method or None,
        "has_standing": case.has_standing,
        "second_country": case.second_country or None,
        "customer": customer.name if customer else None,
        "review_reason": case.review_reason,
        "suggested_case": suggestion.reference if suggestion else None,
        "merged_into": merged.reference if merged else None,
        "linked": [other.reference for other in linked(session, case)],
        "proposed_received": case.proposed_received or None,
        "answered_at": moment(case.answered_at),
        "closed_at": moment(case.closed_at),
        "erase_on": day_text(case.erase_on),
    }


def _seen_in_queue(session: Session, case: Case) -> Row:
    """Return what columns and filters of the queue tell of a case, by their names."""
    signs = signs_of(session, [case.id or 0]).get(case.id or 0, NO_SIGNS)
    return {"confidence": signs.confidence or None, "files": list(signs.files), "target": day_text(signs.target_on)}


def _item_row(case: Case, item: RequestItem, told: Sequence[Told], clock: OfficeClock | None) -> Row:
    row: Row = {
        "kind": item.kind.value,
        "received_at": moment(item.received_at),
        "due_date": day_text(item.due_on),
        "due_at_utc": moment(item.due_at),
        "due_without_pause": None,
        "extension_notice_by": None,
        "confidence": None if item.confidence is None else confidence_in(item.confidence).value,
        "result": item.result.value if item.result else None,
        "ground": item.ground.value if item.ground else None,
        "decided_at": moment(item.decided_at),
        "decided_by": item.decided_by or None,
    }
    if clock is None:
        return row
    organisation = clock.mailbox.organisation
    own, *second = dues_of(clock, case, item, history_of(told))
    return row | {
        "due_without_pause": day_text(own.due_without_pause),
        "legal_due": day_text(own.legal_due),
        "extension_notice_by": day_text(own.extension_notice_by),
        "flags": [flag.value for flag in own.flags],
        "target": day_text(clock.target_on(item.kind, item.received_at)),
        "identity_needed": needed_level(item.kind, organisation),
        "standing_needed": needs_standing(item.kind, case.hints),
        "due_by_the_other_law": [day_text(one.due_on) for one in second],
        "why": [step.sentence for step in ruling([own, *second]).steps],
    }


def _due_row(due: Due) -> Row:
    return {
        "due_date": day_text(due.due_on),
        "due_at_utc": moment(due.due_at),
        "due_without_pause": day_text(due.due_without_pause),
        "state": due.state.value,
        "flags": [flag.value for flag in due.flags],
        "why": [step.sentence for step in due.steps],
    }


def _suggestion_row(one: Suggestion) -> Row:
    return {
        "do": one.deed,
        "says": one.says,
        "by": day_text(one.by),
        "template": one.template.value if one.template else None,
        "kind": one.kind.value if one.kind else None,
    }


def _fact_row(item: RequestItem, one: Told) -> Row:
    fact = one.fact
    return {
        "kind": item.kind.value,
        "sort": fact.sort.value,
        "reason": fact.reason.value if fact.reason else None,
        "on": day_text(one.on),
        "at": moment(fact.at),
        "answered_on": day_text(fact.answered_on),
        "letter": fact.letter_id,
        "proofs": fact.proofs,
        "by": fact.by,
    }


def _task_row(task: Task) -> Row:
    done = moment(task.done_at)
    return {
        "id": task.id,
        "title": task.title,
        "due_on": day_text(task.due_on),
        "done_at": done,
        "done_by": task.done_by,
    }


def _party_row(party: ThirdParty) -> Row:
    return {
        "id": party.id,
        "role": party.role.value,
        "name": party.name,
        "has_address": bool(party.address),
        "asked_on": day_text(party.asked_on),
        "due_on": day_text(party.due_on),
        "chased_on": day_text(party.chased_on),
        "answered_on": day_text(party.answered_on),
    }


def _note_row(session: Session, vault: Vault, note: Note) -> Row:
    try:
        words = vault.open(session, note.sealed_id).decode()
    except PermanentFailure:
        words = "(erased)"
    return {"id": note.id, "at": moment(note.at), "by": note.by, "words": words}


def _waits(deletion: Deletion | None) -> list[Suggestion]:
    """Return that a second person has to decide: of a closed case the one thing to be done."""
    return [second_person(deletion.row)] if deletion else []


def _deletion_row(session: Session, vault: Vault, deletion: Deletion) -> Row:
    row = deletion.row
    note = session.get(Note, row.note_id) if row.note_id else None
    return {
        "ground": row.ground.value,
        "why": str(_note_row(session, vault, note)["words"]).removeprefix(ASKS) if note else "",
        "asked_by": row.asked_by,
        "person": row.person,
        "asked_at": moment(row.asked_at),
        "lapses_at": moment(row.ends_at),
        "destroys": asdict(deletion.destroyed),
        "linked": deletion.linked,
        "others": deletion.others,
        "merged": deletion.merged,
        "changes": [_event_row(entry) for entry in deletion.changes],
        "hindered_by": deletion.hindered_by,
    }


def _deleted_row(session: Session, case: Case) -> Row | None:
    row = done_deletion(session, case)
    if row is None:
        return None
    at = moment(row.decided_at)
    return {"ground": row.ground.value, "asked_by": row.asked_by, "confirmed_by": row.decided_by, "at": at}


def _timeline(session: Session, case: Case) -> Iterator[Row]:
    query = select(AuditEntry).where(col(AuditEntry.case_id) == case.id).order_by(col(AuditEntry.seq))
    for entry in session.exec(query):
        yield _event_row(entry)


def _event_row(entry: AuditEntry) -> Row:
    return {
        "at": moment(entry.at),
        "actor": entry.actor,
        "action": entry.action.value,
        "details": json.loads(entry.details),
    }
