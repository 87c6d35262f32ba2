"""HTML mail to good plain text: lists, table rows and links stay readable; what no reader sees is left out.

Quotations (`blockquote type=cite` and the like) come out with "> " before each line, as in a plain mail.
"""

import html
import re

import lxml.html  # type: ignore[import-untyped]
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig

MAX_HTML = 600_000
"""Characters of HTML that are rendered; more is only freed from its tags."""
MAX_LINK = 200

_ANY_TAG = re.compile(r"<\s*(?:!doctype|/?[a-z][a-z0-9:]*)[\s/>]", re.IGNORECASE)
_TAG = re.compile(r"<(?:!--|([^<>]*)>)")
_TAG_NAME = re.compile(r"\s*(/?[a-z0-9]+)", re.IGNORECASE)
_BREAKING = frozenset(
    """
    br p /p div /div tr /tr li /li h1 h2 h3 h4 /h1 /h2 /h3 /h4 table /table ul /ul ol /ol blockquote
    /blockquote hr
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "object", "applet", "meta", "link"})
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|!|$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_CITED = re.compile(r"cite|quote", re.IGNORECASE)
_OPEN, _CLOSE, _CELL = "\ue000", "\ue001", "\ue002"
"""Characters of the private use area: while rendering, they mark where a quotation begins and ends, and a cell ends."""
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}{_CELL}]")
_GAPS = re.compile(r"[ \t\xa0\u2007\u202f]{3,}")
_BLANK_LINES = re.compile(r"\n[ \t\xa0]*(?:\n[ \t\xa0]*){2,}")


def text_from_html(source: str) -> str:
    """Return the readable text of an HTML document or fragment."""
    source = _MARKS.sub("", source)
    if not _ANY_TAG.search(source):
        return html.unescape(source)
    if len(source) > MAX_HTML:
        return text_without_tags(source)
    try:
        return _rendered(source)
    except (RecursionError, lxml.etree.LxmlError, ValueError, TypeError, AttributeError, LookupError, ArithmeticError):
        # The renderer was made for web pages; what hostile markup makes of it must not cost the text.
        return text_without_tags(source)


def text_without_tags(source: str) -> str:
    """Return the text with the tags taken out, in one pass: for documents too large or too odd to render."""
    out: list[str] = []
    end, unseen = 0, ""
    for match in _TAG.finditer(source := _without_comments(source)):
        if not unseen:
            out.append(source[end : match.start()])
        end = match.end()
        named = _TAG_NAME.match(match.group(1) or "")
        name = named.group(1).lower() if named else ""
        if unseen:
            unseen = "" if name == f"/{unseen}" else unseen
        elif name in {"script", "style", "head", "title"}:
            unseen = name
        elif name in _BREAKING:
            out.append("\n")
    return _tidy(html.unescape("".join(out) + source[end:]))


def _without_comments(source: str) -> str:
    out: list[str] = []
    start = 0
    while (begin := source.find("<!--", start)) >= 0 and (end := source.find("-->", begin)) >= 0:
        out.append(source[start:begin])
        start = end + 3
    return "".join(out) + source[start:]


def _rendered(source: str) -> str:
    tree = lxml.html.document_fromstring(source.encode("utf-8"), parser=_parser())
    _prepare(tree)
    config = ParserConfig(css=CSS_PROFILES["strict"])
    text = Inscriptis(tree, config).get_text().replace(_CELL, "  ")
    return _tidy(_with_quote_marks(text))


def _parser() -> lxml.html.HTMLParser:
    # Without `huge_tree` the parser silently drops what is nested deeper than 255 elements.
    return lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)


def _prepare(tree: lxml.html.HtmlElement) -> None:
    """Take out what is not seen, and turn tables, links and quotations into what the renderer shows well."""
    for element in list(tree.iter()):
        tag = element.tag
        if tag in _UNSEEN or _is_hidden(element):
            if element.getparent() is not None:
                element.drop_tree()
        elif tag in {"td", "th"}:
            # Cells are written one after the other: a padded grid of a hostile table fills the memory.
            element.tag = "span"
            element.tail = _CELL + (element.tail or "").strip()
        elif tag in {"table", "tbody", "thead", "tfoot", "tr", "caption"}:
            element.tag = "div"
        elif tag == "a":
            _show_target(element)
        elif tag == "blockquote":
            _mark_quotation(element)


def _is_hidden(element: lxml.html.HtmlElement) -> bool:
    if "hidden" in element.attrib or "preheader" in (element.get("class") or "").lower():
        return True
    style = element.get("style")
    return bool(style and _HIDDEN.search(style))


def _show_target(link: lxml.html.HtmlElement) -> None:
    """Write the address of a link behind its words, unless the words are the address."""
    target = (link.get("href") or "").strip()
    if not target.lower().startswith(("http://", "https://")) or len(target) > MAX_LINK:
        return
    words = link.text_content().strip()
    if words and target.partition("://")[2].rstrip("/").lower() not in words.lower():
        link.tail = f" ({target}){link.tail or ''}"


def _mark_quotation(quote: lxml.html.HtmlElement) -> None:
    marks = " ".join((quote.get("type") or "", quote.get("class") or "", quote.get("id") or ""))
    if not _CITED.search(marks) and "border-left" not in (quote.get("style") or ""):
        return
    opening, closing = lxml.html.Element("div"), lxml.html.Element("div")
    opening.text, closing.text = _OPEN, _CLOSE
    opening.tail, quote.text = quote.text, None
    quote.insert(0, opening)
    quote.append(closing)


def _with_quote_marks(text: str) -> str:
    if _OPEN not in text:
        return text
    out: list[str] = []
    depth = 0
    for line in text.split("\n"):
        depth += line.count(_OPEN) - line.count(_CLOSE)
        bare = _MARKS.sub("", line)
        if bare.strip() or bare == line:
            out.append(">" * min(depth, 20) + " " * (depth > 0) + bare)
    return "\n".join(out)


def _tidy(text: str) -> str:
    lines = map(str.rstrip, _GAPS.sub("  ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")
