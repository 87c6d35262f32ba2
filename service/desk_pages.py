"""The desk in the browser, over the parts of a running service."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from cases.office import Office
from models.staff import PLAIN_RULES, Actor, LoginRules
from service.case_records import Shelves, case_details
from service.casework import Casework
from service.desk import Desk
from web.desk.parts import DeskParts


def desk_parts(desk: Desk, rules: LoginRules = PLAIN_RULES) -> DeskParts:
    """Return what the pages need."""

    def do(actor: Actor, reference: str, deed: Callable[[Office], object], override: str, second: str) -> object:
        return Casework(desk, actor, override, second).do(reference, deed)

    def preview(actor: Actor, reference: str, deed: Callable[[Office], object]) -> list[str]:
        return Casework(desk, actor).preview(reference, deed)

    def details(session: Session, reference: str) -> dict[str, Any]:
        return case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))

    return DeskParts(desk.database, desk.vault, desk.audit, desk.mailboxes, desk.now, do, preview, details, rules)
