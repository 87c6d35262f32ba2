"""The evidence pack of a case: a ZIP with mails, letters, timeline and the explanation of its dates, and its check.

The manifest has the SHA-256 of every file and is sealed under a key derived from the vault's, so that whoever has the
key file can prove that a pack was made here and is whole. Without the key the check still finds damage.
"""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

from sqlmodel import Session, col, select

from cases.handing_in import submissions_of
from models.audit import Action
from models.case import Case
from models.errors import PermanentFailure
from models.message import Message
from models.outbox import OutboxMail
from models.person import SubmissionSort
from service.case_records import Shelves, case_details
from service.casework import case_named
from store.audit import Audit
from store.vault import MasterKey, Vault

_MANIFEST, _SEAL = "manifest.json", "seal.txt"
_EPOCH = (1980, 1, 1, 0, 0, 0)


def evidence_pack(
    session: Session, reference: str, shelves: Shelves, audit: Audit, master: MasterKey, by: str
) -> bytes:
    """Return the ZIP of a case, and note the export in its timeline; raises NotFound."""
    case = case_named(session, reference)
    details = case_details(session, reference, shelves)
    files = {"case.json": _json(details), **dict(_mails(session, case.id, shelves.vault))}
    files |= dict(_letters(session, case.id, shelves.vault))
    files |= dict(_handed_in(session, case, shelves.vault))
    manifest = _json({name: hashlib.sha256(content).hexdigest() for name, content in sorted(files.items())})
    files |= {_MANIFEST: manifest, _SEAL: _sealed(master, manifest).encode()}
    audit.append(session, Action.EVIDENCE_EXPORTED, at=shelves.now, actor=by, case_id=case.id)
    return _zipped(files)


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
        _sealed(master, files[_MANIFEST]), files.get(_SEAL, b"").decode("ascii", "replace")
    ):
        problems.append("the manifest was not sealed with this key, or was changed")
    return problems


def _mails(session: Session, case_id: int | None, vault: Vault) -> Iterator[tuple[str, bytes]]:
    query = select(Message).where(col(Message.case_id) == case_id).order_by(col(Message.id))
    for message in session.exec(query):
        if message.sealed_id:
            yield f"received/{message.id}.eml", vault.open(session, message.sealed_id)


def _letters(session: Session, case_id: int | None, vault: Vault) -> Iterator[tuple[str, bytes]]:
    query = select(OutboxMail).where(col(OutboxMail.case_id) == case_id).order_by(col(OutboxMail.id))
    for letter in session.exec(query):
        raw = vault.open(session, letter.sealed_id)
        if raw:
            yield f"sent/{letter.id}-{letter.state.value}.eml", raw


def _handed_in(session: Session, case: Case, vault: Vault) -> Iterator[tuple[str, bytes]]:
    """Yield what the requester handed in on their page, as far as it is still kept."""
    for one in submissions_of(session, case):
        if one.sealed_id:
            ending = "txt" if one.sort is SubmissionSort.MESSAGE else "bin"
            yield f"handed-in/{one.id}-{one.sort.value}.{ending}", vault.open(session, one.sealed_id)


def _sealed(master: MasterKey, manifest: bytes) -> str:
    return hmac.new(master.derived("evidence packs"), manifest, hashlib.sha256).hexdigest()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, default=str).encode() + b"\n"


def _zipped(files: dict[str, bytes]) -> bytes:
    """Return a ZIP whose bytes depend on the files alone."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
