"""How staff arrange cases: who works on it, tags, notes, tasks; merging, splitting, linking; opening one by hand."""

from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session, col, select, update

from cases.applications import kept_until
from cases.checklists import end_tasks
from cases.extending import open_item
from cases.handing_in import take_over
from cases.lifecycle import Deed
from cases.mentions import mentions_in, names_who_see
from cases.office import Office
from cases.opening import Registry
from cases.reference import new_reference
from cases.situation import Given, rows_of
from models.audit import Action
from models.case import Case, CaseState, ItemResult, RequestItem
from models.casework import CaseLink, Note, Task, ThirdParty
from models.errors import NotAllowed, NotFound
from models.message import Message
from models.outbox import OutboxMail
from models.verdict import Kind
from store.case_index import index_case
from store.vault import Vault

EU_COUNTRIES = {
    *("AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"),
    *("IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"),
}
_GDPR_COUNTRIES = frozenset(EU_COUNTRIES | {"IS", "LI", "NO", "GB"})


def assign(office: Office, name: str) -> None:
    """Give the case to somebody; '' for nobody."""
    office.case.assigned_to = name
    office.note(Action.CASE_ASSIGNED, to=name)


def colleague(office: Office, name: str) -> str:
    """Return the name of somebody of the staff who may see the case, as they write it, however its capitals were typed;
    '' for nobody. Raises NotAllowed for a name that nobody has: a case given to it would be in nobody's list.
    """
    wanted = name.strip()
    theirs = names_who_see(office.session, office.case)
    found = wanted if wanted in theirs else next((one for one in theirs if one.casefold() == wanted.casefold()), "")
    if wanted and not found:
        raise NotAllowed(f"nobody who may see this case is called {wanted[:80]}: it was given to nobody")
    return found


def tag(office: Office, *, add: tuple[str, ...] = (), remove: tuple[str, ...] = ()) -> None:
    """Add and take away tags."""
    kept = [tag for tag in office.case.tags if tag not in remove]
    office.case.tags = sorted({*kept, *(tag.strip() for tag in add if tag.strip())})
    office.note(Action.CASE_TAGGED, count=len(office.case.tags))


def write_note(office: Office, vault: Vault, words: str) -> Note:
    """Keep a note for colleagues, sealed; whom it mentions with @ is kept beside it, and told by the queue."""
    if not words.strip():
        raise NotAllowed("the note is empty")
    mentions = list(mentions_in(words, names_who_see(office.session, office.case)))
    note = Note(
        case_id=office.case.id or 0,
        at=office.now,
        by=office.actor.name,
        sealed_id=vault.keep(office.session, words.encode()),
        mentions=sorted({one.name or one.written for one in mentions}),
    )
    office.session.add(note)
    told = {one.name for one in mentions if one.name and one.name != office.actor.name}
    office.case.mentioned = sorted({*office.case.mentioned, *told})
    office.note(Action.CASE_NOTED, mentions=note.mentions)
    return note


def add_task(office: Office, title: str, due_on: date | None = None) -> Task:
    """Add something to be done."""
    if not title.strip():
        raise NotAllowed("the task has no title")
    task = Task(case_id=office.case.id or 0, title=title.strip()[:200], due_on=due_on)
    office.session.add(task)
    office.note(Action.TASK_ADDED, due_on=due_on)
    return task


def finish_task(office: Office, number: int) -> Task:
    """Note that a task is done; raises NotFound."""
    task = office.session.get(Task, number)
    if task is None or task.case_id != office.case.id:
        raise NotFound(f"there is no task {number} in this case; `rightsdesk case show` lists them")
    if task.done_at is None:
        task.done_at, task.done_by = office.now, office.actor.name
        office.note(Action.TASK_DONE, task=number)
    return task


def tasks_of(office: Office) -> list[Task]:
    """Return the tasks of the case, oldest first."""
    return rows_of(office.session, Task, office.case)


def merge(office: Office, other: Case) -> None:
    """Close the case into another of the same person, which takes its mails and letters, and its kinds.

    An item that the other one has, too, keeps the earlier receipt: merging never gains time. Raises NotAllowed.
    """
    if other.id == office.case.id:
        raise NotAllowed("a case cannot be closed into itself")
    office.permit(Deed.MERGE, Given(other=other))
    if other.status is CaseState.CLOSED:
        raise NotAllowed("the other case is closed: reopen it first")
    into = replace(office, case=other)
    theirs = {item.kind: item for item in into.open_items()}
    for item in office.open_items():
        same = theirs.get(item.kind)
        if same is None:
            item.case_id = other.id or 0
            if other.status is CaseState.ANSWERED:
                other.status = CaseState.OPEN
            continue
        same.received_at = min(same.received_at, item.received_at)
        item.result, item.decided_at, item.decided_by = ItemResult.DUPLICATE, office.now, office.actor.name
    other.received_at = min(other.received_at, office.case.received_at)
    for item in office.items():
        end_tasks(office.session, item, office.now, office.actor.name)
    for table in (Message, OutboxMail, Task, Note, ThirdParty):
        moved = update(table).where(col(table.case_id) == office.case.id).values(case_id=other.id)
        office.session.exec(moved)
    take_over(office.session, office.case, other)
    office.case.merged_into_id, office.case.closed_at = other.id, office.now
    other.mentioned, office.case.mentioned = sorted({*other.mentioned, *office.case.mentioned}), []
    office.note(Action.CASE_MERGED, into=other.reference)
    into.note(Action.CASE_MERGED, taken_in=office.case.reference)
    into.reckon()


