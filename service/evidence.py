"""The evidence pack of a case: a ZIP with mails, letters, timeline and the explanation of its dates, and its check.

The manifest has the SHA-256 of every file and is sealed under a key derived from the vault's, so that whoever has the
key file can prove that a pack was made here and is whole. Without the key the check still finds damage.
"""

import hashlib
import hmac
import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlmodel import Session, col, select

from cases.handing_in import submissions_of
from ingest.parse import parse
from models.audit import Action, AuditEntry
from models.case import Case
from models.errors import PermanentFailure
from models.message import Message
from models.outbox import OutboxMail
from models.person import SubmissionSort
from service.case_records import Shelves, case_details
from service.casework import case_named
from service.records import moment
from store.audit import Audit
from store.vault import MasterKey, Vault

_MANIFEST, _SEAL = "manifest.json", "seal.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def note_export(session: Session, reference: str, audit: Audit, now: datetime, by: str) -> None:
    """Write into the timeline of a case that its pack is about to leave; raises NotFound."""
    audit.append(session, Action.EVIDENCE_EXPORTED, at=now, actor=by, case_id=case_named(session, reference).id)


def evidence_pack(session: Session, reference: str, shelves: Shelves) -> Iterator[bytes]:
    """Yield the ZIP of a case piece by piece, so that one mail at a time is held; raises NotFound.

    Its bytes depend on the case alone.
    """
    case, hashes, drain = case_named(session, reference), {}, _Drain()
    with zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, content in _files(session, case, shelves):
            hashes[name] = hashlib.sha256(content).hexdigest()
            _add(archive, name, content)
            yield drain.drained()
        manifest = _json(dict(sorted(hashes.items())))
        _add(archive, _MANIFEST, manifest)
        _add(archive, _SEAL, _sealed(shelves.vault, manifest).encode())
    yield drain.drained()


def problems_in(pack: Path, master: MasterKey | None = None) -> list[str]:
    """Return what is wrong with a pack, empty where it is whole; with the key, also whether it was made here.

    Raises PermanentFailure for a file that is no pack.
    """
    try:
        with zipfile.ZipFile(pack) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        expected = json.loads(files[_MANIFEST])
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise PermanentFailure(f"{pack} is no evidence pack: {error}") from error
    found = {name for name in files if name not in (_MANIFEST, _SEAL)}
    problems = [f"{name} is missing" for name in sorted(set(expected) - found)]
    problems += [f"{name} was added" for name in sorted(found - set(expected))]
    problems += [
        f"{name} was changed"
        for name in sorted(found & set(expected))
        if hashlib.sha256(files[name]).hexdigest() != expected[name]
    ]
    if master and not hmac.compare_digest(
        _sealed(Vault(master), files[_MANIFEST]), files.get(_SEAL, b"").decode("ascii", "replace")
    ):
        problems.append("the manifest was not sealed with this key, or was changed")
    return problems


def _files(session: Session, case: Case, shelves: Shelves) -> Iterator[tuple[str, bytes]]:
    yield "case.json", _json(case_details(session, case.reference, shelves))
    if redactions := list(_redactions(session, case, shelves.vault)):
        yield "redactions.json", _json(redactions)
    yield from _mails(session, case.id, shelves.vault)
    yield from _letters(session, case.id, shelves.vault)
    yield from _handed_in(session, case, shelves.vault)


def _redactions(session: Session, case: Case, vault: Vault) -> Iterator[dict[str, object]]:
    """Yield what was redacted, and for mails the digest of what came and of what is kept now."""
    query = select(AuditEntry).where(col(AuditEntry.case_id) == case.id).order_by(col(AuditEntry.seq))
    for entry in session.exec(query.where(col(AuditEntry.action) == Action.CONTENT_REDACTED)):
        row: dict[str, object] = {"at": moment(entry.at), "by": entry.actor, **json.loads(entry.details)}
        message = session.get(Message, entry.message_id) if entry.message_id else None
        if message:
            kept = vault.open(session, message.sealed_id) if message.sealed_id else b""
            row |= {"message": message.id, "sha256_as_received": message.sha256}
            row |= {"sha256_as_kept": hashlib.sha256(kept).hexdigest() if kept else None}
        yield row


def _mails(session: Session, case_id: int | None, vault: Vault) -> Iterator[tuple[str, bytes]]:
    query = select(Message).where(col(Message.case_id) == case_id).order_by(col(Message.id))
    for message in session.exec(query):
        if message.sealed_id:
            raw = vault.open(session, message.sealed_id)
            yield f"received/{message.id}.eml", raw
            if message.charset:  # what the bytes alone do not tell: how staff read them
                yield f"received/{message.id}-read-as-{message.charset}.txt", _readable(raw, message.charset)


def _readable(raw: bytes, charset: str) -> bytes:
    mail = parse(raw, charset)
    return f"{mail.subject}\n\n{mail.body.text}\n".encode()


def _letters(session: Session, case_id: int | None, vault: Vault) -> Iterator[tuple[str, bytes]]:
    query = select(OutboxMail).where(col(OutboxMail.case_id) == case_id).order_by(col(OutboxMail.id))
    for letter in session.exec(query):
        raw = vault.open(session, letter.sealed_id)
        if raw:
            yield f"sent/{letter.id}-{letter.state.value}.eml", raw


def _sealed(vault: Vault, manifest: bytes) -> str:
    return vault.signature("evidence packs", manifest).hex()


def _handed_in(session: Session, case: Case, vault: Vault) -> Iterator[tuple[str, bytes]]:
    """Yield what the requester handed in on their page, as far as it is still kept."""
    for one in submissions_of(session, case):
        if one.sealed_id:
            ending = "txt" if one.sort is SubmissionSort.MESSAGE else "bin"
            yield f"handed-in/{one.id}-{one.sort.value}.{ending}", vault.open(session, one.sealed_id)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode() + b"\n"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)


class _Drain:
    """A file that is written on one side and emptied on the other."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take what the archive writes."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: what was written is there."""

    def drained(self) -> bytes:
        """Return what was written since the last time."""
        drained, self._pieces = b"".join(self._pieces), []
        return drained
