"""Links to a requester's page in letters: which letters carry them, for how long, and what ends them."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from mailboxes import mailbox, organisation
from sqlmodel import select
from story import ANA, Story

from cases.asking import ask
from cases.clocks import OfficeClock
from cases.person_links import live_link, make_link, revoke_links
from cases.retention import Erasure, Extent, erase
from models.case import Case
from models.casework import PauseReason
from models.errors import NotAllowed
from models.letter import Proof
from models.outbox import CARRIES_PAGE, Template
from models.person import PageSettings, PersonLink
from models.verdict import Label
from responders.letters import LetterWriter
from responders.sample_orders import sample_orders
from store.link_tokens import LinkPurpose, nonce_in

PAGE = PageSettings(base_url="https://privacy.example.org", link_days=30)
LINK = re.compile(r"https://privacy\.example\.org/s/([A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])")


def with_page(story: Story) -> Story:
    story.page = PAGE
    story.__post_init__()
    return story


def links(story: Story) -> list[PersonLink]:
    with story.database.reading() as session:
        found = list(session.exec(select(PersonLink)))
        session.expunge_all()
        return found


def live(story: Story, reference: str) -> str | None:
    with story.database.reading() as session:
        found = live_link(session, story.case(reference), story.now)
        return found.nonce if found else None


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "it", "pt", "nl", "pl"])
def test_an_acknowledgement_holds_the_link_and_its_last_day(tell: Callable[..., Story], language: str) -> None:
    story = with_page(tell(language, languages=(language,)))
    case = story.receives(Label.ACCESS)
    said = story.said(Template.ACKNOWLEDGEMENT_RIGHTS)
    token = LINK.search(said)
    assert token
    assert nonce_in(story.vault, LinkPurpose.PAGE, token[1]) == live(story, case)
    assert "2026" in said.partition(token[1])[2].partition(".")[0] + said.partition(token[1])[2]
    assert case not in token[1]


def test_without_an_address_of_the_pages_no_letter_holds_a_link_and_none_is_made(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    assert "/s/" not in uk.said(Template.ACKNOWLEDGEMENT_RIGHTS)
    assert not links(uk)
    with pytest.raises(NotAllowed, match="base_url"):
        uk.does(ANA, case, make_link)


def test_questions_carry_the_same_link_and_prolong_it(uk: Story) -> None:
    story = with_page(uk)
    case = story.receives(Label.ACCESS)
    before = links(story)
    assert OfficeClock(story.mailbox).local_date(before[0].ends_at) == date(2026, 4, 1)
    story.now += timedelta(days=10)
    story.does(ANA, case, lambda o: ask(o, PauseReason.CLARIFICATION, why="", text="Which year?"))
    after = links(story)
    assert [link.nonce for link in after] == [link.nonce for link in before]
    assert OfficeClock(story.mailbox).local_date(after[0].ends_at) == date(2026, 4, 11)
    said = story.said(Template.CLARIFICATION)
    assert "11 April 2026" in said
    assert LINK.search(said)


def test_a_preview_makes_no_link(uk: Story) -> None:
    case = uk.receives(Label.ACCESS)
    story = with_page(uk)
    from service.casework import Casework

    (letter,) = Casework(story.desk, ANA).preview(
        case, lambda o: ask(o, PauseReason.IDENTITY, why="x", proofs=[Proof.LOGIN])
    )
    assert "privacy.example.org/s/" in letter.replace("=\r\n", "")
    assert not links(story)


def test_staff_end_a_link_and_make_another(uk: Story) -> None:
    story = with_page(uk)
    case = story.receives(Label.ACCESS)
    first = live(story, case)
    story.does(ANA, case, make_link)
    second = live(story, case)
    assert second not in (None, first)
    story.does(ANA, case, revoke_links)
    assert live(story, case) is None
    with pytest.raises(NotAllowed):
        story.does(ANA, case, revoke_links)
    assert [event for event in story.events(case) if "page" in event] == [
        "page_link_made",
        "page_link_made",
        "page_link_revoked",
    ]


def test_a_link_ends_with_its_last_day_and_with_the_contents_of_the_case(uk: Story) -> None:
    story = with_page(uk)
    case = story.receives(Label.ACCESS)
    story.now = links(story)[0].ends_at
    assert live(story, case) is None
    story.now -= timedelta(seconds=1)
    assert live(story, case) is not None
    with story.database.transaction() as session:
        row = session.exec(select(Case)).one()
        erase(
            session, Erasure(row, Extent.CONTENTS, date(2026, 3, 2), "test"), story.vault, story.audit, story.now, "x"
        )
    assert not links(story)
    with pytest.raises(NotAllowed, match="erased"):
        story.does(ANA, case, make_link)


def test_every_letter_with_a_page_says_where_it_is_in_every_language() -> None:
    writer = LetterWriter()
    seen = set()
    for language in writer.languages():
        for order, box in sample_orders(language):
            with_link = replace(order, page_address="https://privacy.example.org/s/XyZ", page_until=date(2026, 9, 5))
            raw = writer.compose(with_link, box).raw.replace(b"=\r\n", b"").decode()
            if order.template in CARRIES_PAGE:
                assert raw.count("https://privacy.example.org/s/XyZ") >= 2, (language, order.template)
                seen.add((language, order.template))
    assert len(seen) == 8 * len(CARRIES_PAGE)


def test_an_organisation_may_say_it_in_other_words(tmp_path, uk: Story) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "page.md").write_text("Look here: [{{ letter.page_address }}]({{ letter.page_address }})\n")
    story = with_page(uk)
    firm = organisation(languages=("en",), templates=tmp_path)
    story.mailbox = mailbox(organisation=firm)
    story.__post_init__()
    story.receives(Label.ACCESS)
    assert "Look here: https://privacy.example.org/s/" in story.said(Template.ACKNOWLEDGEMENT_RIGHTS)
