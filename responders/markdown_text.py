"""The small Markdown that letters are written in, as plain text and as HTML: one source, two faces.

Known are headings (##), paragraphs, lists, **facts** (a date, a reference: bold and never broken), *stressed phrases*,
[links](…), hard line breaks (a backslash at the end of the line) and entities. HTML in the source is shown, never
obeyed. Blank lines part the blocks, also within lists: each block stands alone, so that those which are the same in
every letter are rendered once.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import TextWrapper

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup

from responders.plain_line import one_line

WIDTH = 72
_RULES = ["heading", "list", "emphasis", "link", "escape", "entity", "newline"]
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_REFERENCE = re.compile(r"\bRD(?:-[0-9A-Z]{3}){3}\b")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_BLOCKS_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as mail clients show it."""

    text: str
    html: str


def escaped(value: object) -> Markup:
    """Return a value as Markdown that shows it literally, on one line (CommonMark 2.4); what is Markdown stays."""
    if isinstance(value, Markup):  # a block that an organisation's own template takes over with super()
        return value
    return Markup(_PUNCTUATION.sub(r"\\\1", one_line(str(value))))  # noqa: S704 - Markdown, not HTML


class MarkdownRenderer:
    """Renders letters; safe to use from several threads."""

    def __init__(self) -> None:
        """Set up the parser with the few rules that letters need."""
        self._parser = MarkdownIt("zero").enable([*_RULES, "text_join"])
        self._parser.add_render_rule("text", _whole_text)
        self._block = lru_cache(_BLOCKS_KEPT)(self._render_block)

    def render(self, source: str) -> Rendered:
        """Return the Markdown as wrapped plain text and as an HTML fragment."""
        blocks = [self._block(block) for block in _BLANK_LINES.split(source.strip())]
        text = "\n\n".join(block.text for block in blocks)
        return Rendered(f"{text}\n", "".join(block.html for block in blocks))

    def _render_block(self, source: str) -> Rendered:
        tokens = self._parser.parse(source)
        html = self._parser.renderer.render(tokens, self._parser.options, {})
        return Rendered("\n".join(_plain_lines(tokens)), html)


def _whole_text(_renderer: object, tokens: Sequence[Token], place: int, _options: object, _env: object) -> str:
    """Return a text as HTML in which no line breaks within a reference: programs for mail would, at its hyphens."""
    return _REFERENCE.sub(r'<span class="whole">\g<0></span>', escapeHtml(tokens[place].content))


def _plain_lines(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the lines of a block: headings underlined, list items behind a hyphen."""
    depth = 0
    for opening, token in pairwise(tokens):
        depth += {"bullet_list_open": 1, "bullet_list_close": -1}.get(opening.type, 0)
        if token.type != "inline":
            continue
        text = "".join(_plain_pieces(token.children or []))
        yield from _wrapped(text, "- " if depth else "")
        if opening.type == "heading_open":
            yield "-" * len(text)


def _wrapped(text: str, mark: str) -> Iterator[str]:
    wrapper = TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.initial_indent, wrapper.subsequent_indent = mark, " " * len(mark)
    for line in text.split("\n"):
        yield from wrapper.wrap(line)
        wrapper.initial_indent = wrapper.subsequent_indent


def _plain_pieces(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield inline text; a link as "name (address)", unless its name is the address."""
    name, target = "", ""
    for token in tokens:
        if token.type == "link_open":
            name, target = "", str(token.attrGet("href"))
        elif token.type == "link_close":
            if name != target.removeprefix("mailto:"):
                yield f" ({target})"
        else:
            piece = {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
            name += piece
            yield piece
