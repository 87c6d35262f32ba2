"""What is to be done for each kind, in each system where personal data lies: tasks made when an item opens.

An item that is declined, or that asks for nothing after all, needs none of it: its tasks end with it.
"""

from datetime import datetime

from sqlmodel import Session, col, select

from models.case import ItemResult, RequestItem
from models.casework import Task
from models.organisation import Organisation
from models.verdict import Kind

_IN_EACH_SYSTEM = {
    Kind.ACCESS: "collect what {system} holds",
    Kind.PORTABILITY: "export what the person gave us from {system}, in a machine-readable form",
    Kind.RECTIFICATION: "correct the data in {system}",
    Kind.ERASURE: "erase the data in {system}, but what must be kept by law",
    Kind.RESTRICTION: "freeze the data in {system}",
    Kind.OBJECTION: "stop the processing in {system}",
    Kind.OBJECTION_MARKETING: "put the address on the suppression list of {system}",
    Kind.WITHDRAW_CONSENT: "record in {system} that consent is withdrawn",
    Kind.CHAT_ERASURE: "wipe the conversations in {system}",
    Kind.POST_MORTEM: "find the account of the person who has died in {system}",
}
_BESIDE = {
    Kind.RECTIFICATION: ("tell those who received the data (GDPR Art. 19)",),
    Kind.ERASURE: ("tell those who received the data (GDPR Art. 19)",),
    Kind.RESTRICTION: ("tell those who received the data (GDPR Art. 19)",),
    Kind.OBJECTION: ("restrict the processing while the objection is examined (GDPR Art. 18(1)(d))",),
    Kind.AUTOMATED_DECISION: ("let a person who may change the decision look at it again",),
    Kind.INCIDENT: (
        "assess the risk for the people concerned (GDPR Art. 33(1))",
        "write it into the register of breaches (GDPR Art. 33(5))",
        "decide whether the people concerned are told (GDPR Art. 34)",
    ),
    Kind.AUTHORITY: ("enter the date that the letter names",),
    Kind.COMPLAINT: ("find out what happened, and write it down",),
}
_UNNEEDED = frozenset(set(ItemResult) - {ItemResult.FULFILLED, ItemResult.PARTLY, ItemResult.NO_DATA})


def add_tasks(session: Session, item: RequestItem, organisation: Organisation) -> None:
    """Add what a new item needs; nothing where the organisation has named no systems."""
    if not organisation.systems:
        return
    wording = _IN_EACH_SYSTEM.get(item.kind, "")
    titles = [wording.format(system=system) for system in organisation.systems] if wording else []
    session.flush()
    for title in (*titles, *_BESIDE.get(item.kind, ())):
        session.add(Task(case_id=item.case_id, item_id=item.id, title=title, due_on=item.due_on))


def end_tasks(session: Session, item: RequestItem, now: datetime, by: str) -> None:
    """End the tasks of an item that needs nothing any more."""
    if item.result not in _UNNEEDED:
        return
    query = select(Task).where(col(Task.item_id) == item.id, col(Task.done_at).is_(None))
    for task in session.exec(query):
        task.done_at, task.done_by = now, by
        session.add(task)
