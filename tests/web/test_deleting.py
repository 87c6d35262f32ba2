"""Two people delete a case on its page: what each is shown, and what is refused in words."""

from front_door import Open
from story import ANA

from cases.deciding import close, decide
from models.case import ItemResult
from models.verdict import Kind, Label


def closed(desk: Open) -> str:
    case = desk.story.receives(Label.ACCESS, text="Mara was here.")
    desk.story.post()
    desk.story.does(ANA, case, lambda office: decide(office, Kind.ACCESS, ItemResult.NOT_A_REQUEST))
    desk.story.does(ANA, case, close)
    return case


def test_one_asks_another_one_sees_what_goes_and_deletes_it_once(desk: Open) -> None:
    case = closed(desk)
    ben, gwen = desk.sits("ben"), desk.sits("gwen")
    why = "sent to us by mistake <b>really</b> – 'ärgerlich' %_"
    asked = ben.fill(case, "ask_deletion", ground="unlawfully_received", why=why)
    assert asked.goes_to.endswith("told=ask_deletion")
    again = desk.sits("ben")
    for sitting in (ben, again):
        page = sitting.get(f"/cases/{case}")
        assert "Take it back" in page.words
        assert "Delete for good" not in page.text
        refused = sitting.fill(case, "confirm_deletion", sure="1")
        assert (refused.status, "you asked for it yourself" in refused.words) == (409, True)
    assert "1 deletion asked for" in gwen.get("/").words
    assert case in gwen.get("/?status=all&deletion=1").text
    page = gwen.get(f"/cases/{case}")
    for words in (
        "ben asked for it",
        "1 mail with",
        "1 letter of ours",
        "unlawfully received",
        "no other case of this",
    ):
        assert words in page.words, words
    assert "&lt;b&gt;really&lt;/b&gt; – &#39;ärgerlich&#39; %_" in page.text
    assert "ben asks for this case to be deleted" in page.words
    assert "I have looked at what changed" not in page.words
    assert "cannot be undone" in gwen.fill(case, "confirm_deletion").words
    hidden = {"csrf": page.hidden("csrf"), "version": page.hidden("version")}
    assert gwen.post(f"/cases/{case}/confirm_deletion", sure="1", **hidden).status == 303
    assert gwen.post(f"/cases/{case}/confirm_deletion", sure="1", **hidden).status == 409
    page = ben.get(f"/cases/{case}")
    assert "asked for by ben, agreed to by gwen" in page.words
    assert "mara" not in page.text.lower().replace("summary", "")
    assert "Have this case deleted" not in page.words
    assert desk.story.events(case).count("case_erased") == 1


def test_only_who_may_is_offered_it_and_others_find_no_case(desk: Open) -> None:
    case = closed(desk)
    ana, ben, cleo, dora = (desk.sits(name) for name in ("ana", "ben", "cleo", "dora"))
    values = {"ground": "test_data", "why": "a trial"}
    assert "ask_deletion" not in ana.get(f"/cases/{case}").text
    assert "needs the role manager" in ana.fill(case, "ask_deletion", **values).words
    csrf = dora.get("/").hidden("csrf")
    assert "an auditor looks" in dora.post(f"/cases/{case}/ask_deletion", csrf=csrf, version="1", **values).words
    csrf = cleo.get("/").hidden("csrf")
    assert cleo.post(f"/cases/{case}/ask_deletion", csrf=csrf, version="1", **values).status == 404
    assert ben.post(f"/cases/{case}/ask_deletion", version="1", **values).status == 409, "without its form"
    assert "choose one of the list" in ben.fill(case, "ask_deletion", ground="whim", why="x").words
    assert desk.story.shown(case)["deletion"] is None
    assert ben.fill(case, "ask_deletion", **values).status == 303
    assert "Delete this case?" in ana.get(f"/cases/{case}").words
    assert "confirm_deletion" not in ana.get(f"/cases/{case}").text
    assert "deletion asked for" not in ana.get("/").words
    assert cleo.post(f"/cases/{case}/confirm_deletion", csrf=csrf, version="1", sure="1").status == 404


def test_what_came_meanwhile_is_shown_and_ticked_and_it_may_be_kept(desk: Open) -> None:
    case = closed(desk)
    ben, gwen = desk.sits("ben"), desk.sits("gwen")
    ben.fill(case, "ask_deletion", ground="order", why="the court of Leeds")
    before = gwen.get(f"/cases/{case}")
    hidden = {"csrf": before.hidden("csrf"), "version": before.hidden("version")}
    ben.fill(case, "note", words="The court rang.")
    refused = gwen.post(f"/cases/{case}/confirm_deletion", sure="1", **hidden)
    assert "ben changed this case meanwhile" in refused.words
    page = gwen.get(f"/cases/{case}")
    assert "It changed since that was asked for" in page.words
    assert "ben: case noted" in page.words
    assert "changed since deletion was asked for" in gwen.fill(case, "confirm_deletion", sure="1").words
    assert "ben asked" in gwen.get(f"/cases/{case}").words
    assert gwen.fill(case, "refuse_deletion", why="keep it for the court").status == 303
    page = ben.get(f"/cases/{case}")
    assert "not deleted: keep it for the court" in page.words
    assert "Have this case deleted now" in page.words
