"""One source, two faces: text and HTML say the same, and no value can be more than text."""

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.letter import LetterItem, LetterOrder
from models.organisation import Mailbox, Regime
from models.outbox import Template
from models.verdict import Kind
from responders.letters import LetterWriter
from responders.markdown_text import MarkdownRenderer, escaped
from responders.plain_line import one_line
from responders.sample_orders import sample_mailbox, sample_order, sample_orders

WRITER = LetterWriter()
MAILBOX = sample_mailbox(Regime.EU)
ORDER = sample_order("en", Template.ACKNOWLEDGEMENT_RIGHTS, (LetterItem(Kind.ACCESS, None),), Regime.EU)
Samples = dict[str, tuple[LetterOrder, Mailbox, str, str]]
MARKUP = st.text(max_size=40) | st.text(alphabet="*_[]()<>#`\\!&;:/-+1. \n\t\"'|~={}a", max_size=30)

pytestmark = pytest.mark.slow


class Reader(HTMLParser):
    """What a person sees of an HTML letter; links as the text shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.seen = ""
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if (tag, attrs) != ("span", [("class", "whole")]):  # keeps a reference in one line
            self.tags.append(tag)
        self.attributes.update(name for name, _ in attrs)
        self._hidden = tag in {"style", "title"}
        self.seen += " " if tag in {"p", "li", "h2", "br", "div"} else ""
        if tag == "a":
            self.links.append(str(dict(attrs)["href"]))

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False
        is_named = tag == "a" and not self.seen.endswith(self.links[-1])
        if is_named and not self.links[-1].startswith("mailto:"):
            self.seen += f" ({self.links[-1]})"

    def handle_data(self, data: str) -> None:
        self.seen += "" if self._hidden else data


def faces(order: LetterOrder, mailbox: Mailbox) -> tuple[str, str]:
    mail = message_from_bytes(WRITER.compose(order, mailbox).raw, policy=policy.SMTP)
    assert isinstance(mail, EmailMessage)
    text, html = mail.iter_parts()
    return str(text.get_content()).replace("\r\n", "\n"), str(html.get_content())


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def words(text: str) -> list[str]:
    return [word for word in text.split() if not re.fullmatch(r"-+", word)]


@pytest.fixture(scope="module", params=WRITER.languages())
def samples(request: pytest.FixtureRequest) -> Samples:
    """Every sample letter of a language with both its faces, by what it is: written once, read by each test."""
    return {
        f"{order.template} {mailbox.organisation.regime} {number}": (order, mailbox, *faces(order, mailbox))
        for number, (order, mailbox) in enumerate(sample_orders(request.param))
    }


def test_text_and_html_say_the_same(samples: Samples) -> None:
    for name, (_, mailbox, text, html) in samples.items():
        assert words(read(html).seen) == words(mailbox.organisation.name) + words(text), name


def test_the_lines_of_the_text_are_short(samples: Samples) -> None:
    assert {
        name: line
        for name, (_, _, text, _) in samples.items()
        for line in text.splitlines()
        if len(line) > 72 and not line.startswith("https://")
    } == {}


def test_no_line_ends_within_a_reference_an_address_or_a_link(samples: Samples) -> None:
    contact = "data-protection-officer@the-company-with-a-long-name.example"
    for name, (order, mailbox, _, _) in samples.items():
        own = replace(mailbox.organisation, contact=contact)
        text, html = faces(order, replace(mailbox, organisation=own))
        whole = [contact, order.reference, order.page_address, *(line.reference for line in order.lines)]
        for value in filter(None, whole):
            assert text.count(value) == "".join(text.split()).count(value), (name, value)
        # In the HTML face it is the reader's program that breaks lines: here it may not.
        seen = re.sub(r'<span class="whole">[^<]*</span>', "", html.partition("<body>")[2])
        assert not [line for line in (order.reference, *whole[3:]) if line and line in seen], name
        assert ".whole { white-space: nowrap; }" in html


def test_the_html_fetches_and_runs_nothing(samples: Samples) -> None:
    for name, (_, _, _, html) in samples.items():
        reader = read(html)
        assert not set(reader.tags) & {"img", "script", "link", "iframe", "object", "form", "base", "video"}, name
        given = {attribute for attribute in reader.attributes if attribute.startswith("on")}
        assert not given | (reader.attributes & {"src", "srcset", "background"}), name
        assert "url(" not in html, name
        assert "@import" not in html, name


def test_the_html_says_its_language_and_fits_a_phone_in_the_dark(samples: Samples) -> None:
    for name, (order, _, _, html) in samples.items():
        assert f'<html lang="{order.language}">' in html, name
        assert "width=device-width" in html, name
        assert "prefers-color-scheme: dark" in html, name


def test_a_heading_stands_alone_and_underlined() -> None:
    text, _ = faces(ORDER, MAILBOX)
    assert "\n\nWhat we understood\n------------------\n\n" in text


def test_a_link_that_is_its_own_name_is_written_once() -> None:
    text, html = faces(ORDER, MAILBOX)
    assert text.count("privacy@example.org") == 1
    assert '<a href="mailto:privacy@example.org">privacy@example.org</a>' in html


def test_a_contact_that_is_no_address_is_no_link() -> None:
    organisation = replace(MAILBOX.organisation, contact="Data Protection, 2nd floor")
    text, html = faces(ORDER, replace(MAILBOX, organisation=organisation))
    assert "Data Protection, 2nd floor" in text
    assert "mailto:" not in html


@given(name=MARKUP, address=MARKUP, reference=MARKUP)
@example(name="\u00a0", address="\u3000", reference="\u202f")
def test_no_value_can_be_more_than_text(name: str, address: str, reference: str) -> None:
    organisation = replace(MAILBOX.organisation, name=f"N{name}", address=f"A{address}")
    _, html = faces(replace(ORDER, reference=f"R{reference}"), replace(MAILBOX, organisation=organisation))
    _, plain_html = faces(ORDER, MAILBOX)
    assert read(html).tags == read(plain_html).tags
    assert read(html).links == read(plain_html).links


@given(value=MARKUP)
def test_an_escaped_value_shows_itself(value: str) -> None:
    rendered = MarkdownRenderer().render(f"x {escaped(value)} y")
    assert read(rendered.html).seen.split() == ["x", *one_line(value).split(), "y"]
    assert rendered.text.split() == ["x", *one_line(value).split(), "y"]


@given(value=st.text())
def test_one_line_is_one_line(value: str) -> None:
    line = one_line(value)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert one_line(line) == line


def test_html_in_a_template_is_shown_not_obeyed() -> None:
    assert "<script" not in MarkdownRenderer().render("<script>alert(1)</script> <b>x</b>").html


def test_a_long_link_is_not_broken() -> None:
    address = f"https://example.org/{'x' * 100}"
    assert f"({address})" in MarkdownRenderer().render(f"[name]({address})").text


def test_a_dangerous_link_is_no_link() -> None:
    assert "<a" not in MarkdownRenderer().render("[name](javascript:alert\\(1\\))").html
