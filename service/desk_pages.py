"""The desk in the browser, over the parts of a running service."""

import sys
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from cases.office import Office
from models.staff import PLAIN_RULES, Actor, LoginRules
from service.case_records import Shelves, case_details
from service.casework import Casework
from service.desk import Desk
from service.settings import Settings
from web.desk.members import is_anybody_there
from web.desk.parts import DeskParts
from web.desk.set_up_door import SetUpDoor


def desk_parts(desk: Desk, rules: LoginRules = PLAIN_RULES, door: SetUpDoor | None = None) -> DeskParts:
    """Return what the pages need."""

    def do(actor: Actor, reference: str, deed: Callable[[Office], object], override: str, second: str) -> object:
        return Casework(desk, actor, override, second).do(reference, deed)

    def preview(actor: Actor, reference: str, deed: Callable[[Office], object]) -> list[str]:
        return Casework(desk, actor).preview(reference, deed)

    def details(session: Session, reference: str) -> dict[str, Any]:
        return case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))

    return DeskParts(desk.database, desk.vault, desk.audit, desk.mailboxes, desk.now, do, preview, details, rules, door)


def door_to(desk: Desk, settings: Settings) -> SetUpDoor | None:
    """Return the door to a desk where nobody may log in yet, and print what opens it; None where somebody may."""
    url = f"http://{settings.web_host}:{settings.web_port}/setup"

    def tell(code: str) -> None:
        sys.stderr.write(f"nobody may log in yet: make the first administrator at {url} with the code {code}\n")
        sys.stderr.flush()

    with desk.database.reading() as session:
        return None if is_anybody_there(session) else SetUpDoor(tell)
