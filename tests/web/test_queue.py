"""The queue's own acts: many cases at once, taking it back, saved views, and the part that renews itself."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from front_door import Open
from story import ANA

from cases.arranging import add_task, assign, tag
from models.files import FileSort
from models.message import Message, Outcome
from models.staff import Role
from models.verdict import Label
from service.desk_pages import desk_parts


def cases(desk: Open, count: int = 3) -> list[str]:
    return [desk.story.receives(Label.ACCESS, sender=f"p{number}@mail.example") for number in range(count)]


def bulk(browser, **values: object):  # type: ignore[no-untyped-def]
    return browser.post("/bulk", csrf=browser.get("/").hidden("csrf"), **values)


def test_chosen_cases_are_given_to_somebody_and_the_others_stay(desk: Open) -> None:
    one, two, three = cases(desk)
    page = bulk(desk.sits("ana"), deed="assign", value="ana", case=[one, three], query="")
    assert "done on 2 cases" in page.words
    assert [desk.story.case(case).assigned_to for case in (one, two, three)] == ["ana", "", "ana"]


def test_what_was_done_to_many_is_taken_back_once_but_not_what_somebody_did_since(desk: Open) -> None:
    one, two = cases(desk, 2)
    desk.story.does(ANA, one, lambda office: assign(office, "ben"))
    desk.hire("eve")
    ana = desk.sits("ana")
    number = re.search(r"/bulk/(\d+)/undo", bulk(ana, deed="assign", value="Eve", case=[one, two], query="").text)
    assert number
    desk.story.does(ANA, two, lambda office: assign(office, "dirk"))
    csrf = ana.get("/").hidden("csrf")
    assert ana.post(number[0], csrf=csrf, query="").status == 303
    assert [desk.story.case(case).assigned_to for case in (one, two)] == ["ben", "dirk"]
    assert ana.post(number[0], csrf=csrf, query="").status == 403
    assert desk.sits("ben").post(number[0], csrf=csrf, query="").status == 403


def test_a_tag_that_was_there_before_stays_when_tagging_is_taken_back(desk: Open) -> None:
    one, two = cases(desk, 2)
    desk.story.does(ANA, one, lambda office: tag(office, add=("press",)))
    ana = desk.sits("ana")
    number = re.search(r"/bulk/(\d+)/undo", bulk(ana, deed="tag", value="press", case=[one, two], query="").text)
    assert number
    assert desk.story.case(two).tags == ["press"]
    ana.post(number[0], csrf=ana.get("/").hidden("csrf"), query="")
    assert [desk.story.case(case).tags for case in (one, two)] == [["press"], []]


def test_all_that_fit_are_changed_only_after_the_number_was_confirmed(desk: Open) -> None:
    references = cases(desk, 60)
    other = desk.story.receives(Label.JOB_APPLICATION, sender="j@mail.example")
    ana = desk.sits("ana")
    asked = bulk(ana, deed="tag", value="wave", all="1", query="kind=access")
    assert "This would be done to 60 cases" in ana.get(asked.goes_to).words
    assert desk.story.case(references[0]).tags == []
    done = ana.post(asked.goes_to, csrf=ana.get("/").hidden("csrf"))
    assert "Done on 60 cases" in ana.get(done.goes_to).words
    assert all(desk.story.case(case).tags == ["wave"] for case in references)
    assert desk.story.case(other).tags == []


def test_a_case_that_refuses_is_named_with_its_reason_and_the_others_are_done(desk: Open) -> None:
    one, two = cases(desk, 2)
    ana = desk.sits("ana")
    assert "say which tag" in bulk(ana, deed="tag", value="  ", case=[one], query="").words
    page = bulk(ana, deed="tag", value="x", case=[one, "RD-NOT-THE-RE1", two], query="")
    assert "done on 2 cases" in page.words
    assert "there is no case RD-NOT-THE-RE1" in page.words


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"deed": "assign", "value": "ana"}, "choose cases first"),
        ({"deed": "erase", "value": "ana", "case": ["x"]}, "choose what is to be done"),
        ({"deed": "tag", "value": "x", "case": [f"RD-{n}" for n in range(150)], "all": ""}, "there is no case RD-0"),
    ],
)
def test_nonsense_is_told_and_changes_nothing(desk: Open, values: dict[str, object], says: str) -> None:
    cases(desk, 1)
    assert says in bulk(desk.sits("ana"), query="", **values).words


def test_who_may_not_changes_nothing(desk: Open) -> None:
    (one,) = cases(desk, 1)
    auditor, stranger = desk.sits("dora"), desk.sits("cleo")
    assert bulk(auditor, deed="assign", value="dora", case=[one], query="").status == 403
    assert "there is no case" in bulk(stranger, deed="assign", value="cleo", case=[one], query="").words
    assert bulk(stranger, deed="assign", value="cleo", all="1", query="").status == 409
    assert desk.sits("ana").post("/bulk", csrf="wrong", deed="assign", value="ana", case=[one], query="").status == 403
    assert desk.story.case(one).assigned_to == ""


def test_a_view_is_saved_shown_to_whom_it_is_for_and_deleted_by_its_owner(desk: Open) -> None:
    ana, ben, cleo = desk.sits("ana"), desk.sits("ben"), desk.sits("cleo")
    save = {"csrf": ana.get("/").hidden("csrf"), "query": "kind=erasure&due=7"}
    assert ana.post("/views", name="Mine", **save).goes_to == "/?kind=erasure&due=7"
    ana.post("/views", name="Ours", shared="1", **save)
    assert "Mine" in ana.get("/").words
    assert [name in ben.get("/").words for name in ("Mine", "Ours")] == [False, True]
    cleo_sees = cleo.get("/").words
    assert "Mine" not in cleo_sees
    number = re.search(r'/views/(\d+)/delete"[^<]*<input[^>]*><span>Ours', ana.get("/").text)
    assert number
    gone = {"csrf": ben.get("/").hidden("csrf")}
    assert ben.post(f"/views/{number[1]}/delete", **gone).status == 404
    assert ana.post(f"/views/{number[1]}/delete", csrf=save["csrf"]).status == 303
    assert "Ours" not in ben.get("/").words


def test_a_view_needs_a_name_and_a_filter_and_keeps_no_page_and_no_nonsense(desk: Open) -> None:
    ana = desk.sits("ana")
    csrf = ana.get("/").hidden("csrf")
    assert "no name" in ana.post("/views", csrf=csrf, name=" ", query="due=7").words
    assert "set a filter first" in ana.post("/views", csrf=csrf, name="All", query="page=3&x=y").words
    ana.post("/views", csrf=csrf, name="<b>Evil</b>", query='q="><script>&organisation=elsewhere')
    page = ana.get("/").text
    assert "<b>Evil" not in page
    assert "organisation=elsewhere" not in page


def test_the_part_that_renews_itself_shows_new_cases_and_does_not_keep_anybody_logged_in(desk: Open) -> None:
    cases(desk, 1)
    ana = desk.sits("ana")
    assert "1 case," in ana.get("/?part=list").words
    cases(desk, 3)
    part = ana.get("/?part=list")
    assert "<html" not in part.text
    assert "3 cases," in part.words
    for _ in range(4):
        desk.story.now += timedelta(minutes=20)
        last = ana.get("/?part=list")
    assert (last.status, last.goes_to.partition("?")[0]) == (303, "/login")


def test_names_to_choose_from_are_those_who_work_here(desk: Open) -> None:
    desk.hire("eve", Role.AGENT, "elsewhere")
    desk.password("dora")
    desk.password("ben")
    page = desk.sits("ana").get("/").text
    assert re.findall(r'<option value="(\w+)">', page.partition("owners")[2].partition("</datalist>")[0]) == [
        *("nobody", "ana", "ben", "eve")
    ]


def test_a_reply_and_a_mail_of_the_quarantine_are_counted_for_those_who_may_see_them(desk: Open) -> None:
    (case,) = cases(desk, 1)
    desk.story.receives(Label.FOLLOWUP, sender="p0@mail.example", answers=case)
    with desk.story.database.transaction() as session:
        session.get_one(Message, 1).outcome = Outcome.QUARANTINE
    stranger, dora, ana = desk.sits("cleo"), desk.sits("dora"), desk.sits("ana")
    assert "0 with a new reply 0 in quarantine" in stranger.get("/").words
    assert case in dora.get("/?replied=1").words
    dora.get(f"/cases/{case}")
    assert "1 with a new reply 1 in quarantine" in ana.get("/").words
    assert 'href="/mail?outcome=quarantine"' in ana.get("/").text
    ana.get(f"/cases/{case}")
    assert "0 with a new reply" in dora.get("/").words
    assert case not in dora.get("/?replied=1").words


def test_whom_a_note_mentions_finds_the_case_until_they_opened_it(desk: Open) -> None:
    desk.hire("Ana Berg", of="example")
    one, other = cases(desk, 2)
    ana, ben, dora = desk.sits("ana"), desk.sits("ben"), desk.sits("dora")
    assert not re.search("mentions? you", ben.get("/").words)
    ana.fill(one, "note", words="@Ben, @dora and @ana: see a@ben.example")
    ana.fill(other, "note", words="(@ana berg) <b>calls</b>, @BEN.")
    assert "2 mention you" in ben.get("/").words
    assert not re.search("mentions? you", ana.get("/").words), "nobody mentions themselves"
    assert re.findall(r"RD-[\w-]+ @you|RD-[\w-]+ new @you", ben.get("/?status=all&mention=ben").words) != []
    page = ben.get(f"/cases/{one}").text
    assert page.count("<mark>") == 3
    assert "<mark>@Ben</mark>, <mark>@dora</mark> and <mark>@ana</mark>: see a@ben.example" in page
    assert "<mark>@ana berg</mark>) &lt;b&gt;calls&lt;/b&gt;, <mark>@BEN</mark>." in ben.get(f"/cases/{other}").text
    assert not re.search("mentions? you", ben.get("/").words)
    assert "1 mentions you" in dora.get("/").words
    assert dora.get(f"/cases/{one}").status == 200
    assert not re.search("mentions? you", dora.get("/").words)


def test_who_is_mentioned_in_vain_is_told_when_the_note_is_kept(desk: Open) -> None:
    (case,) = cases(desk, 1)
    desk.password("cleo")
    ana = desk.sits("ana")
    kept = ana.fill(case, "note", words="@cleo, @nobody-here and @<script> please look")
    page = ana.get(kept.goes_to)
    assert "Nobody who may see this case is called cleo or nobody-here" in page.words
    assert "Told to nobody: @cleo, @nobody-here." in page.words
    assert "<mark>" not in page.text
    assert not re.search("mentions? you", desk.sits("cleo").get("/").words)
    ana.fill(case, "note", words="All is well.")
    assert "Nobody who may see" not in ana.get(f"/cases/{case}?told=note").words


def headings(page: str) -> list[str]:
    return re.findall(r'<th scope="col">(?!<)([^<]*)</th>', page)


def test_everybody_chooses_their_columns_and_their_order(desk: Open) -> None:
    cases(desk, 1)
    ana = desk.sits("ana")
    csrf = ana.get("/").hidden("csrf")
    first = ["Due", "Case", "Asks for", "Person", "State", "Identity", "Works on it", "Files", "Received"]
    assert headings(ana.get("/").text) == first
    goes_to = ana.post("/columns", csrf=csrf, query="status=all", column=["language", "tags", "active", "<b>"]).goes_to
    assert goes_to == "/?status=all"
    assert headings(ana.get("/").text) == ["Due", "Case", "Person", "Language", "Tags", "Last change"]
    ana.post("/columns", csrf=csrf, query="", column=["language", "tags"], place_language="1", place_due="4")
    assert headings(ana.get("/?part=list").text) == ["Language", "Case", "Person", "Due", "Tags"]
    for place in ("", "-1", "0", "9" * 50, "x", "\0"):
        assert ana.post("/columns", csrf=csrf, query="", column="role", place_role=place).status == 303
    assert "controller" in ana.get("/").words
    assert ana.post("/columns", csrf="wrong", query="", reset="1").status == 403
    assert headings(desk.sits("ben").get("/").text) == first, "each their own"
    assert ana.post("/columns", csrf=csrf, query="", reset="1").status == 303
    assert headings(ana.get("/").text) == first


def test_further_filters_are_kept_in_the_form_and_in_the_address(desk: Open) -> None:
    one, two = cases(desk, 2)
    desk.story.does(ANA, one, lambda office: tag(office, add=("Press",)))
    ana = desk.sits("ana")
    page = ana.get("/?tag=press&due_from=2026-03-01&due_to=2026-04-30&role=controller&late_from=&identity=odd")
    assert one in page.words
    assert two not in page.words
    assert "identity odd" not in page.words
    assert 'id="due_from" name="due_from" value="2026-03-01"' in page.text
    assert page.text.count('name="tag"') == 1
    carried = ana.get("/?late_from=2026-01-01&mention=ben")
    assert carried.hidden("late_from") == "2026-01-01"
    assert carried.hidden("mention") == "ben"
    told = ana.get("/?q=due:soon+right:everything")
    assert "<code>due:soon</code>, <code>right:everything</code>: it names something that is not there" in told.text
    assert ana.get("/?q=from:p1").words.count(two) >= 1


def test_the_list_tells_what_came_back_what_came_with_it_and_what_is_not_sure(desk: Open) -> None:
    story, files = desk.story, (FileSort.PDF, FileSort.IDENTITY)
    plain = story.receives(Label.COMPLAINT, sender="kim@mail.example")
    case = story.receives(Label.ACCESS, Label.ERASURE, files=files, scores={Label.ACCESS: 0.9, Label.ERASURE: 0.5})
    story.bounce(story.post()[-1])
    ana = desk.sits("ana")
    page = ana.get("/")
    assert f"{case} new letter came back access erasure , not sure" in page.words
    assert "identity? PDF" in page.words
    for query in ("bounced=1", "files=pdf", "files=some", "confidence=doubtful", "q=has:identity"):
        page = ana.get(f"/?{query}")
        assert (case in page.words, plain in page.words) == (True, False), query
        assert plain not in ana.get(f"/cases.csv?{query}").text
        assert plain not in ana.get(f"/print?{query}").words
    assert f"{case} letter came back access, erasure (not sure)" in ana.get("/print?files=pdf").words
    assert "files: pdf" in ana.get("/?files=pdf").words
    assert '<option value="passed" selected>' in ana.get("/?target=passed").text
    for nonsense in ("files=exe", "confidence=0.9", "target=%00", "bounced=yes"):
        assert plain in ana.get(f"/?{nonsense}").words, "what makes no sense narrows nothing"
    assert ana.post("/views", csrf=page.hidden("csrf"), name="Back", query="bounced=1&target=passed").status == 303


def test_chosen_columns_tell_our_own_target_and_the_next_step_as_the_page_of_the_case_does(desk: Open) -> None:
    story = desk.story
    case = story.receives(Label.ACCESS)
    story.does(ANA, case, lambda office: add_task(office, "ask <b>accounts</b>", office.today))
    ana = desk.sits("ana")
    ana.post("/columns", csrf=ana.get("/").hidden("csrf"), query="", column=["target", "next"])
    shown = story.shown(case)["next"]
    assert isinstance(shown, list)
    words = ana.get("/?part=list").words
    assert f"2026-03-30 28 d left {shown[0]['by']} {shown[0]['says']}" in words
    assert shown[0]["says"] in ana.get(f"/cases/{case}").words.partition(" Next ")[2][:120]
    story.now += timedelta(days=29)
    ana = desk.sits("ana")
    assert "2026-03-30 1 d ago" in ana.get("/?part=list&target=passed").words
    assert case not in ana.get("/?target=within_3_days").words


def test_whose_clocks_days_and_times_are_is_said(desk: Open) -> None:
    cases(desk, 1)
    gwen = desk.sits("gwen")
    assert "days of Europe/London" in gwen.get("/").words
    for page in ("/admin/people", "/admin/audit", "/account"):
        assert "imes of Europe/London" in gwen.get(page).words, page
    box = desk.story.mailbox
    other = replace(box, name="tokyo", timezone="Asia/Tokyo", organisation=replace(box.organisation, slug="tokyo"))
    parts = desk_parts(replace(desk.story.desk, mailboxes=(box, other)))
    desk.story.at("2026-03-02 20:00")
    assert parts.local_days(lambda _: True).distinct() == [date(2026, 3, 2), date(2026, 3, 3)]
    assert parts.local_days(lambda slug: slug == "tokyo").distinct() == [date(2026, 3, 3)]
