"""What a deed does before its case is locked, so that nobody waits for it."""

from collections.abc import Callable

from cases.office import Office
from models.staff import Actor
from web.desk.forms import Ahead, Filled, Form
from web.desk.parts import DeskParts
from web.desk.visible_cases import Looks, case_of


def readied(
    parts: DeskParts, who: Looks, actor: Actor, reference: str, form: Form, filled: Filled
) -> Callable[[Office, Filled], object]:
    """Return the deed of a form, with what takes long done; raises NotFound for a case that is not theirs."""
    if form.ahead is None:
        return form.deed
    with parts.database.reading() as session:
        case = case_of(session, who, reference)
        return form.ahead(Ahead(session, parts.vault, case, actor, parts.now()), filled)
