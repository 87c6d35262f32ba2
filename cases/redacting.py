"""Taking passages and files out of all that is kept of a case, for good: mails, letters, notes, what was found in them.

Dates, states and the audit chain stay. The chain says who did it, why, where and how often, with a keyed mark of what
stood there before and what stands there now; it never says what it was. A plain digest of a text in which only a few
letters are unknown would let anybody find them, so that the marks are made with the vault's key.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from cases.handing_in import shred_submissions, submissions_of
from cases.office import Office
from cases.redacted_findings import findings_without
from cases.situation import rows_of
from cases.surgeon import Prepared, Surgeon, WithoutIt
from models.audit import Action, AuditEntry
from models.case import Case
from models.casework import Note, Task, ThirdParty
from models.errors import NotAllowed, PermanentFailure
from models.files import FileSort, sorts_of
from models.message import Message, Outcome
from models.outbox import OutboxMail, OutboxState
from models.person import Submission, SubmissionSort
from models.redaction import Passages, RedactionGround
from models.staff import Role
from store.vault import Vault

_UNFINISHED = (Outcome.PENDING, Outcome.QUARANTINE)
_ON_ITS_WAY = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNCERTAIN)
MOST_FILES = 50
_LARGEST_NUMBER = 2**31


@dataclass(frozen=True, slots=True)
class Redaction:
    """What is to go, and why."""

    passages: Passages
    files: tuple[tuple[str, int, tuple[int, ...]], ...]
    """Each as where it lies: "m" for a mail or "l" for a letter, its number, the places that lead to the file."""
    ground: RedactionGround
    why: str = ""


@dataclass(frozen=True, slots=True)
class Find:
    """Something that holds what is to go."""

    what: str
    """mail, letter, note, page, case, task or party"""
    number: int
    places: tuple[tuple[str, int], ...]
    breaks_signature: bool = False
    before: bytes = b""
    after: bytes = b""

    @property
    def count(self) -> int:
        """Return how many times."""
        return sum(count for _, count in self.places)


@dataclass
class _Search:
    """Looks through a case; what was found can be taken out."""

    session: Session
    vault: Vault
    case: Case
    redaction: Redaction
    surgeon: Surgeon
    now: datetime
    changes: list[tuple[Find, Callable[[], None]]] = field(default_factory=list)
    digests: set[str] = field(default_factory=set)

    def look(self) -> None:
        """Find everything; raises NotAllowed where something cannot be taken out."""
        if self.redaction.passages.stand_in(self.case.requester_address):
            raise NotAllowed("it is a part of the address that the person is answered at: that stays until the erasure")
        self.digests = {self._digest(*file) for file in self.redaction.files}
        for message in rows_of(self.session, Message, self.case):
            self._mail(message)
        for letter in rows_of(self.session, OutboxMail, self.case):
            self._letter(letter)
        for note in rows_of(self.session, Note, self.case):
            self._sealed_text(note, "note", "text", note.id or 0)
        for one in submissions_of(self.session, self.case):
            self._handed_in(one)
        self._columns(self.case, "case", "subject", "requester_name", "proposed_received")
        self._tags()
        for task in rows_of(self.session, Task, self.case):
            self._columns(task, "task", "title")
        for party in rows_of(self.session, ThirdParty, self.case):
            self._columns(party, "party", "name", "address")

    def _digest(self, sort: str, number: int, places: tuple[int, ...]) -> str:
        row: Message | OutboxMail | None = None
        if number < _LARGEST_NUMBER:
            row = self.session.get(Message, number) if sort == "m" else self.session.get(OutboxMail, number)
        is_ours = row is not None and row.case_id == self.case.id
        raw = self._opened(f"{sort}{number}", row.sealed_id) if row and is_ours and row.sealed_id else b""
        digests = self.surgeon.digests_at(raw, places) if raw else ()
        if not digests:
            raise NotAllowed("there is no such file in this case: choose one of the list")
        return digests[0]

    def _mail(self, message: Message) -> None:
        if not message.sealed_id:
            return
        raw = self._opened(f"mail {message.id}", message.sealed_id)
        cut = self.surgeon.cut(raw, message.charset, self.redaction.passages, self.digests)
        if cut is None:
            return
        if message.outcome in _UNFINISHED:
            raise NotAllowed(f"mail {message.id} is not handled yet: redact it when it is")
        found = Find("mail", message.id or 0, cut.places, cut.breaks_signature, raw, cut.raw)
        self.changes.append((found, lambda: self._keep_mail(message, cut)))

    def _keep_mail(self, message: Message, cut: WithoutIt) -> None:
        old, details = message.sealed_id or "", None
        if message.sealed_details:
            details = json.loads(self.vault.open_beside(self.session, old, message.sealed_details))
        message.sealed_id = self.vault.keep(self.session, cut.raw)
        self.session.flush()
        if details is not None:
            told = json.dumps(findings_without(details, self.redaction.passages), ensure_ascii=False).encode()
            message.sealed_details = self.vault.seal_beside(self.session, message.sealed_id, told)
        if self.digests:
            is_identity = self.redaction.ground is RedactionGround.IDENTITY_DOCUMENT
            message.files = sorts_of(cut.files, has_identity=FileSort.IDENTITY in message.files and not is_identity)
        self.session.add(message)
        self._forget(old)

    def _letter(self, letter: OutboxMail) -> None:
        raw = self._opened(f"letter {letter.id}", letter.sealed_id) if letter.sealed_id else b""
        passages = self.redaction.passages
        cut = self.surgeon.cut(raw, "", passages, self.digests) if raw else None
        subject, count = passages.taken_out(letter.subject)
        if cut is None and not count:
            return
        if letter.state in _ON_ITS_WAY:
            raise NotAllowed(
                f"letter {letter.id} holds it and is on its way: wait until it has gone out, or hold it back"
            )
        after = cut.raw if cut else raw
        found = Find("letter", letter.id or 0, cut.places if cut else (("subject", count),), False, raw, after)

        def keep() -> None:
            letter.subject, old = subject, letter.sealed_id
            letter.sealed_id = self.vault.keep(self.session, after)
            self.session.add(letter)
            self._forget(old)

        self.changes.append((found, keep))

    def _sealed_text(self, row: Note | Submission, what: str, part: str, number: int) -> None:
        sealed_id = row.sealed_id or ""
        old = self._opened(f"{what} {number}", sealed_id) if sealed_id else b""
        text, count = self.redaction.passages.taken_out(old.decode("utf-8", "replace"))
        if not count:
            return

        def keep() -> None:
            row.sealed_id = self.vault.keep(self.session, text.encode())
            self.session.add(row)
            self._forget(sealed_id)

        self.changes.append((Find(what, number, ((part, count),), False, old, text.encode()), keep))

    def _handed_in(self, one: Submission) -> None:
        """Look at what came by the requester's page: a file that holds it goes as a whole."""
        if not one.sealed_id:
            return
        if one.sort is SubmissionSort.MESSAGE:
            self._sealed_text(one, "page", "message", one.id or 0)
            return
        content, name = self._opened(f"page {one.id}", one.sealed_id), b""
        if one.sealed_name:
            name = self.vault.open_beside(self.session, one.sealed_id, one.sealed_name)
        passages = self.redaction.passages
        is_chosen = hashlib.sha256(content).hexdigest() in self.digests
        if is_chosen or passages.stand_in_file(content) or passages.stand_in(name.decode("utf-8", "replace")):
            found = Find("page", one.id or 0, (("a file, as a whole", 1),), False, content)
            self.changes.append((found, lambda: shred_submissions(self.session, [one], self.vault, self.now)))

    def _columns(self, row: Case | Task | ThirdParty, what: str, *names: str) -> None:
        texts = {name: self.redaction.passages.taken_out(getattr(row, name)) for name in names}
        found = {name: text for name, (text, count) in texts.items() if count}
        if not found:
            return
        places = tuple((name.replace("_", " "), texts[name][1]) for name in found)

        def keep() -> None:
            for name, text in found.items():
                setattr(row, name, text)
            self.session.add(row)

        before = json.dumps({name: getattr(row, name) for name in found}).encode()
        self.changes.append((Find(what, row.id or 0, places, False, before, json.dumps(found).encode()), keep))

    def _tags(self) -> None:
        tags = [tag for tag in self.case.tags if not self.redaction.passages.stand_in(tag)]
        count = len(self.case.tags) - len(tags)
        if count:
            found = Find("case", self.case.id or 0, (("tags", count),), False, json.dumps(self.case.tags).encode())
            self.changes.append((found, lambda: setattr(self.case, "tags", tags)))

    def _opened(self, what: str, sealed_id: str) -> bytes:
        try:
            return self.vault.open(self.session, sealed_id)
        except PermanentFailure as error:
            raise NotAllowed(
                f"{what} cannot be opened, its bytes are damaged or its key is gone: nobody can tell whether it holds"
                " this, and nothing was changed"
            ) from error

    def _forget(self, sealed_id: str) -> None:
        self.session.flush()
        self.vault.shred(self.session, sealed_id)


