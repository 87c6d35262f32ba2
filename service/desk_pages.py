"""The desk in the browser, over the parts of a running service."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from cases.office import Office
from models.staff import Actor
from service.case_records import Shelves, case_details
from service.casework import Casework
from service.desk import Desk
from service.records import case_rows_of, letter_row, message_row
from service.reports import sla_rows
from web.desk.parts import DeskParts, MachineForms


def desk_parts(desk: Desk) -> DeskParts:
    """Return what the pages need."""

    def do(actor: Actor, reference: str, deed: Callable[[Office], object], override: str, second: str) -> object:
        return Casework(desk, actor, override, second).do(reference, deed)

    def preview(actor: Actor, reference: str, deed: Callable[[Office], object]) -> list[str]:
        return Casework(desk, actor).preview(reference, deed)

    def details(session: Session, reference: str) -> dict[str, Any]:
        return case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))

    machine = MachineForms(case_rows_of, message_row, letter_row, sla_rows)
    parts = (desk.database, desk.vault, desk.audit, desk.mailboxes, desk.now)
    return DeskParts(*parts, do, preview, details, machine, desk.webhooks)
