"""A letter to the requester in words of staff: in their thread and language, kept like every other letter."""

from collections.abc import Sequence
from dataclasses import replace

from cases.lifecycle import Deed
from cases.office import Office, paragraphs
from cases.situation import Given
from models.audit import Action
from models.letter import Enclosure
from models.outbox import Template


def write(office: Office, text: str, enclosures: Sequence[Enclosure] = ()) -> None:
    """Write to the requester; it answers no item and stops no clock. Raises NotAllowed."""
    office.permit(Deed.WRITE, Given(text=text))
    office.note(Action.PERSON_WRITTEN_TO, enclosures=len(enclosures))
    office.send(replace(office.order(Template.MESSAGE, text=paragraphs(text)), enclosures=tuple(enclosures)))