def look_for(
    session: Session, vault: Vault, case: Case, redaction: Redaction, surgeon: Surgeon, now: datetime
) -> list[Find]:
    """Return where something stands in a case, and change nothing; raises NotAllowed where it cannot be taken out."""
    return [found for found, _ in _looked(_Search(session, vault, case, redaction, surgeon, now)).changes]


def prepared(
    session: Session, vault: Vault, case: Case, redaction: Redaction, surgeon: Surgeon, now: datetime
) -> Surgeon:
    """Return a surgeon who has seen all mails of a case, so that the deed itself holds nobody up; changes nothing."""
    found = Prepared(surgeon)
    with suppress(NotAllowed):  # the deed says so itself
        look_for(session, vault, case, redaction, found, now)
    return found


def was_redacted(session: Session, message: Message) -> bool:
    """Tell whether something was taken out of a mail."""
    query = select(AuditEntry.seq).where(AuditEntry.message_id == message.id)
    return session.exec(query.where(AuditEntry.action == Action.CONTENT_REDACTED)).first() is not None


def redact(office: Office, redaction: Redaction, surgeon: Surgeon) -> list[Find]:
    """Take something out of a case for good, and put it on record; raises NotAllowed, and then nothing is changed."""
    if not office.actor.role.covers(Role.MANAGER):
        raise NotAllowed(f"redacting needs the role {Role.MANAGER}: it cannot be undone")
    search = _looked(_Search(office.session, office.vault, office.case, redaction, surgeon, office.now))
    if not search.changes:
        raise NotAllowed("nothing is left to redact: it stands nowhere in this case")
    for found, take_out in search.changes:
        _record(office, redaction, found)
        take_out()
    office.remember(f"redacted {redaction.ground}", redaction.why)
    return [found for found, _ in search.changes]


def _looked(search: _Search) -> _Search:
    redaction = search.redaction
    if not redaction.passages.texts and not redaction.files:
        raise NotAllowed("say what is to go: a passage, or a file")
    if len(redaction.files) > MOST_FILES:
        raise NotAllowed(f"at most {MOST_FILES} files at once")
    if redaction.passages.stand_in(redaction.why):
        raise NotAllowed("the reason repeats what is to go: say it in other words")
    search.look()
    return search


def _record(office: Office, redaction: Redaction, found: Find) -> None:
    marks = {
        name: office.vault.signature("redactions", content).hex()
        for name, content in (("before", found.before), ("after", found.after))
    }
    office.audit.append(
        office.session,
        Action.CONTENT_REDACTED,
        at=office.now,
        actor=office.actor.name,
        case_id=office.case.id,
        message_id=found.number if found.what == "mail" else None,
        outbox_id=found.number if found.what == "letter" else None,
        details={
            "ground": redaction.ground,
            "in": f"{found.what} {found.number}" if found.what != "case" else "case",
            "places": found.count,
            "parts": [name for name, _ in found.places],
            "marks": marks,
        },
    )
