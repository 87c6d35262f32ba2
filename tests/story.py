"""A desk in miniature for stories: real database, vault, chain, templates and outbox; the clock and the post are ours.

A mail comes in as the classifier would judge it; people do deeds; `post()` lets the SMTP server accept what is queued.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

from builders import mail, parsed, stored
from sqlmodel import Session, col, select

from cases.clocks import OfficeClock
from cases.deciding import answer, close, decide
from cases.opening import Evidence, Registry
from models.case import ENDED, UNDATED, Case, CaseState, CaseWord, ItemResult, RequestItem
from models.files import FileSort
from models.mail import Address, DeliveryReport, Nature, Screening
from models.message import Outcome
from models.organisation import Mailbox
from models.outbox import OutboxMail, OutboxState, Template
from models.person import NO_PAGE, PageSettings
from models.staff import Actor, Role
from models.verdict import Doubt, Fields, Hint, Kind, Label, Verdict
from responders.letters import LetterWriter
from responders.outbox import Outbox
from service.alarming import raise_alarms
from service.case_records import Shelves, case_details
from service.casework import Casework
from service.desk import Desk
from service.posting import post
from service.reckoning import reckon_all, reckon_told
from store.audit import Audit
from store.case_index import tag_word
from store.database import Database
from store.presence import Presence
from store.vault import Vault

ANA = Actor("ana", Role.AGENT)
BEN = Actor("ben", Role.MANAGER)
NOTHING_KNOWN: Mapping[Label, float] = {}
_WRITER = LetterWriter()


@dataclass
class Story:
    """What happens, step by step."""

    database: Database
    vault: Vault
    audit: Audit
    presence: Presence
    mailbox: Mailbox
    now: datetime
    language: str = "en"
    count: int = 0
    page: PageSettings = NO_PAGE
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        outbox = Outbox(self.database, self.vault, self.audit, self.presence, lambda: self.now)
        self.desk = Desk(
            mailboxes=(self.mailbox,),
            database=self.database,
            vault=self.vault,
            audit=self.audit,
            presence=self.presence,
            reader=None,  # type: ignore[arg-type]
            letters=_WRITER,
            outbox=outbox,
            now=lambda: self.now,
            page=self.page,
        )

    def at(self, text: str) -> "Story":
        """Let time come to a local moment: "2026-03-02" (at ten) or "2026-03-02 17:05"."""
        day, _, clock = text.partition(" ")
        local = datetime.fromisoformat(f"{day}T{clock or '10:00'}")
        self.now = local.replace(tzinfo=ZoneInfo(self.mailbox.timezone))
        return self

    def receives(
        self,
        *labels: Label,
        sender: str = "mara@brightmail.example",
        text: str = "some words",
        answers: str = "",
        doubt: Doubt = Doubt.NONE,
        hints: tuple[Hint, ...] = (),
        received: datetime | None = None,
        scores: Mapping[Label, float] = NOTHING_KNOWN,
        files: tuple[FileSort, ...] = (),
        **fields: str,
    ) -> str:
        """Let a mail come in, be judged and decided; return the reference of its case, '' where it has none."""
        self.count += 1
        with self.database.transaction() as session:
            message = stored(self.count, received or self.now)
            message.sealed_id = self.vault.keep(session, mail(text, sender=f"Mara <{sender}>"))
            message.files = list(files)
            session.add(message)
            session.flush()
            who = Address("Mara Lindqvist", sender)
            evidence = Evidence(
                parsed(message.message_id, who, text=text, answers=answers),
                Screening(Nature.PERSON, (), who, is_answerable=True),
                Verdict(
                    self.language,
                    labels,
                    dict(scores),
                    doubt,
                    "7",
                    Fields(**fields),
                    hints=dict.fromkeys(hints, "because"),
                ),
                is_old=False,
            )
            registry = Registry(OfficeClock(self.mailbox), self.audit)
            for order in registry.file_message(session, message, evidence, self.now):
                post(self.desk, session, order, self.mailbox, message.sealed_id)
            session.flush()
            case = session.get(Case, message.case_id) if message.case_id else None
            assert message.outcome is not Outcome.PENDING
            check_places(session)
            return case.reference if case else ""

    def does(self, who: Actor, reference: str, deed, override: str = "", second: str = "") -> object:  # type: ignore[no-untyped-def]
        """Let somebody do something in a case; a deed takes the office."""
        try:
            return Casework(self.desk, who, override, second).do(reference, deed)
        finally:
            with self.database.reading() as session:
                check_places(session)

    def post(self) -> list[OutboxMail]:
        """Let the server accept every queued letter; return them."""
        with self.database.transaction() as session:
            query = select(OutboxMail).where(col(OutboxMail.state) == OutboxState.QUEUED).order_by(col(OutboxMail.id))
            letters = list(session.exec(query))
            for letter in letters:
                self.desk.outbox._settle_accepted(session, letter, self.now)
            check_places(session)
        reckon_told(self.desk, self.mailbox)
        return letters

    def bounce(self, letter: OutboxMail) -> None:
        """Let a letter come back."""
        with self.database.transaction() as session:
            report = DeliveryReport("failed", "5.1.1", letter.message_id)
            assert self.desk.outbox.note_report(session, report) is not None
        reckon_told(self.desk, self.mailbox)

    def celebrates(self, *days: str) -> int:
        """Let the calendar have further holidays, and the dates be computed anew; return how many changed."""
        organisation = replace(self.mailbox.organisation, local_holidays=days)
        self.mailbox = replace(self.mailbox, organisation=organisation)
        self.__post_init__()
        return reckon_all(self.desk)

    def rings(self) -> int:
        """Look for alarms; return how many letters were written."""
        return raise_alarms(self.desk)

    def case(self, reference: str) -> Case:
        with self.database.reading() as session:
            case = session.exec(select(Case).where(col(Case.reference) == reference)).one()
            session.expunge(case)
            return case

    def due(self, reference: str, kind: Kind) -> date | None:
        with self.database.reading() as session:
            query = (
                select(RequestItem).join(Case).where(col(Case.reference) == reference, col(RequestItem.kind) == kind)
            )
            return session.exec(query).one().due_on

    def shown(self, reference: str) -> dict[str, object]:
        with self.database.reading() as session:
            return case_details(session, reference, Shelves((self.mailbox,), self.vault, self.now))

    def letters(self, reference: str = "") -> list[Template]:
        with self.database.reading() as session:
            query = select(OutboxMail).order_by(col(OutboxMail.id))
            if reference:
                query = query.join(Case).where(col(Case.reference) == reference)
            return [letter.template for letter in session.exec(query)]

    def said(self, template: Template) -> str:
        """Return the plain text of the last letter of a sort, in one line."""
        with self.database.reading() as session:
            query = select(OutboxMail).where(col(OutboxMail.template) == template).order_by(col(OutboxMail.id).desc())
            letter = session.exec(query).first()
            assert letter is not None
            found = message_from_bytes(self.vault.open(session, letter.sealed_id), policy=SMTP)
        assert isinstance(found, EmailMessage)
        body = found.get_body(("plain",))
        assert body is not None
        return " ".join(str(body.get_content()).split())

    def events(self, reference: str) -> list[str]:
        rows = self.shown(reference)["timeline"]
        assert isinstance(rows, list)
        return [row["action"] for row in rows]


def closed(story: Story) -> str:
    """Return a case that was answered and closed."""
    case = story.receives(Label.OBJECTION_MARKETING, text="Stop your newsletters, says Mara.")
    story.does(ANA, case, lambda o: decide(o, Kind.OBJECTION_MARKETING, ItemResult.FULFILLED))
    story.does(ANA, case, lambda o: answer(o, Template.UNSUBSCRIBE_DONE))
    story.post()
    story.does(ANA, case, close)
    return case


def check_places(session: Session) -> None:
    """After everything that happens, each case stands where its items say, and is found by its words."""
    items: defaultdict[int | None, list[RequestItem]] = defaultdict(list)
    words: defaultdict[int | None, list[CaseWord]] = defaultdict(list)
    for item in session.exec(select(RequestItem)):
        items[item.case_id].append(item)
    for row in session.exec(select(CaseWord)):
        words[row.case_id].append(row)
    for case in session.exec(select(Case)):
        dates = [item.due_on for item in items[case.id] if item.is_owed and item.due_on]
        is_over = case.status in (CaseState.ANSWERED, CaseState.CLOSED)
        assert case.queue_on == min(dates, default=ENDED if is_over else UNDATED), case.reference
        assert {kind for kind in case.kinds.split("|") if kind} == {item.kind.value for item in items[case.id]}
        assert {row.queue_on for row in words[case.id]} == {case.queue_on}, case.reference
        facts = {f"state:{case.status}", f"owner:{case.assigned_to}", *(f"kind:{one.kind}" for one in items[case.id])}
        found = {row.word for row in words[case.id]}
        assert found >= facts | {*case.reference.lower().split("-"), *map(tag_word, case.tags)}


def later(story: Story, **more: int) -> datetime:
    return story.now + timedelta(**more)
