"""What is to be done in each system for each kind, and when it needs no doing any more."""

from collections.abc import Callable
from datetime import date

import pytest
from conftest import on_sqlite
from story import ANA, Story

from cases.arranging import merge, split
from cases.asking import identify
from cases.deciding import decide
from cases.directory import customer_named, import_customers
from cases.forwarding import forward
from models.case import Ground, Identity, ItemResult
from models.verdict import Kind, Label
from service.casework import case_named

Tell = Callable[..., Story]
SYSTEMS = ("CRM", "mailing list")
IN_EACH_SYSTEM = {
    Kind.ACCESS: "collect what {} holds",
    Kind.PORTABILITY: "export what the person gave us from {}, in a machine-readable form",
    Kind.RECTIFICATION: "correct the data in {}",
    Kind.ERASURE: "erase the data in {}, but what must be kept by law",
    Kind.RESTRICTION: "freeze the data in {}",
    Kind.OBJECTION: "stop the processing in {}",
    Kind.OBJECTION_MARKETING: "put the address on the suppression list of {}",
    Kind.WITHDRAW_CONSENT: "record in {} that consent is withdrawn",
    Kind.CHAT_ERASURE: "wipe the conversations in {}",
    Kind.POST_MORTEM: "find the account of the person who has died in {}",
}
BESIDE = [
    *((kind, "tell those who received the data (GDPR Art. 19)") for kind in (Kind.RECTIFICATION, Kind.ERASURE, Kind.RESTRICTION)),
    (Kind.OBJECTION, "restrict the processing while the objection is examined (GDPR Art. 18(1)(d))"),
    (Kind.AUTOMATED_DECISION, "let a person who may change the decision look at it again"),
    (Kind.INCIDENT, "assess the risk for the people concerned (GDPR Art. 33(1))"),
    (Kind.INCIDENT, "write it into the register of breaches (GDPR Art. 33(5))"),
    (Kind.INCIDENT, "decide whether the people concerned are told (GDPR Art. 34)"),
    (Kind.AUTHORITY, "enter the date that the letter names"),
    (Kind.COMPLAINT, "find out what happened, and write it down"),
]  # fmt: skip


def tasks(story: Story, reference: str) -> list[dict[str, object]]:
    found = story.shown(reference)["tasks"]
    assert isinstance(found, list)
    return found


@on_sqlite
def test_without_named_systems_there_are_no_tasks(uk: Story) -> None:
    assert tasks(uk, uk.receives(*(Label(kind.value) for kind in Kind))) == []


@on_sqlite
def test_each_kind_has_its_tasks_in_each_system_by_its_own_date(tell: Tell) -> None:
    story = tell(systems=SYSTEMS)
    case = story.receives(*(Label(kind.value) for kind in Kind))
    found = [(task["title"], task["due_on"]) for task in tasks(story, case)]
    for kind, title in IN_EACH_SYSTEM.items():
        due = story.due(case, kind)
        for system in SYSTEMS:
            assert (title.format(system), due and due.isoformat()) in found
    for kind, title in BESIDE:
        due = story.due(case, kind)
        assert (title, due and due.isoformat()) in found
    assert len(found) == len(IN_EACH_SYSTEM) * len(SYSTEMS) + len(BESIDE)


@on_sqlite
def test_tasks_end_with_an_item_that_needs_none_of_them(tell: Tell) -> None:
    story, because = tell(systems=SYSTEMS), {"ground": Ground.CONTRACT, "why": "it is"}
    for result in (ItemResult.FULFILLED, ItemResult.NO_DATA, ItemResult.REFUSED, ItemResult.WITHDRAWN):
        case = story.receives(Label.WITHDRAW_CONSENT, sender=f"{result}@mail.example")
        story.does(ANA, case, lambda o, result=result: decide(o, Kind.WITHDRAW_CONSENT, result, **because))  # type: ignore[misc]
        is_to_be_done = result in (ItemResult.FULFILLED, ItemResult.NO_DATA)
        assert [task["done_at"] is None for task in tasks(story, case)] == [is_to_be_done] * len(SYSTEMS), result
        assert {task["done_by"] for task in tasks(story, case)} == ({""} if is_to_be_done else {"ana"}), result


@on_sqlite
def test_only_the_tasks_of_the_item_that_ended_end(tell: Tell) -> None:
    story = tell(systems=("CRM",))
    case = story.receives(Label.OBJECTION_MARKETING, Label.WITHDRAW_CONSENT)
    story.does(ANA, case, lambda office: decide(office, Kind.WITHDRAW_CONSENT, ItemResult.WITHDRAWN))
    left = [task["title"] for task in tasks(story, case) if task["done_at"] is None]
    assert left == ["put the address on the suppression list of CRM"]


@pytest.mark.parametrize("way", ["split", "merge"])
@on_sqlite
def test_tasks_go_where_their_item_goes(tell: Tell, way: str) -> None:
    story = tell(systems=("CRM",))
    wanted = "erase the data in CRM, but what must be kept by law"
    case = story.receives(Label.OBJECTION)
    other = story.receives(Label.ERASURE)
    if way == "split":
        story.does(ANA, other, lambda office: merge(office, case_named(office.session, case)))
        case, other = str(story.does(ANA, case, lambda office: split(office, Kind.ERASURE).reference)), case
    else:
        story.does(ANA, other, lambda office: merge(office, case_named(office.session, case)))
    assert wanted in [task["title"] for task in tasks(story, case)]
    assert wanted not in [task["title"] for task in tasks(story, other)]


@on_sqlite
def test_what_is_passed_on_needs_none_of_our_tasks(tell: Tell) -> None:
    story = tell(systems=("CRM",))
    row = {"name": "Stride", "domains": "", "administrator": "dpo@stride.example"}
    with story.database.transaction() as session:
        import_customers(session, "example", [row])
    case = story.receives(Label.ERASURE)
    story.does(ANA, case, lambda office: forward(office, customer_named(office.session, "example", "Stride"), []))
    assert all(task["done_at"] for task in tasks(story, case))


@on_sqlite
def test_an_erasure_is_done_when_the_backups_are_gone(tell: Tell) -> None:
    story = tell()
    case = story.at("2026-03-02").receives(Label.ERASURE)
    story.does(ANA, case, lambda office: identify(office, Identity.CONFIRMED, level=2, why="the code came back"))
    story.does(ANA, case, lambda office: decide(office, Kind.ERASURE, ItemResult.FULFILLED))
    assert [(task["title"], task["due_on"]) for task in tasks(story, case)] == [
        ("see that the data is gone from the backups, too", date(2026, 5, 31).isoformat())
    ]
