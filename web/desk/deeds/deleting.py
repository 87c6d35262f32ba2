"""Forms by which two people delete a case at once: one asks, another one agrees or refuses."""

from cases.deleting import ask_deletion, confirm_deletion, refuse_deletion, take_back_deletion
from cases.office import Office
from models.deletion import DeletionGround
from models.errors import NotAllowed
from web.desk.deeds.fields import Field, Filled, Form, Group, Widget, choice, one, values

CHANGES_SEEN = Field("changes_seen", "I have looked at what changed since it was asked for", Widget.TICK)
_SURE = Field("sure", "I know that this cannot be undone", Widget.TICK)
_GROUND = Field("ground", "Because", Widget.CHOICE, values(DeletionGround), is_required=True)
_WHY = Field("why", "Your reason, for the second person", is_required=True, hint="It goes when the case does.")


def _confirm(office: Office, filled: Filled) -> None:
    if not one(filled, "sure"):
        raise NotAllowed("tick that you know it cannot be undone")
    confirm_deletion(office, changes_seen=bool(one(filled, "changes_seen")))


DELETING = (
    Form(
        *("ask_deletion", "Have this case deleted now", "Ask a second person", (_GROUND, _WHY)),
        lambda office, filled: ask_deletion(office, choice(DeletionGround, filled, "ground"), one(filled, "why")),
        group=Group.DELETION,
    ),
    Form(
        *("confirm_deletion", "Delete this case", "Delete for good", (CHANGES_SEEN, _SURE)),
        _confirm,
        group=Group.DELETION,
    ),
    Form(
        "refuse_deletion",
        "Keep this case",
        "Keep it",
        (Field("why", "Your reason, for who asked", is_required=True),),
        lambda office, filled: refuse_deletion(office, one(filled, "why")),
        group=Group.DELETION,
    ),
    Form(
        *("take_back_deletion", "Take the deletion back", "Take it back", ()),
        lambda office, _: take_back_deletion(office),
        group=Group.DELETION,
    ),
)
