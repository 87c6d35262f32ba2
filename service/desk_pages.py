"""The desk in the browser, over the parts of a running service."""

import sys
from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from cases.office import Office
from classify.model_files import checked_version
from classify.shelf import Shelf
from models.organisation import Mailbox
from models.staff import PLAIN_RULES, Actor, LoginRules, OidcRules
from service.case_records import Shelves, case_details
from service.casework import Casework
from service.desk import Desk
from service.letter_samples import sample_text
from service.office_book import MadeBook
from service.retaining import erase_planned, planned
from service.settings import Settings
from service.watching import Watch
from web.desk.members import is_anybody_there
from web.desk.oidc import Provider
from web.desk.parts import DeskParts
from web.desk.set_up_door import SetUpDoor


def desk_parts(
    desk: Desk,
    rules: LoginRules = PLAIN_RULES,
    door: SetUpDoor | None = None,
    watch: Watch | None = None,
    oidc: OidcRules | None = None,
) -> DeskParts:
    """Return what the pages need."""

    def do(actor: Actor, reference: str, deed: Callable[[Office], object], override: str, second: str) -> object:
        return Casework(desk, actor, override, second).do(reference, deed)

    def preview(actor: Actor, reference: str, deed: Callable[[Office], object]) -> list[str]:
        return Casework(desk, actor).preview(reference, deed)

    def details(session: Session, reference: str) -> dict[str, Any]:
        return case_details(session, reference, Shelves(desk.mailboxes, desk.vault, desk.now()))

    return DeskParts(
        database=desk.database,
        vault=desk.vault,
        audit=desk.audit,
        mailboxes=desk.mailboxes,
        now=desk.now,
        do=do,
        preview=preview,
        details=details,
        planned_erasures=lambda session, boxes: [row for _, _, row in planned(session, boxes, desk.now())],
        erase_planned=lambda boxes, by: erase_planned(desk.database, boxes, desk.vault, desk.audit, desk.now(), by),
        sample_letter=lambda name, language, own: sample_text(name, language, own.regime, own.templates),
        rules=rules,
        door=door,
        offices=MadeBook(desk.offices) if desk.offices else None,
        issue_of=watch.issue_of if watch else _nothing_known,
        oidc=Provider(oidc, desk.vault) if oidc else None,
        model_version=lambda: _model_version(desk),
    )


def _nothing_known(_mailbox: Mailbox) -> str:
    return "nobody reads it here"


def _model_version(desk: Desk) -> str:
    """Return the version of the model in use, '' where there is no configuration."""
    return checked_version(Shelf(desk.offices.settings.models).in_use()) if desk.offices else ""


def door_to(desk: Desk, settings: Settings) -> SetUpDoor | None:
    """Return the door to a desk where nobody may log in yet, which prints what opens it; None where somebody may."""
    url = f"http://{settings.web_host}:{settings.web_port}/setup"

    def tell(code: str) -> None:
        sys.stderr.write(f"nobody may log in yet: make the first administrator at {url} with the code {code}\n")
        sys.stderr.flush()

    with desk.database.reading() as session:
        return None if is_anybody_there(session) else SetUpDoor(tell)
