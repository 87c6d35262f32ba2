"""Deeds on many cases by programs, on both databases: planned, carried out once, taken back, by the code of the desk."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from conftest import on_postgresql
from front_door import Open
from program import Answer, Program
from sqlmodel import col, select
from story import ANA

from cases.arranging import assign
from models.audit import Action
from models.files import FileSort
from models.outbox import OutboxMail, Template
from models.staff import Role
from models.tokens import Scope
from models.verdict import Label
from models.views import BulkDeed
from web.tokens import Wish, add_token

WORDS = {"letter": "information", "text": "We were away.\n\nWe are back.", "language": "en"}


def cases(desk: Open, count: int = 3) -> list[str]:
    return [desk.story.receives(Label.ACCESS, sender=f"p{number}@mail.example") for number in range(count)]


def program(
    desk: Open,
    name: str = "robot",
    scopes: tuple[Scope, ...] = (Scope.CASES_WRITE,),
    role: Role = Role.AGENT,
    of: str = "",
) -> Program:
    wish = Wish(name, role, of, scopes, desk.story.now + timedelta(days=90))
    with desk.story.database.transaction() as session:
        return Program(desk.server.url, add_token(session, desk.story.audit, wish, "ana", desk.story.now))


def written(desk: Open) -> list[str]:
    with desk.story.database.reading() as session:
        query = select(OutboxMail.to_address).where(col(OutboxMail.template) == Template.MESSAGE)
        return sorted(session.exec(query))


def plans(desk: Open) -> int:
    with desk.story.database.reading() as session:
        return len(session.exec(select(BulkDeed)).all())


def problem(answer: Answer, status: int) -> str:
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text
    return str(answer.json["detail"])


def test_letters_are_planned_read_and_then_sent_once(desk: Open) -> None:
    chosen, robot = cases(desk), program(desk)
    plan = robot.post("/bulk/letter", {"cases": [*chosen, "RD-NOT-THE-RE1"], "dry_run": True, **WORDS}).json
    assert (plan["state"], plan["says"]) == ("planned", "Send: information in your words")
    assert [row["case"] for row in plan["would"]] == chosen
    assert all("We are back." in row["letters"][0] for row in plan["would"])
    assert plan["left_alone"] == [{"case": "RD-NOT-THE-RE1", "why": "there is no case RD-NOT-THE-RE1"}]
    assert {entry.actor for entry in desk.record(Action.CASE_VIEWED)} == {"api:robot"}
    desk.story.does(ANA, chosen[1], lambda office: assign(office, "ben"))
    assert written(desk) == []
    for _ in range(2):
        done = robot.post(f"/plans/{plan['number']}").json
        assert (done["state"], [row["case"] for row in done["done"]]) == ("done", [chosen[0], chosen[2]])
        assert {
            "case": chosen[1],
            "why": "it was changed since it was chosen: look at it, then choose it again",
        } in done["left_alone"]
    assert written(desk) == ["p0@mail.example", "p2@mail.example"]
    assert robot.get(f"/plans/{plan['number']}").json == done


def test_under_one_key_it_is_done_once_however_often_it_is_sent(desk: Open) -> None:
    chosen, robot = cases(desk), program(desk)
    body = {"cases": chosen, **WORDS}

    def send(_number: int) -> Answer:
        return robot.post("/bulk/letter", body, Idempotency_Key="once")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.json["number"] for answer in answers}) == 1
    assert send(0).json["state"] == "done"
    assert written(desk) == [f"p{number}@mail.example" for number in range(3)]
    assert "another request" in problem(robot.post("/bulk/spam", {"cases": chosen}, Idempotency_Key="once"), 422)
    assert plans(desk) == 1


def test_a_plan_that_was_forgotten_is_made_anew_under_its_key(desk: Open) -> None:
    chosen, robot = cases(desk, 1), program(desk)
    body = {"cases": chosen, "dry_run": True, "tag": "wave"}
    first = robot.post("/bulk/tag", body, Idempotency_Key="k").json["number"]
    desk.story.now += timedelta(days=2)
    other = robot.post("/bulk/tag", body).json["number"]
    second = robot.post("/bulk/tag", body, Idempotency_Key="k").json["number"]
    assert second != other
    assert (robot.get(f"/plans/{second}").json["state"], plans(desk)) == ("planned", 2), f"{first} was never begun"


def test_a_filter_chooses_by_files_as_the_list_of_cases_does(desk: Open) -> None:
    cases(desk)
    robot = program(desk)
    one = desk.story.receives(Label.ERASURE, sender="r@mail.example", files=(FileSort.PDF,))
    plan = robot.post("/bulk/tag", {"filter": {"files": "pdf"}, "tag": "files", "dry_run": True}).json
    assert [row["case"] for row in plan["would"]] == [one]


def test_cases_are_given_to_nobody_by_a_name_that_nobody_has(desk: Open) -> None:
    chosen, robot = cases(desk), program(desk)
    plan = robot.post("/bulk/assign", {"cases": chosen, "to": "anna"}).json
    assert [one["case"] for one in plan["left_alone"]] == chosen
    assert all("nobody who may see this case is called anna" in one["why"] for one in plan["left_alone"])
    assert {desk.story.case(case).assigned_to for case in chosen} == {""}


def test_what_fits_a_filter_is_changed_and_taken_back(desk: Open) -> None:
    chosen, robot = cases(desk), program(desk)
    other = desk.story.receives(Label.JOB_APPLICATION, sender="j@mail.example")
    desk.hire("ana")
    plan = robot.post("/bulk/assign", {"filter": {"kind": "access"}, "to": "ana"}).json
    assert [desk.story.case(case).assigned_to for case in (*chosen, other)] == ["ana"] * 3 + [""]
    assert (plan["may_be_taken_back"], plan["says"]) == (True, "Give to ana")
    desk.story.does(ANA, chosen[0], lambda office: assign(office, "ben"))
    assert robot.post(f"/plans/{plan['number']}/undo").json == {"number": plan["number"], "cases": 3}
    assert [desk.story.case(case).assigned_to for case in chosen] == ["ben", "", ""]
    assert "taken back" in problem(robot.post(f"/plans/{plan['number']}/undo"), 409)
    assert "taken back" in problem(robot.post(f"/plans/{plan['number']}"), 409)
    assert robot.get(f"/plans/{plan['number']}").json["state"] == "taken_back"


def test_what_ends_is_foretold_and_cases_are_merged_person_by_person(desk: Open) -> None:
    one, two, three = cases(desk)
    same = desk.story.receives(Label.ERASURE, sender="p2@mail.example")
    robot = program(desk)
    right = robot.post("/bulk/correct", {"cases": [one, two], "kinds": ["erasure"], "dry_run": True}).json
    assert right["says"] == "Set right: erasure"
    ends = {"kinds": ["access"], "due_date": "2026-04-02", "ends": "2026-04-02", "into": None, "letters": []}
    assert right["would"] == [{"case": one} | ends, {"case": two} | ends]
    merged = robot.post("/bulk/merge", {"cases": [one, three, same]}).json
    assert merged["done"] == [{"case": same, "into": three}]
    assert merged["left_alone"] == [{"case": one, "why": "no other of the chosen cases is of the same person"}]
    assert desk.story.shown(same)["merged_into"] == three


@on_postgresql
def test_only_who_may_plans_and_sees_a_plan(desk: Open) -> None:
    chosen = cases(desk, 1)
    robot, other = program(desk), program(desk, "other")
    reader = program(desk, "reader", (Scope.CASES_READ,))
    stranger = program(desk, "stranger", of="elsewhere")
    body = {"cases": chosen, "tag": "x", "dry_run": True}
    number = robot.post("/bulk/tag", body).json["number"]
    for sender in (other, stranger):
        assert [
            ask.status
            for ask in (
                sender.get(f"/plans/{number}"),
                sender.post(f"/plans/{number}"),
                sender.post(f"/plans/{number}/undo"),
            )
        ] == [404] * 3
    assert "no scope" in problem(reader.post("/bulk/tag", body), 403)
    assert desk.sits("ana").get(f"/bulk/{number}").status == 404
    assert "there is no case" in problem(stranger.post("/bulk/tag", body), 409)
    assert "choose cases first" in problem(stranger.post("/bulk/tag", {"filter": {}, "tag": "x"}), 409)
    assert desk.story.case(chosen[0]).tags == []


@on_postgresql
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tag", {"tag": "x"}),
        ("tag", {"cases": ["RD-1"], "filter": {}, "tag": "x"}),
        ("tag", {"cases": [], "tag": "x"}),
        ("tag", {"cases": ["RD-1"] * 501, "tag": "x"}),
        ("tag", {"cases": ["RD-1"], "tag": ""}),
        ("spam", {"cases": ["RD-1"], "tag": "x"}),
        ("correct", {"cases": ["RD-1"], "kinds": ["nonsense"]}),
        ("correct", {"cases": ["RD-1"], "kinds": []}),
        ("letter", {"cases": ["RD-1"], "letter": "refusal"}),
        ("assign", {"filter": {"status": "%"}, "to": "ana"}),
    ],
)
def test_a_body_that_cannot_be_meant_is_refused(desk: Open, path: str, body: dict[str, object]) -> None:
    problem(program(desk).post(f"/bulk/{path}", body), 422)
    assert plans(desk) == 0


@on_postgresql
def test_odd_texts_are_told_in_words(desk: Open) -> None:
    chosen, robot = cases(desk, 1), program(desk)
    for text in ("\0", "%_'\"", "🦆" * 50, " "):
        answer = robot.post("/bulk/tag", {"cases": [*chosen, text[:40]], "tag": text})
        assert answer.status in (200, 409), answer.text
    assert "words of yours" in problem(robot.post("/bulk/letter", {"cases": chosen, "letter": "information"}), 409)
    assert robot.get("/plans/99999999999").status == 422
    assert robot.get("/plans/999999").status == 404
