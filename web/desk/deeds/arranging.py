"""Forms that arrange a case: who works on it, notes, tasks, tags, and other cases beside it."""

from cases.arranging import (
    add_task,
    assign,
    case_beside,
    colleague,
    finish_task,
    link,
    merge,
    split,
    tag,
    write_note,
)
from cases.lifecycle import Deed
from cases.office import Office
from models.verdict import Kind
from web.desk.deeds.fields import Field, Filled, Form, Group, Widget, choice, day, number, one, values

_OTHER = Field("other", "Its reference", is_required=True, hint="Like RD-7KQ-4M2-XN9.")


def _finish_task(office: Office, filled: Filled) -> None:
    finish_task(office, number(filled, "task", "task"))


ARRANGING = (
    Form(
        *("assign", "Who works on it", "Assign", (Field("name", "Name", hint="Empty: nobody."),)),
        lambda office, filled: assign(office, colleague(office, one(filled, "name"))),
    ),
    Form(
        "note",
        "Write a note",
        "Keep",
        (Field("words", "For colleagues", Widget.TEXT, is_required=True, hint="@name mentions somebody."),),
        lambda office, filled: write_note(office, office.vault, one(filled, "words")),
    ),
    Form(
        "task",
        "New task",
        "Add",
        (Field("title", "What is to be done", is_required=True), Field("due", "By", Widget.DAY)),
        lambda office, filled: add_task(office, one(filled, "title"), day(filled, "due")),
    ),
    Form(
        "finish_task", "Task is done", "Done", (Field("task", "Task", Widget.CHOICE, is_required=True),), _finish_task
    ),
    Form(
        *("tag", "New tag", "Add", (Field("tag", "Tag", is_required=True),)),
        lambda office, filled: tag(office, add=(one(filled, "tag")[:80],)),
    ),
    Form(
        *("untag", "Take a tag away", "Take away", (Field("tag", "Tag", Widget.CHOICE, is_required=True),)),
        lambda office, filled: tag(office, remove=(one(filled, "tag"),)),
    ),
    Form(
        *("link", "Link with another case", "Link", (_OTHER,)),
        lambda office, filled: link(office, case_beside(office, one(filled, "other"))),
    ),
    Form(
        *("merge", "Close it into another case", "Merge", (_OTHER,)),
        lambda office, filled: merge(office, case_beside(office, one(filled, "other"))),
        Deed.MERGE,
    ),
    Form(
        "split",
        "Give an item a case of its own",
        "Split off",
        (Field("kind", "Item", Widget.CHOICE, values(Kind), is_required=True),),
        lambda office, filled: split(office, choice(Kind, filled, "kind")),
        Deed.SPLIT,
        group=Group.CASE,
    ),
)