def split(office: Office, kind: Kind) -> Case:
    """Move an open item to a case of its own, which keeps its receipt and clock; raises NotAllowed."""
    office.check_state(Deed.SPLIT)
    item = open_item(office, kind)
    office.permit(Deed.SPLIT, Given(item=item))
    old = office.case
    new = Case(
        reference=new_reference(),
        organisation=old.organisation,
        mailbox=old.mailbox,
        status=CaseState.OPEN,
        requester_address=old.requester_address,
        requester_name=old.requester_name,
        subject=old.subject,
        language=old.language,
        received_at=item.received_at,
        opened_at=office.now,
        acknowledged_at=old.acknowledged_at,
        identity=old.identity,
        identity_level=old.identity_level,
        identity_method=old.identity_method,
        has_standing=old.has_standing,
        hints=list(old.hints),
        channel=old.channel,
        second_country=old.second_country,
        customer_id=old.customer_id,
        assigned_to=old.assigned_to,
    )
    office.session.add(new)
    office.session.flush()
    item.case_id = new.id or 0
    office.session.exec(update(Task).where(col(Task.item_id) == item.id).values(case_id=new.id))
    office.note(Action.ITEM_MOVED, kind=kind, to=new.reference)
    into = replace(office, case=new)
    into.note(Action.ITEM_MOVED, kind=kind, out_of=old.reference)
    index_case(office.session, new)
    link(office, new)
    return new


def case_beside(office: Office, reference: str) -> Case:
    """Return another case of the same organisation, locked; raises NotFound, alike for those of other ones."""
    query = select(Case).where(
        col(Case.reference) == reference.strip().upper(), col(Case.organisation) == office.case.organisation
    )
    other = office.session.exec(query.with_for_update()).first()
    if other is None:
        raise NotFound(f"there is no case {reference.strip()[:20]}")
    return other


def link(office: Office, other: Case) -> None:
    """Note that two cases have to do with each other; raises NotAllowed for a case and itself."""
    if other.id == office.case.id:
        raise NotAllowed("a case cannot be linked with itself")
    first, second = sorted((office.case.id or 0, other.id or 0))
    known = select(CaseLink).where(col(CaseLink.case_id) == first, col(CaseLink.other_id) == second)
    if office.session.exec(known).first() is None:
        office.session.add(CaseLink(case_id=first, other_id=second))
        office.session.flush()
        office.note(Action.CASE_LINKED, other=other.reference)


def linked(session: Session, case: Case) -> list[Case]:
    """Return the cases that a case is linked with, oldest first."""
    links = session.exec(
        select(CaseLink).where((col(CaseLink.case_id) == case.id) | (col(CaseLink.other_id) == case.id))
    ).all()
    others = {link.case_id if link.other_id == case.id else link.other_id for link in links}
    return list(session.exec(select(Case).where(col(Case.id).in_(others)).order_by(col(Case.id))))


def settle_regime(office: Office, country: str, *, why: str) -> None:
    """Say which country the person belongs to, where its law may govern too; '' where our law alone does.

    While it is not settled the earlier date counts. Raises NotAllowed.
    """
    office.permit(Deed.SETTLE_REGIME, Given(why=why))
    office.case.second_country = _known(country) if country else ""
    office.remember("which law governs", why)
    office.note(Action.REGIME_SETTLED, country=office.case.second_country)
    office.reckon()


def correct_receipt(office: Office, received_at: datetime, *, why: str) -> None:
    """Say when the request really reached us; the items that had the old receipt get the new one. Raises NotAllowed."""
    office.permit(Deed.CORRECT_RECEIPT, Given(why=why, on=office.clock.local_date(received_at)))
    if received_at > office.now:
        raise NotAllowed("what came in cannot have come in the future")
    before, office.case.received_at = office.case.received_at, received_at
    for item in office.items():
        if item.received_at == before:
            item.received_at = received_at
    if office.case.erase_on is not None:
        office.case.erase_on = kept_until(office.clock, received_at)
    office.case.proposed_received = ""
    office.remember("receipt put right", why)
    office.note(Action.RECEIPT_CORRECTED, before=before, received_at=received_at)
    office.reckon()


def note_country(office: Office, country: str) -> None:
    """Note the person's country: a law that may govern beside ours is counted, too, and the earlier date rules."""
    office.case.second_country = _known(country)
    office.note(Action.REGIME_SETTLED, country=office.case.second_country, is_settled=False)
    office.reckon()


def _known(country: str) -> str:
    """Return a country whose General Data Protection Regulation may govern; raises NotAllowed for another one."""
    code = country.strip().upper()
    if code.partition("-")[0] not in _GDPR_COUNTRIES:
        raise NotAllowed(f"{code or 'this'} is no country of the European Economic Area, nor the United Kingdom (GB)")
    return code


def open_by_hand(
    session: Session, registry: Registry, case: Case, kinds: tuple[Kind, ...], actor: str, now: datetime
) -> list[RequestItem]:
    """Open a case for a request that came by phone, post or another way; its clock runs from its receipt.

    Raises NotAllowed where it names no kind, or was received in the future.
    """
    if not kinds:
        raise NotAllowed("say what is asked for: one kind or more")
    if case.received_at > now:
        raise NotAllowed("the receipt lies in the future")
    session.add(case)
    session.flush()
    details = {"channel": case.channel, "received_at": case.received_at}
    registry.audit.append(session, Action.CASE_OPENED, at=now, actor=actor, case_id=case.id, details=details)
    items = [registry.add_item(session, case, kind, case.received_at, now, 1.0) for kind in dict.fromkeys(kinds)]
    index_case(session, case)
    return items
