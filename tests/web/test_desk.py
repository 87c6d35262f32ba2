"""The desk over a real socket, on both databases: who may see what, what forms do, and what never happens."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pyotp
from front_door import Open
from story import ANA
from walk import desk_routes, filled

from cases.asking import ask
from cases.deciding import decide
from models.audit import Action
from models.case import ItemResult
from models.casework import PauseReason
from models.staff import Role
from models.verdict import Kind, Label
from service.staff import change_member, reset_member

EVIL = '<script>alert(1)</script><img src="https://evil.example/x.png" onerror="alert(2)"> javascript:alert(3)'


def routes() -> list[str]:
    """Every page of the desk that needs somebody logged in."""
    return [path for path in desk_routes() if not path.startswith(("/login", "/setup", "/shared"))]


# -- who is there


def test_without_logging_in_every_page_leads_to_the_log_in(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    for path in routes():
        page = desk.browser().get(filled(path, reference=case))
        assert (page.status, page.goes_to.partition("?")[0]) == (303, "/login"), path
        assert "mara" not in page.text.lower(), path


def test_no_form_does_anything_without_logging_in(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    page = desk.browser().post(f"/cases/{case}/close", version="1", csrf="x")
    assert (page.status, page.goes_to) == (303, "/login")


def test_after_logging_in_one_is_where_one_wanted_to_be_and_never_elsewhere(desk: Open) -> None:
    browser = desk.browser()
    assert browser.get("/mail?outcome=case").goes_to == "/login?next=%2Fmail%3Foutcome%3Dcase"
    password = desk.password("ana")
    assert browser.post("/login", name="ana", password=password, next="/mail").goes_to == "/mail"
    for elsewhere in ("https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert browser.post("/login", name="ana", password=password, next=elsewhere).goes_to == "/"


def test_a_wrong_password_an_unknown_name_and_a_locked_account_look_alike(desk: Open) -> None:
    browser = desk.browser()
    password = desk.password("ana")
    wrong = browser.log_in("ana", "not the password at all")
    unknown = browser.log_in("nobody", "not the password at all")
    for _ in range(4):
        browser.log_in("ana", "not the password at all")
    locked = browser.log_in("ana", password)
    assert {page.status for page in (wrong, unknown, locked)} == {401}
    assert wrong.words == unknown.words == locked.words
    desk.story.now += timedelta(minutes=16)
    assert browser.log_in("ana", password).status == 303


def test_a_one_time_code_counts_once_and_a_recovery_code_too(desk: Open) -> None:
    given = desk.hire("eve", with_codes=True)
    totp = pyotp.parse_uri(given.totp_address)
    assert isinstance(totp, pyotp.TOTP)
    code = totp.at(desk.story.now)
    assert desk.browser().log_in("eve", given.password).status == 401
    assert desk.browser().log_in("eve", given.password, code).status == 303
    assert desk.browser().log_in("eve", given.password, code).status == 401, "the same code again"
    assert desk.browser().log_in("eve", given.password, given.recovery[0]).status == 303
    assert desk.browser().log_in("eve", given.password, given.recovery[0]).status == 401
    as_printed = given.recovery[1].upper()
    assert desk.browser().log_in("eve", given.password, as_printed).status == 303, "capitals do not matter"
    assert desk.browser().log_in("eve", given.password, given.recovery[1]).status == 401
    desk.story.now += timedelta(hours=1)
    for seconds, status in ((90, 401), (-60, 401), (-30, 303)):
        code = totp.at(desk.story.now + timedelta(seconds=seconds))
        assert desk.browser().log_in("eve", given.password, code).status == status, seconds


def test_a_session_ends_after_an_hour_of_rest_and_at_log_out(desk: Open) -> None:
    browser = desk.sits("ana")
    assert browser.get("/").status == 200
    desk.story.now += timedelta(minutes=61)
    assert browser.get("/").status == 303
    browser = desk.sits("ana")
    csrf = browser.get("/").hidden("csrf")
    cookie = dict(browser.cookies)
    assert browser.post("/logout", csrf=csrf).goes_to == "/login"
    browser.cookies = cookie
    assert browser.get("/").status == 303, "the old cookie is worth nothing"


def test_who_is_switched_off_or_reset_is_out_at_once(desk: Open) -> None:
    ana, ben = desk.sits("ana"), desk.sits("ben")
    with desk.story.database.transaction() as session:
        change_member(session, "ana", None, is_active=False)
        given = reset_member(session, desk.story.vault, "ben", with_codes=False)
    assert (ana.get("/").status, ben.get("/").status) == (303, 303)
    assert desk.browser().log_in("ana", desk.password("ana")).status == 401
    assert desk.browser().log_in("ben", given.password).status == 303


def test_a_password_of_ones_own_is_long_and_not_easy(desk: Open) -> None:
    browser, other, old = desk.sits("ana"), desk.sits("ana"), desk.password("ana")
    page = browser.get("/password")

    def change(new: str, again: str = "") -> int:
        return browser.post("/password", csrf=page.hidden("csrf"), old=old, new=new, again=again or new).status

    assert change("x8K2-qq91-LmZ0") == 409, "fourteen characters"
    assert change("passwordpassword") == 409
    assert change("aaaaaaaaaaaaaaaaaaaa") == 409
    assert change("three green kettles sing", "three green kettles sink") == 409
    assert change("three green kettles sing") == 303
    assert (browser.get("/").status, other.get("/").status) == (303, 303), "logged out everywhere"
    assert desk.browser().log_in("ana", "three green kettles sing").status == 303


def test_passwords_and_tokens_are_nowhere_in_the_database(desk: Open) -> None:
    browser = desk.sits("ana")
    member = desk.member("ana")
    assert member.password_hash.startswith("$argon2id$")
    assert desk.password("ana") not in member.password_hash
    with desk.story.database.reading() as session:
        kept = session.connection().exec_driver_sql("select token_digest from staff_session").scalars().all()
    assert browser.cookies["desk"] not in kept


# -- what is seen


def test_somebody_of_another_organisation_sees_nothing_not_even_that_it_is_there(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    cleo = desk.sits("cleo")
    for path in (f"/cases/{case}", "/mail/1", "/cases/RD-222-222-222", "/mail/999"):
        assert cleo.get(path).status == 404, path
    assert case not in cleo.get("/").text
    assert "case" not in cleo.get("/mail").words.partition("newest first")[2]
    assert cleo.post(f"/cases/{case}/close", csrf=cleo.get("/").hidden("csrf"), version="1").status == 404


def test_the_queue_has_the_earliest_date_first_and_filters_are_parts_of_the_address(desk: Open) -> None:
    late = desk.story.receives(Label.ACCESS, sender="late@mail.example")
    soon = desk.story.receives(Label.OBJECTION_MARKETING, sender="soon@mail.example")
    ana = desk.sits("ana")
    text = ana.get("/").text
    assert text.index(soon) < text.index(late)
    assert late not in ana.get("/?kind=objection_marketing").text
    assert soon not in ana.get("/?q=late%40mail").text
    assert ana.get("/?q=%25").words.count("RD-") == 0, "a percent sign is a percent sign"
    assert soon in ana.get("/?due=3").text
    assert late not in ana.get("/?due=3").text
    ana.fill(late, "assign", name="ana")
    assert late in ana.get("/?owner=ana").text
    assert soon in ana.get("/?owner=nobody").text
    desk.story.now += timedelta(days=40)
    assert "overdue" in desk.sits("ana").get("/?due=overdue").words


def test_an_odd_address_shows_a_queue_and_no_error(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    for query in ("page=0", "page=99999999", "page=x", "status=x&kind=x&due=x", "q=%00%27%22%3B--"):
        assert ana.get(f"/?{query}").status == 200, query


def test_an_empty_desk_says_what_will_come(desk: Open) -> None:
    ana = desk.sits("ana")
    assert "Cases appear here by themselves as soon as somebody writes" in ana.get("/").words
    assert "No mail yet" in ana.get("/mail").words


def test_a_case_shows_why_its_date_and_what_to_do_next(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, text="Please send me my data.")
    words = desk.sits("ana").get(f"/cases/{case}").words
    assert "due 2026-04-02" in words
    assert "One month after 2 March 2026: 2 April 2026" in words
    assert "decide on: access" in words
    assert "Please send me my data." in words


def test_that_personal_data_was_looked_at_is_on_record(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    desk.sits("dora").get(f"/cases/{case}")
    entry = next(row for row in desk.story.shown(case)["timeline"] if row["action"] == Action.CASE_VIEWED)  # type: ignore[attr-defined]
    assert entry["actor"] == "dora"


def test_hostile_mail_is_text(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, text=EVIL)
    ana = desk.sits("ana")
    for path in (f"/cases/{case}", "/mail/1", f"/?q={'%3Cscript%3E'}"):
        page = ana.get(path)
        assert page.status == 200
        assert "<script>" not in page.text.lower()
        assert "<img" not in page.text.lower()


def test_every_answer_keeps_to_itself(desk: Open) -> None:
    ana = desk.sits("ana")
    for path in ("/login", "/", "/mail", "/nowhere", "/static/desk.css", "/cases/RD-1"):
        page = ana.get(path)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert page.headers["X-Content-Type-Options"] == "nosniff", path
        assert page.headers["Referrer-Policy"] == "same-origin", path
        if path != "/static/desk.css":
            assert page.headers["Cache-Control"] == "no-store", path
            assert " style=" not in page.text, path
            scripts = re.findall("<script[^>]*>[^<]*", page.text)
            assert scripts == ['<script src="/static/desk.js" defer>'] * ("data-visitor" in page.text), path


def test_nothing_on_a_page_comes_from_elsewhere(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    sheet = (Path(__file__).parents[2] / "web/desk/static/desk.css").read_text()
    assert "url(" not in sheet
    assert "@import" not in sheet
    assert "://" not in desk.sits("ana").get(f"/cases/{case}").text.replace("https://", "", 0).partition("<main")[0]


# -- what forms do


def test_a_question_is_previewed_then_sent_then_answered(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    asked = {"question": "identity", "proofs": ["code", "login"], "why": "unknown address"}
    preview = ana.fill(case, "ask", preview="1", **asked)
    assert preview.status == 200
    assert "reply to our email with that code" in preview.words
    assert 'value="code" checked' in preview.text, "what was filled in stays"
    assert desk.story.case(case).status == "open", "a preview does nothing"
    done = ana.fill(case, "ask", **asked)
    assert done.goes_to == f"/cases/{case}?told=ask"
    desk.story.post()
    assert desk.story.due(case, Kind.ACCESS) is None
    assert "the clock stands still" in ana.get(f"/cases/{case}").words
    assert ana.fill(case, "take_answer", on="2026-03-02").status == 303
    assert desk.story.case(case).status == "open"


def test_what_the_rules_refuse_is_told_beside_what_was_filled_in(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    page = desk.sits("ana").fill(case, "decide", kind="access", result="refused", why="too much work")
    assert page.status == 409
    assert "declining needs a ground" in page.words
    assert 'value="too much work"' in page.text
    assert desk.story.shown(case)["items"][0]["result"] is None  # type: ignore[index]


def test_two_people_set_a_rule_aside_on_the_page(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    giving = {"kind": "access", "result": "fulfilled"}
    ben = desk.sits("ben")
    assert "Set the rule aside, because" in ben.fill(case, "decide", **giving).words
    assert desk.sits("ana").fill(case, "decide", override="x", second="ben", **giving).status == 409
    assert ben.fill(case, "decide", override="known to us for years", second="ana", **giving).status == 303


def test_an_auditor_looks_and_changes_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    dora = desk.sits("dora")
    assert "/close" not in dora.get(f"/cases/{case}").text
    before = len(desk.story.events(case))
    csrf = dora.get("/").hidden("csrf")
    for deed in ("confirm", "ask", "decide", "answer", "close", "assign", "task", "tag", "country"):
        assert dora.post(f"/cases/{case}/{deed}", csrf=csrf, version="0", name="x", title="x").status == 409
    assert set(desk.story.events(case)[before:]) <= {"case_viewed"}


def test_two_people_at_once_do_not_undo_each_other(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana, ben = desk.sits("ana"), desk.sits("ben")
    old = ana.get(f"/cases/{case}")
    ben.fill(case, "assign", name="ben")
    page = ana.post(f"/cases/{case}/assign", csrf=old.hidden("csrf"), version=old.hidden("version"), name="ana")
    assert page.status == 409
    assert "ben changed this case meanwhile" in page.words
    assert desk.story.case(case).assigned_to == "ben"


def test_ones_own_letter_that_leaves_meanwhile_holds_nobody_up(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    ana.fill(case, "write", text="We are looking into it.")
    page = ana.get(f"/cases/{case}")
    desk.story.post()
    hidden = {"csrf": page.hidden("csrf"), "version": page.hidden("version")}
    assert ana.post(f"/cases/{case}/note", words="She rang.", **hidden).status == 303


def test_a_case_is_given_to_nobody_who_could_not_see_it(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    desk.hire("Cleo", Role.ADMINISTRATOR, "elsewhere")
    for name in ("anna", "Cleo", "x" * 500):
        refused = ana.fill(case, "assign", name=name)
        assert refused.status == 409
        assert "nobody who may see this case is called" in refused.words
    assert desk.story.case(case).assigned_to == ""
    ana.fill(case, "assign", name=" ANA ")
    assert desk.story.case(case).assigned_to == "ana"
    ana.fill(case, "assign", name="")
    assert desk.story.case(case).assigned_to == ""


def test_a_form_from_elsewhere_does_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    page = ana.get(f"/cases/{case}")
    hidden = {"version": page.hidden("version"), "name": "mallory"}
    assert ana.post(f"/cases/{case}/assign", csrf="wrong", **hidden).status == 409
    assert ana.post(f"/cases/{case}/assign", **hidden).status == 409
    right = page.hidden("csrf")
    assert ana.post(f"/cases/{case}/assign", csrf=right, origin="https://evil.example", **hidden).status == 409
    assert desk.story.case(case).assigned_to == ""
    assert ana.post("/logout", csrf="wrong").status == 403


NONSENSE: list[tuple[str, dict[str, str]]] = [
    ("ask", {"question": "nonsense"}),
    ("ask", {"question": "identity", "told_on": "yesterday", "why": "x", "proofs": "code"}),
    ("decide", {"kind": "x", "result": "y"}),
    ("identify", {"identity": "none", "why": "x"}),
    ("set_date", {"kind": "authority", "on": "2026-03-20", "why": "x"}),
    ("answer", {"template": "x"}),
    ("finish_task", {"task": "none"}),
    ("task", {"title": ""}),
]


def test_nonsense_in_a_form_is_told_and_changes_nothing(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    for deed, values in NONSENSE:
        page = ana.fill(case, deed, **values)
        assert page.status == 409, deed
        assert 'role="alert"' in page.text, deed
    assert set(desk.story.events(case)) <= {
        *("case_opened", "item_opened", "letter_written", "message_decided", "case_viewed"),
    }


def test_a_deed_that_is_none_is_not_found(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    assert desk.sits("ana").fill(case, "explode").status == 404


# -- times and pages


def test_times_are_those_of_the_organisations_zone(desk: Open) -> None:
    case = desk.story.at("2026-07-01 23:40").receives(Label.ACCESS)  # 22:40 UTC, in British Summer Time
    ana = desk.sits("ana")
    for path in (f"/cases/{case}", "/mail", "/mail/1"):
        page = ana.get(path).text
        assert "2026-07-01 23:40" in page
        assert "22:40" not in page


def test_a_page_number_that_is_none_shows_the_first_page(desk: Open) -> None:
    desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    for path in ("/", "/mail"):
        for number in ("0", "-1", "99999999", "²", "x", "", "1e3"):
            assert ana.get(f"{path}?{urlencode({'page': number})}").status == 200, (path, number)


# -- what is offered


def offered(desk: Open, case: str) -> list[str]:
    return re.findall(r"<summary>([^<]+)</summary>\n<form", desk.sits("ana").get(f"/cases/{case}").text)


def test_only_what_has_something_to_do_is_offered(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    fresh = offered(desk, case)
    assert "address_on_file" not in desk.sits("ana").get(f"/cases/{case}").text, "there is no page to enter a code on"
    assert {"Ask the person", "Identity", "Extend to three months", "Decide on an item"} <= set(fresh)
    assert not {"Remind the person", "What we asked for has come in", "Task is done", "Send the answer"} & set(fresh)
    desk.story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    desk.story.post()
    assert {"Remind the person", "What we asked for has come in"} <= set(offered(desk, case))
    desk.story.does(ANA, case, lambda o: decide(o, Kind.ACCESS, ItemResult.NO_DATA))
    decided = offered(desk, case)
    assert "Send the answer" in decided
    assert not {"Ask the person", "Extend to three months", "Decide on an item"} & set(decided)


def test_a_choice_shows_what_the_case_has_and_the_fitting_letter_first(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS, Label.AUTHORITY)
    page = desk.sits("ana").get(f"/cases/{case}").text
    kinds = re.search(r'<select id="decide-kind".*?</select>', page, re.DOTALL)
    assert kinds
    assert re.findall(r'value="(\w+)"', kinds[0]) == ["access", "authority"]
    for kind in (Kind.ACCESS, Kind.AUTHORITY):
        desk.story.does(ANA, case, lambda o, kind=kind: decide(o, kind, ItemResult.NO_DATA))
    letters = re.search(
        r'<select id="answer-template".*?</select>', desk.sits("ana").get(f"/cases/{case}").text, re.DOTALL
    )
    assert letters
    assert re.findall(r'value="(\w+)"', letters[0])[0] == "answer"


def test_a_task_that_cannot_be_is_refused_in_words(desk: Open) -> None:
    case = desk.story.receives(Label.ACCESS)
    ana = desk.sits("ana")
    for number in ("²", "9" * 30, "-1", "x", ""):
        assert ana.fill(case, "finish_task", task=number).status in (404, 409), number


def test_an_address_that_leads_nowhere_is_told_on_a_page(desk: Open) -> None:
    ana = desk.sits("ana")
    for path in ("/nowhere", "/mail/abc", "/mail/-1", f"/letters/{10**30}", f"/mail/1/attachments/{2**63}"):
        page = ana.get(path)
        assert (page.status, page.headers.get_content_type()) == (404, "text/html"), path
        assert "There is nothing at this address." in page.words, path
    assert ana.post("/dashboard").headers.get_content_type() == "text/html"
    assert desk.browser().get("/healthz").text == '{"status":"alive"}'
