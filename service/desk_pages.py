"""The desk in the browser, over the parts of a running service."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from sqlmodel import Session

from cases.office import Office
from classify.model_files import checked_version
from classify.shelf import Shelf
from models.by_hand import HandRequest
from models.organisation import Mailbox
from models.staff import PLAIN_RULES, Actor, LoginRules, OidcRules
from models.verdict import Doubt, Label
from service.by_hand import open_by_hand
from service.case_records import Shelves, case_details, due_rows
from service.casework import Casework
from service.correcting import correct
from service.desk import Desk
from service.evidence import evidence_pack, note_export
from service.foreseeing import foresee
from service.hook_book import MadeHookBook
from service.letter_samples import sample_text
from service.office_book import MadeBook
from service.records import case_rows_of, letter_row, message_row
from service.reports import sla_rows
from service.retaining import erase_planned, planned
from service.settings import Settings
from service.watching import Watch
from service.worker import PollReport
from web.desk.members import is_anybody_there
from web.desk.oidc import Provider
from web.desk.parts import DeskParts, MachineForms, PollState
from web.desk.set_up_door import SetUpDoor

_NO_REPORTS: Mapping[str, PollReport] = {}


def desk_parts(
    desk: Desk,
    rules: LoginRules = PLAIN_RULES,
    door: SetUpDoor | None = None,
    watch: Watch | None = None,
    oidc: OidcRules | None = None,
) -> DeskParts:
    """Return what the pages need; the watch knows the last report of every mailbox, as it is when asked for."""
    back = _Back(desk, watch.reports if watch else _NO_REPORTS)
    return DeskParts(
        database=desk.database,
        vault=desk.vault,
        audit=desk.audit,
        mailboxes=desk.mailboxes,
        now=desk.now,
        do=back.do,
        preview=back.preview,
        details=back.details,
        what_if=back.what_if,
        evidence=back.evidence,
        correct=back.correct,
        foresee=partial(foresee, desk),
        open_case=back.open_case,
        polls=back.polls,
        machine=MachineForms(case_rows_of, message_row, letter_row, sla_rows),
        webhooks=desk.webhooks,
        page=desk.page,
        planned_erasures=lambda session, boxes: [row for _, _, row in planned(session, boxes, desk.now())],
        erase_planned=lambda boxes, by: erase_planned(desk.database, boxes, desk.vault, desk.audit, desk.now(), by),
        sample_letter=lambda name, language, own: sample_text(name, language, own.regime, own.templates),
        rules=rules,
        door=door,
        offices=MadeBook(desk.offices) if desk.offices else None,
        hooks=MadeHookBook(desk.offices) if desk.offices else None,
        oidc=Provider(oidc, desk.vault) if oidc else None,
        issue_of=watch.issue_of if watch else _nothing_known,
        model_version=lambda: _model_version(desk),
    )


@dataclass(frozen=True, slots=True)
class _Back:
    """What stands behind the pages."""

    desk: Desk
    reports: Mapping[str, PollReport]

    def do(self, actor: Actor, reference: str, deed: Callable[[Office], object], override: str, second: str) -> object:
        """Do a deed in a case."""
        return Casework(self.desk, actor, override, second).do(reference, deed)

    def preview(self, actor: Actor, reference: str, deed: Callable[[Office], object]) -> list[str]:
        """Return the letters that a deed would write."""
        return Casework(self.desk, actor).preview(reference, deed)

    def details(self, session: Session, reference: str) -> dict[str, Any]:
        """Return a case with all that belongs to it."""
        return case_details(session, reference, self._shelves())

    def what_if(
        self, session: Session, reference: str, answers: date | None, extended: date | None
    ) -> list[dict[str, Any]]:
        """Return the dates of a case as they would be."""
        return due_rows(session, reference, self.desk.mailboxes, answers=answers, extended=extended)

    def evidence(self, reference: str, by: str) -> Iterator[bytes]:
        """Note who asks for a pack, and return its pieces."""
        with self.desk.database.transaction() as session:
            note_export(session, reference, self.desk.audit, self.desk.now(), by)
        return self._packed(reference)

    def correct(
        self,
        number: int,
        labels: Sequence[Label],
        by: str,
        first: Callable[[Session], None] | None = None,
        doubt: Doubt = Doubt.NONE,
    ) -> None:
        """Say what a mail is."""
        correct(self.desk, number, labels, by, first, doubt)

    def open_case(self, request: HandRequest, by: str) -> str:
        """Open a case by hand."""
        return open_by_hand(self.desk, request, by)

    def polls(self) -> list[PollState]:
        """Return how reading each mailbox goes."""
        return [self._poll(box.name, box.organisation.slug) for box in self.desk.mailboxes]

    def _poll(self, name: str, organisation: str) -> PollState:
        report = self.reports.get(name)
        if report is None:
            return PollState(name, organisation, None, None, 0, "")
        return PollState(name, organisation, report.read_at, report.good_at, report.unaccounted, report.error or "")

    def _packed(self, reference: str) -> Iterator[bytes]:
        with self.desk.database.reading() as session:
            yield from evidence_pack(session, reference, self._shelves())

    def _shelves(self) -> Shelves:
        return Shelves(self.desk.mailboxes, self.desk.vault, self.desk.now(), self.desk.page)


def _nothing_known(_mailbox: Mailbox) -> str:
    return "nobody reads it here"


def _model_version(desk: Desk) -> str:
    """Return the version of the model in use, '' where there is no configuration."""
    return checked_version(Shelf(desk.offices.settings.models).in_use()) if desk.offices else ""


def door_to(desk: Desk, settings: Settings) -> SetUpDoor | None:
    """Return the door to a desk where nobody may log in yet, which prints what opens it; None where somebody may."""
    url = f"http://{settings.web_host}:{settings.web_port}/setup"

    def tell(code: str) -> None:
        """Print the code where rightsdesk was started."""
        sys.stderr.write(f"nobody may log in yet: make the first administrator at {url} with the code {code}\n")
        sys.stderr.flush()

    with desk.database.reading() as session:
        return None if is_anybody_there(session) else SetUpDoor(desk.database, desk.vault, tell)
