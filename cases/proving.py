"""Proof by code, second half: the link shows a code, and the code is entered on the requester's page.

The link is good for days, since a mail may lie; a code for ten minutes and once, since it is typed at once (OWASP ASVS
6.5.5). The ten minutes begin when the person asks for the code, so no slow mail server eats them. Wrong tries are few.
"""

import hmac
import secrets
from datetime import timedelta

from cases.asking import identify, take_answer
from cases.office import Office
from cases.proof_links import live_proof
from models.audit import Action
from models.case import Identity
from models.casework import PauseReason
from models.errors import NotFound
from models.person import AddressProof, Refusal, Refused
from store.vault import Vault

CODE_TIME = timedelta(minutes=10)
METHOD = "code to the address on file"
_MOST_CODES = 10
_MOST_TRIES = 5
_LEVEL = 2


def show_code(office: Office, nonce: str) -> str:
    """Return a fresh code for a link; the code shown before is good no more. Raises NotFound, Refused."""
    proof = live_proof(office)
    if proof is None or proof.nonce != nonce:
        raise NotFound("there is no such proof")
    if proof.codes_shown >= _MOST_CODES:
        raise Refused(Refusal.NO_CODE_LEFT)
    code = f"{secrets.randbelow(10**8):08d}"
    proof.codes_shown += 1
    proof.code_digest, proof.code_until = _digest(office.vault, proof, code), office.now + CODE_TIME
    office.session.add(proof)
    office.note(Action.PROOF_CODE_SHOWN)
    return code


def enter_code(office: Office, code: str) -> Refusal | None:
    """Check a code: the right one confirms the identity at level 2 and answers the question that day.

    Return why it was not right, None where it was; nothing is raised, so that a wrong try is counted.
    """
    proof = live_proof(office)
    if proof is None:
        return Refusal.NO_CODE_LEFT
    if not _is_right(office, proof, code):
        return _note_wrong(office, proof)
    proof.proven_at, proof.code_digest = office.now, ""
    office.session.add(proof)
    _confirm(office)
    return None


def _is_right(office: Office, proof: AddressProof, code: str) -> bool:
    given = _digest(office.vault, proof, "".join(code.split()).replace("-", ""))
    is_in_time = proof.code_until is not None and office.now < proof.code_until
    return hmac.compare_digest(given, proof.code_digest) and is_in_time


def _note_wrong(office: Office, proof: AddressProof) -> Refusal:
    proof.wrong_tries += 1
    office.note(Action.PROOF_CODE_WRONG, tries=proof.wrong_tries)
    is_over = proof.wrong_tries >= _MOST_TRIES
    if is_over:
        proof.ends_at, proof.code_digest = office.now, ""
        office.case.needs_review = True
        office.case.review_reason = f"{_MOST_TRIES} wrong codes were entered on the person's page: ask again, or else"
    office.session.add(proof)
    return Refusal.NO_CODE_LEFT if is_over else Refusal.WRONG_CODE


def _confirm(office: Office) -> None:
    """Confirm the identity, and note the answer to the question; what else waits for a look still does."""
    case = office.case
    looks = case.needs_review, case.review_reason
    is_known = case.identity is Identity.CONFIRMED and case.identity_level > _LEVEL
    if not is_known:
        why = "the code shown by the link to the address on file was entered on the person's page"
        identify(office, Identity.CONFIRMED, level=_LEVEL, method=METHOD, why=why, has_standing=case.has_standing)
    reasons = {one.fact.reason for one in office.situation().open_questions()}
    if PauseReason.IDENTITY in reasons:
        take_answer(office, on=office.today, question=PauseReason.IDENTITY)
    case.needs_review, case.review_reason = looks


def _digest(vault: Vault, proof: AddressProof, code: str) -> str:
    return vault.signature("proof code", f"{proof.nonce} {code}".encode("utf-8", "replace")).hex()
