"""The requester's page of a case as the case page shows it to staff: the link, and what was handed in.

Keys are stable; times are YYYY-MM-DDTHH:MM:SSZ.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from cases.handing_in import submissions_of
from cases.person_links import address_of, live_link
from cases.person_view import is_withdrawn
from cases.proof_links import live_proof_of
from models.case import Case
from models.errors import PermanentFailure
from models.person import PageSettings, Submission, SubmissionSort
from service.records import moment
from store.link_tokens import LinkPurpose
from store.vault import Vault

Row = dict[str, object]


def page_row(session: Session, case: Case, vault: Vault, page: PageSettings, now: datetime) -> Row:
    """Return what staff see of a requester's page; the link only where it is to be handed over."""
    link, proof, submissions = (
        live_link(session, case, now),
        live_proof_of(session, case, now),
        submissions_of(session, case),
    )
    return {
        "is_offered": bool(page.base_url),
        "link": address_of(vault, page, LinkPurpose.PAGE, link.nonce) if link and page.base_url else None,
        "until": moment(link.ends_at) if link else None,
        "proof_until": moment(proof.ends_at) if proof else None,
        "withdrawn": is_withdrawn(case, submissions),
        "handed_in": list(_rows(session, vault, submissions)),
    }


def _rows(session: Session, vault: Vault, submissions: list[Submission]) -> Iterator[Row]:
    for one in submissions:
        is_file = one.sort is SubmissionSort.FILE
        yield {
            "id": one.id,
            "sort": one.sort.value,
            "at": moment(one.at),
            "name": _name(session, vault, one) if is_file else None,
            "size": one.size if is_file else None,
            "words": _words(session, vault, one) if one.sort is SubmissionSort.MESSAGE else None,
            "question": one.question.value if one.question else None,
            "erased_at": moment(one.erased_at),
        }


def _name(session: Session, vault: Vault, one: Submission) -> str | None:
    if one.sealed_id is None or one.sealed_name is None:
        return None
    try:
        return vault.open_beside(session, one.sealed_id, one.sealed_name).decode()
    except PermanentFailure:
        return None


def _words(session: Session, vault: Vault, one: Submission) -> str:
    try:
        return vault.open(session, one.sealed_id or "").decode()
    except PermanentFailure:
        return "(erased)"
