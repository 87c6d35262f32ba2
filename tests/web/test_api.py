"""The programming interface over a real socket, on both databases: who may, what comes back, what is done once."""

import csv
import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from mailboxes import mailbox, organisation
from program import Answer, Program
from sqlmodel import col, select
from story import Story

from models.accounts import StaffMember
from models.audit import Action, AuditEntry
from models.files import FileSort
from models.outbox import Template
from models.staff import Role
from models.tokens import ApiToken, Scope
from models.verdict import Kind, Label
from service.desk_pages import desk_parts
from service.listening import WebServer
from store.audit import Audit
from store.database import Database
from store.presence import Presence
from store.vault import Vault
from web.api.shapes import CaseRow, LetterRow, MessageRow
from web.desk.forms import FORMS
from web.desk.many.plans import PLANNED
from web.health import Readiness
from web.tokens import Wish, add_token, revoke_token, token_named

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WORK = (Scope.CASES_READ, Scope.CASES_WRITE)
EVERYTHING = tuple(scope for scope in Scope if scope is not Scope.CALENDAR_READ)


class Open:
    """A desk whose interface is open."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.server = WebServer("127.0.0.1", 0, Readiness, desk_parts(story.desk))
        self.server.start()

    def program(
        self,
        *scopes: Scope,
        role: Role = Role.AGENT,
        of: str = "",
        name: str = "robot",
        lasts: timedelta = timedelta(days=90),
    ) -> Program:
        wish = Wish(name, role, of, scopes or EVERYTHING, self.story.now + lasts)
        with self.story.database.transaction() as session:
            return Program(self.server.url, add_token(session, self.story.audit, wish, "ana", self.story.now))

    def nobody(self, token: str = "") -> Program:
        return Program(self.server.url, token)

    def hires(self, *names: str) -> None:
        """Let there be staff of these names, to whom cases can be given."""
        with self.story.database.transaction() as session:
            for name in names:
                session.add(StaffMember(name=name, role=Role.AGENT, password_hash="", created_at=self.story.now))

    def entries(self, action: Action) -> list[AuditEntry]:
        with self.story.database.reading() as session:
            found = list(session.exec(select(AuditEntry).where(col(AuditEntry.action) == action)))
            session.expunge_all()
            return found


@pytest.fixture
def desk(database: Database, vault: Vault, audit: Audit) -> Iterator[Open]:
    presence = Presence(database)
    box = mailbox(organisation=organisation(languages=("en",)))
    opened = Open(Story(database, vault, audit, presence, box, START))
    yield opened
    opened.server.stop()
    presence.leave()


def problem(answer: Answer, status: int) -> str:
    """Return the words of a problem, having looked at its form."""
    assert answer.status == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json["status"] == status
    return str(answer.json["detail"])


# -- who may


def test_without_a_right_token_nothing_is_told(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    for token in ("", "wrong", "rd_" + "x" * 43):
        answer = desk.nobody(token).get(f"/cases/{case}")
        assert "a token is asked for" in problem(answer, 401)
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_ends_when_it_expires_and_when_it_is_revoked(desk: Open) -> None:
    short, long = desk.program(name="short", lasts=timedelta(hours=1)), desk.program(name="long")
    assert short.get("/whoami").status == long.get("/whoami").status == 200
    desk.story.now += timedelta(hours=1)
    assert short.get("/whoami").status == 401
    with desk.story.database.transaction() as session:
        revoke_token(session, desk.story.audit, token_named(session, "long"), "ana", desk.story.now)
    assert long.get("/whoami").status == 401


def test_who_one_is_and_when_one_was_last_there(desk: Open) -> None:
    robot = desk.program(Scope.CASES_READ, of="example")
    assert robot.get("/whoami").json == {
        "name": "robot",
        "role": "agent",
        "organisation": "example",
        "scopes": ["cases:read"],
        "expires_at": "2026-05-31T09:00:00Z",
    }
    with desk.story.database.reading() as session:
        kept = session.exec(select(ApiToken)).one()
        session.expunge(kept)
    assert kept.last_used_at == desk.story.now
    assert robot.token not in kept.model_dump_json()


def test_the_token_of_another_organisation_sees_nothing_not_even_that_it_is_there(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    other = desk.program(of="elsewhere")
    there, missing = other.get(f"/cases/{case}"), other.get("/cases/RD-222-222-222")
    assert problem(there, 404) == problem(missing, 404)
    for path in ("/cases?status=all", "/messages", "/letters", "/due"):
        assert other.get(path).rows == []
    assert case not in other.get("/cases.csv?status=all").text
    assert other.get(f"/cases/{case}/timeline").status == other.get(f"/cases/{case}/deeds").status == 404
    assert other.post(f"/cases/{case}/deeds/tag", {"tag": "x"}).status == 404
    assert other.post(f"/cases/{case}/deeds/tag?preview=1", {"tag": "x"}).status == 404
    assert other.get("/metrics/sla").status == 404
    assert other.get("/metrics/sla?organisation=example").status == 404
    assert "case_viewed" not in desk.story.events(case)


def test_a_token_opens_what_its_scopes_say_and_no_more(desk: Open) -> None:
    opens = {
        Scope.CASES_READ: ("/cases", "/cases.csv", "/cases/RD-1", "/cases/RD-1/timeline", "/due"),
        Scope.MAIL_READ: ("/messages", "/letters"),
        Scope.FIGURES_READ: ("/metrics/sla",),
    }
    for needed, paths in opens.items():
        rest = desk.program(*(scope for scope in EVERYTHING if scope is not needed), name=needed.name)
        for path in paths:
            assert needed in problem(rest.get(path), 403)


def test_who_may_only_read_does_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    before = desk.story.events(case)
    assert desk.program(Scope.CASES_READ).post(f"/cases/{case}/deeds/tag", {"tag": "x"}).status == 403
    auditor = desk.program(*WORK, name="made-by-hand")
    with desk.story.database.transaction() as session:
        token_named(session, "made-by-hand").role = Role.AUDITOR
    assert "only looks" in problem(auditor.post(f"/cases/{case}/deeds/tag", {"tag": "x"}), 403)
    assert desk.story.events(case) == before


def test_many_wrong_tokens_are_asked_to_wait_and_a_right_one_never_is(desk: Open) -> None:
    right, wrong = desk.program(), desk.nobody("wrong")
    other = Open(desk.story)
    elsewhere = Program(other.server.url, "wrong")
    answers = [(wrong, elsewhere)[number % 2].get("/whoami").status for number in range(12)]
    assert answers == [401] * 10 + [429] * 2, "counted for all processes"
    other.server.stop()
    assert int(wrong.get("/whoami").headers["Retry-After"]) == 300
    assert right.get("/whoami").status == 200
    desk.story.now += timedelta(minutes=6)
    assert wrong.get("/whoami").status == 401


# -- what comes back


def test_rows_have_the_keys_of_the_command_line(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    (row,) = robot.get("/cases").rows
    assert (row["reference"], row["due_date"], row["requester"]) == (case, "2026-04-02", "mara@brightmail.example")
    assert list(row) == list(CaseRow.model_fields)
    assert list(robot.get("/messages").rows[0]) == list(MessageRow.model_fields)
    assert list(robot.get("/letters").rows[0]) == list(LetterRow.model_fields)
    assert robot.get(f"/cases/{case.lower()}").json == json.loads(json.dumps(desk.story.shown(case)))


def test_a_case_says_what_can_be_done_and_that_it_was_looked_at(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    deeds = {row["name"]: row for row in robot.get(f"/cases/{case}/deeds").rows}
    assert {"ask", "extend", "decide"} <= set(deeds)
    assert deeds["decide"]["fields"][0] == {"name": "kind", "label": "Item", "choices": ["access"], "required": True}
    assert "case_viewed" not in desk.story.events(case)
    assert robot.get(f"/cases/{case}").json["items"][0]["due_date"] == "2026-04-02"
    assert robot.get(f"/cases/{case}/timeline").rows[-1] == {
        "at": "2026-03-02T09:00:00Z",
        "actor": "api:robot",
        "action": "case_viewed",
        "details": {},
    }


def test_filters_are_those_of_the_queue(desk: Open) -> None:
    access = desk.story.receives(Label.ACCESS, sender="late@mail.example")
    objection = desk.story.receives(Label.OBJECTION_MARKETING, sender="soon@mail.example")
    robot = desk.program()

    def found(query: str) -> list[str]:
        return [row["reference"] for row in robot.get(f"/cases?{query}").rows]

    assert found("") == [access, objection]
    assert found("kind=objection_marketing") == found("due=3") == found("q=soon%40") == [objection]
    assert found("owner=nobody&kind=access") == [access]
    assert found("status=closed") == found("q=%25") == found("review=true") == []
    assert "due" in problem(robot.get("/cases?due=someday"), 422)
    pdf = desk.story.receives(Label.COMPLAINT, files=(FileSort.PDF,), scores={Label.COMPLAINT: 0.7})
    desk.story.bounce(desk.story.post()[-1])
    assert found("files=pdf") == found("files=some") == found("confidence=less_sure") == found("bounced=true") == [pdf]
    assert found("files=archive") == found("target=passed") == found("held=true") == found("replied=true") == []
    assert "files" in problem(robot.get("/cases?files=everything"), 422)


def test_paging_loses_none_and_doubles_none_while_new_ones_come(desk: Open) -> None:
    there = {desk.story.receives(Label.ACCESS, sender=f"p{number}@mail.example") for number in range(120)}
    robot = desk.program()
    first = robot.get("/cases?limit=50&status=all")
    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'
    new = {desk.story.receives(Label.ACCESS, sender=f"q{number}@mail.example") for number in range(3)}
    rest = robot.walk(first.json["next"])
    references = [row["reference"] for row in [*first.rows, *rest]]
    assert len(references) == len(set(references)) == 123
    assert set(references) == there | new
    due = [row["case"] for row in robot.walk("/due?limit=50")]
    assert len(due) == len(set(due)) == 123
    assert len(robot.walk("/messages?limit=100")) == len(robot.walk("/letters?limit=100")) == 123


def test_what_is_due_comes_in_the_order_of_its_date(desk: Open) -> None:
    late = desk.story.receives(Label.ACCESS, sender="late@mail.example")
    soon = desk.story.receives(Label.OBJECTION_MARKETING, sender="soon@mail.example")
    robot = desk.program()
    assert [row["case"] for row in robot.walk("/due?limit=1")] == [soon, late]
    assert [row["case"] for row in robot.get("/due?by=2026-03-10").rows] == [soon]


def test_a_cursor_that_is_none_is_refused_in_words(desk: Open) -> None:
    robot = desk.program()
    for path in ("/cases", "/due", "/messages"):
        for cursor in ("x", "W10", "bnVsbA", "WyJhIl0", "Wy0xXQ", "WzFlOTld", "%00", "%C3%A9", "W1tbW1tbW1s"):
            assert "next link" in problem(robot.get(f"{path}?cursor={cursor}"), 422)


def test_the_figures_are_those_of_the_report(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    robot = desk.program(Scope.FIGURES_READ, role=Role.AUDITOR)
    found = robot.get("/metrics/sla").json
    assert (found["organisation"], found["rows"][0]["kind"], found["rows"][0]["received"]) == ("example", "all", 1)
    assert robot.get("/metrics/sla?from=2026-04-01&to=2026-04-30").rows[0]["received"] == 0
    assert "ends before it begins" in problem(robot.get("/metrics/sla?from=2026-04-01&to=2026-03-01"), 422)
    assert "ends before it begins" in problem(robot.get("/metrics/sla?from=2030-04-01"), 422)
    assert "1970" in problem(robot.get("/metrics/sla?to=9999-12-31"), 422)


# -- what is done


def test_a_question_is_previewed_then_asked_and_the_timeline_names_the_program(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    asked = {"question": "identity", "proofs": ["code"], "why": "unknown address"}
    preview = robot.post(f"/cases/{case}/deeds/ask?preview=true", asked)
    assert preview.status == 200
    assert "reply to our email with that code" in " ".join(preview.json["letters"][0].split())
    assert desk.story.case(case).status == "open"
    done = robot.post(f"/cases/{case}/deeds/ask", asked)
    assert done.json == {"reference": case, "deed": "ask", "done_at": "2026-03-02T09:00:00Z"}
    assert desk.story.case(case).status == "waiting"
    entry = next(row for row in robot.get(f"/cases/{case}/timeline").rows if row["action"] == "question_asked")
    assert entry["actor"] == "api:robot"


def test_a_program_of_a_manager_redacts_and_one_of_an_agent_does_not(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, text="Send me my data. My sister is Zelda Quist.")
    desk.story.post()
    asked = {"passages": "zelda quist", "ground": "other_person"}
    agent, manager = desk.program(), desk.program(role=Role.MANAGER, name="robot-2")
    assert "manager" in problem(agent.post(f"/cases/{case}/deeds/redact", asked | {"sure": True}), 409)
    assert "cannot be undone" in problem(manager.post(f"/cases/{case}/deeds/redact", asked), 409)
    assert manager.post(f"/cases/{case}/deeds/redact", asked | {"sure": True}).status == 200
    assert "nothing is left" in problem(manager.post(f"/cases/{case}/deeds/redact", asked | {"sure": True}), 409)
    (entry,) = desk.entries(Action.CONTENT_REDACTED)
    assert (entry.actor, "zelda" in entry.details.lower()) == ("api:robot-2", False)


def test_the_same_key_does_it_once_and_tells_the_same(desk: Open) -> None:
    case, other = desk.story.receives(Label.ACCESS), desk.story.receives(Label.ACCESS, sender="b@mail.example")
    robot, second = desk.program(), desk.program(name="second")
    asked = {"question": "clarification", "text": "Which year?"}
    first = robot.post(f"/cases/{case}/deeds/ask", asked, Idempotency_Key="k1")
    desk.story.now += timedelta(minutes=5)
    again = robot.post(f"/cases/{case}/deeds/ask", asked, Idempotency_Key="k1")
    assert (first.status, first.json) == (again.status, again.json) == (200, first.json)
    assert desk.story.letters(case).count(Template.CLARIFICATION) == 1
    for path, body in ((case, asked | {"text": "Which month?"}), (other, asked)):
        assert "another request" in problem(robot.post(f"/cases/{path}/deeds/ask", body, Idempotency_Key="k1"), 422)
    assert second.post(f"/cases/{other}/deeds/ask", asked, Idempotency_Key="k1").status == 200, "its own keys"
    desk.story.now += timedelta(days=8)
    robot.post(f"/cases/{other}/deeds/tag", {"tag": "x"}, Idempotency_Key="k2")
    robot.post(f"/cases/{other}/deeds/tag", {"tag": "y"}, Idempotency_Key="k1")
    assert desk.story.case(other).tags == ["x", "y"], "a key is forgotten after a week"


def test_the_same_request_many_times_at_once_is_done_once(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    start = threading.Barrier(4)

    def add(_number: int) -> Answer:
        start.wait()
        return robot.post(f"/cases/{case}/deeds/task", {"title": "look into the shop"}, Idempotency_Key="once")

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(add, range(4)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert len(robot.get(f"/cases/{case}").json["tasks"]) == 1


def test_a_refused_deed_is_asked_anew_with_its_key(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    done = {"task": "1"}
    assert robot.post(f"/cases/{case}/deeds/finish_task", done, Idempotency_Key="k").status == 409
    robot.post(f"/cases/{case}/deeds/task", {"title": "look into the shop"})
    assert robot.post(f"/cases/{case}/deeds/finish_task", done, Idempotency_Key="k").status == 200


def test_a_case_that_somebody_changed_meanwhile_stays_as_it_is(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    desk.hires("ana", "ben")
    tag = robot.get(f"/cases/{case}").headers["ETag"]
    changed = robot.post(f"/cases/{case}/deeds/assign", {"name": "ana"}, If_Match=tag)
    assert changed.status == 200
    assert "meanwhile" in problem(robot.post(f"/cases/{case}/deeds/assign", {"name": "ben"}, If_Match=tag), 412)
    assert desk.story.case(case).assigned_to == "ana"
    assert robot.post(f"/cases/{case}/deeds/assign", {"name": "ben"}, If_Match=changed.headers["ETag"]).status == 200


def test_what_the_rules_refuse_is_told_in_their_words(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    refused = robot.post(f"/cases/{case}/deeds/decide", {"kind": "access", "result": "refused", "why": "much work"})
    assert "declining needs a ground" in problem(refused, 409)
    assert problem(robot.post(f"/cases/{case}/deeds/finish_task", {"task": "77"}), 409)
    giving = {"kind": "access", "result": "fulfilled", "override": "known for years", "second": "ana"}
    assert robot.post(f"/cases/{case}/deeds/decide", giving).status == 409, "an agent sets no rule aside"
    manager = desk.program(role=Role.MANAGER, name="manager")
    assert manager.post(f"/cases/{case}/deeds/decide", giving).status == 200
    assert desk.story.shown(case)["items"][0]["decided_by"] == "api:manager"  # type: ignore[index]
    assert desk.story.due(case, Kind.ACCESS) is not None


def test_a_wrong_field_is_named(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot, before = desk.program(), desk.story.events(case)
    for deed, field, body in (
        ("ask", "question", {"question": "nonsense"}),
        ("ask", "question", {}),
        ("ask", "proofs", {"question": "identity", "proofs": ["code", "blood"]}),
        ("ask", "told_on", {"question": "identity", "told_on": "yesterday"}),
        ("tag", "colour", {"tag": "x", "colour": "red"}),
        ("tag", "tag", {"tag": "x" * 3000}),
        ("tag", "tag", {"tag": 7}),
        ("identify", "standing", {"identity": "confirmed", "standing": "perhaps"}),
    ):
        answer = robot.post(f"/cases/{case}/deeds/{deed}", body)
        problem(answer, 422)
        assert field in answer.json["errors"][0]["field"]
    assert desk.story.events(case) == before


def test_absurd_requests_are_refused_in_words(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    robot = desk.program()
    path = f"/cases/{case}/deeds/tag"
    sent = {"Content-Type": "application/json"}
    problem(robot.ask("POST", path, b'{"tag": ', sent), 422)
    problem(robot.ask("POST", path, b"[" * 200_000, sent), 400)
    problem(robot.post(path, {"tag": "x" * 300_000}), 413)
    problem(robot.ask("POST", path, iter([b"{}"]), sent | {"Transfer-Encoding": "chunked"}), 411)  # type: ignore[arg-type]
    problem(robot.post(f"/cases/{case}/deeds/explode", {}), 404)
    problem(robot.get("/nowhere"), 404)
    problem(robot.ask("DELETE", "/cases"), 405)
    for reference in ("%00", "%ED%A0%80", "'%20or%201=1", "x" * 5000):
        problem(robot.get(f"/cases/{reference}"), 404)
    assert robot.get("/cases?q=%00%25%27&owner=%00").rows == []
    assert robot.post(path, {"tag": "a\u0000b"}).status == 200
    assert desk.story.case(case).tags == ["ab"]


def test_every_form_of_the_desk_is_a_path(desk: Open) -> None:
    told = desk.nobody().get("/openapi.json").json
    posts = {path for path, found in told["paths"].items() if "post" in found}
    assert {path for path in posts if "/deeds/" in path} == {
        f"/cases/{{reference}}/deeds/{form.name}" for form in FORMS
    }
    assert {path for path in posts if "/bulk/" in path} == {f"/bulk/{name}" for name in PLANNED}
    assert desk.nobody().get("/docs").status == desk.nobody().get("/redoc").status == 404


def test_a_program_asks_for_a_deletion_and_agrees_to_none(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    desk.story.post()
    agent, robot = desk.program(), desk.program(role=Role.MANAGER, name="chief")
    asked = {"ground": "test_data", "why": "a trial"}
    assert "ask_deletion" not in {row["name"] for row in agent.get(f"/cases/{case}/deeds").rows}
    assert "role manager" in problem(agent.post(f"/cases/{case}/deeds/ask_deletion", asked), 409)
    assert "ground" in problem(robot.post(f"/cases/{case}/deeds/ask_deletion", {"ground": "whim", "why": "x"}), 422)
    assert robot.post(f"/cases/{case}/deeds/ask_deletion", asked).status == 200
    other = desk.program(role=Role.ADMINISTRATOR, name="other")
    for program in (robot, other):  # both were made by ana, who therefore asked for it
        assert "you asked" in problem(program.post(f"/cases/{case}/deeds/confirm_deletion", {"sure": True}), 409)
    assert robot.get("/cases?deletion=true").rows[0]["reference"] == case
    assert robot.get(f"/cases/{case}").json["deletion"]["person"] == "ana"
    assert robot.post(f"/cases/{case}/deeds/take_back_deletion", {}).status == 200
    assert robot.get("/cases?deletion=true").rows == []


# -- the list as a file


def test_what_the_queue_tells_of_a_case_stands_in_the_file_and_in_the_case(desk: Open) -> None:
    plain = desk.story.receives(Label.ACCESS)
    unsure = desk.story.receives(Label.COMPLAINT, files=(FileSort.PDF,), scores={Label.COMPLAINT: 0.7})
    robot = desk.program()
    rows = {row["reference"]: row for row in csv.DictReader(io.StringIO(robot.get("/cases.csv").text))}
    told = {case: [row[name] for name in ("target", "files", "next", "confidence")] for case, row in rows.items()}
    assert told[plain] == ["2026-03-30", "", "make sure who it is (level 2): from the file, or ask", ""]
    assert told[unsure][1::2] == ["pdf", "less_sure"]
    details = robot.get(f"/cases/{plain}").json
    assert (details["target"], details["files"], details["confidence"]) == ("2026-03-30", [], None)
    details = robot.get(f"/cases/{unsure}").json
    assert (details["files"], details["confidence"]) == (["pdf"], "less_sure")
    assert details["items"][0]["confidence"] == "less_sure"


def test_the_list_as_a_file_has_every_case_that_fits_and_is_on_record(desk: Open) -> None:
    cases = [desk.story.receives(Label.ACCESS, sender=f"=p{number}@mail.example") for number in range(3)]
    soon = desk.story.receives(Label.OBJECTION_MARKETING, sender="soon@mail.example")
    robot = desk.program()
    desk.hires("ana")
    robot.post(f"/cases/{soon}/deeds/assign", {"name": "ana"})
    answer = robot.get("/cases.csv?q=mail.example")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cases-2026-03-02.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["reference"] for row in rows] == [soon, *cases], "in the order of the queue"
    assert (rows[0]["kinds"], rows[0]["assigned_to"]) == ("objection_marketing", "ana")
    assert rows[1]["requester"].startswith("'="), "no formula"
    (entry,) = desk.entries(Action.CASES_EXPORTED)
    assert (entry.actor, json.loads(entry.details)) == (
        "api:robot",
        {"cases": 4, "filters": ["q"], "organisation": ""},
    )
