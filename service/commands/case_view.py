"""One case as a person reads it on a terminal: what to do first, then the items and why their dates, then the rest."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from service.commands.options import cell, print_json

Row = Mapping[str, Any]
_ABOUT = (
    *("subject", "received_at", "language", "channel", "acknowledged_at", "assigned_to", "tags", "hints"),
    *("customer", "second_country", "review_reason", "suggested_case", "proposed_received", "merged_into", "linked"),
    *("answered_at", "closed_at", "erase_on"),
)


def tell_case(facts: Row, *, as_json: bool) -> None:
    """Print a case for people, or for machines."""
    if as_json:
        print_json(facts)
    else:
        print_case(facts)


def print_case(facts: Row) -> None:
    """Print a case in sections; empty ones are left out."""
    console = Console(highlight=False)
    console.print(Text(_heading(facts), style="bold"))
    console.print(Padding(Text("\n".join(_about(facts))), (0, 0, 0, 2)))
    for title, lines in _sections(facts):
        if lines:
            console.print()
            console.print(Text(title, style="bold"))
            for line in lines:
                console.print(Padding(Text(line), (0, 0, 0, 2)))


def _heading(facts: Row) -> str:
    due = f"due {facts['due_date']}" if facts["due_date"] else "no due date now"
    return " · ".join([str(facts["reference"]), str(facts["status"]), ", ".join(facts["kinds"]), due])


def _about(facts: Row) -> Iterator[str]:
    yield f"requester: {cell(facts['requester'])}"
    level = f" (level {facts['identity_level']})" if facts["identity"] == "confirmed" else ""
    yield f"identity: {facts['identity']}{level}{', may act for another' if facts['has_standing'] else ''}"
    for name in _ABOUT:
        if facts.get(name):
            yield f"{name.replace('_', ' ')}: {cell(facts[name])}"


def _sections(facts: Row) -> Iterator[tuple[str, list[str]]]:
    yield "Next", [_next(one) for one in facts["next"]]
    for item in facts["items"]:
        yield _item(item), [f"{number}. {step}" for number, step in enumerate(item.get("why", ()), 1)]
    yield (
        "Questions and facts",
        [_joined(row, "kind", "sort", "reason", "on", "answered_on", "proofs", "by") for row in facts["questions"]],
    )
    yield "Tasks", [_task(task) for task in facts["tasks"]]
    yield (
        "Third parties",
        [
            _joined(row, "id", "role", "name", "asked_on", "due_on", "chased_on", "answered_on")
            for row in facts["third_parties"]
        ],
    )
    yield "Notes", [f"{row['at']} {row['by']}: {cell(row['words'])}" for row in facts["notes"]]
    yield (
        "Handed in on the requester's page",
        [_joined(row, "id", "at", "sort", "name", "size", "words", "erased_at") for row in facts["page"]["handed_in"]],
    )
    yield "Mails", [_joined(row, "id", "received_at", "outcome") for row in facts["mails"]]
    yield "Letters", [_joined(row, "id", "template", "to", "state") for row in facts["letters"]]
    yield "Timeline", [_event(row) for row in facts["timeline"]]


def _next(one: Row) -> str:
    by = f"by {one['by']}: " if one["by"] else ""
    letter = f" [{one['template']}]" if one["template"] else ""
    return f"{by}{cell(one['says'])}{letter}"


def _item(item: Row) -> str:
    end = (
        f"{item['result']} on {item['decided_at']}"
        if item["result"]
        else f"due {item['due_date'] or 'when it runs again'}"
    )
    asked = item.get("due_without_pause")
    plain = f", {asked} without questions" if asked and asked != item["due_date"] and not item["result"] else ""
    notice = item.get("extension_notice_by")
    extension = f", extension to be told by {notice}" if notice and not item["result"] else ""
    return f"{item['kind']}: {end}{plain}{extension}"


def _task(task: Row) -> str:
    done = f"done {task['done_at']} by {task['done_by']}" if task["done_at"] else f"due {task['due_on'] or '-'}"
    return f"{task['id']} {cell(task['title'])} ({done})"


def _event(row: Row) -> str:
    details = ", ".join(
        f"{name} {_short(value)}" for name, value in row["details"].items() if value not in (None, "", [])
    )
    return f"{row['at']} {row['actor']}: {row['action'].replace('_', ' ')}{f' ({details})' if details else ''}"


def _short(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _joined(row: Row, *names: str) -> str:
    values: Sequence[object] = [row[name] for name in names]
    return "  ".join(cell(value) for value in values if value is not None)
