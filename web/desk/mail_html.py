"""The HTML of a mail made harmless: a page of its own for a frame that may do nothing.

Comes in: HTML and pictures as they came. Goes out: structure and words alone, with the pictures that lie in the mail
itself. No script, form, link, style, class or address of anything elsewhere is left; the policy beside the page forbids
them once more.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

import nh3
from jinja2 import Environment
from markupsafe import Markup

from models.mail import Picture, RichFace

_LARGEST_PICTURE = 512 * 1024
_LARGEST_IN_ALL = 4 * 1024 * 1024
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")
_PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_TAGS = {
    *("p", "div", "span", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "tt", "center"),
    *("b", "strong", "i", "em", "u", "s", "del", "ins", "sub", "sup", "small", "big", "font", "a", "abbr", "q", "cite"),
    *("ul", "ol", "li", "dl", "dt", "dd", "img"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"),
}
_ATTRIBUTES = {
    "*": {"dir", "lang"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_STYLE = (
    "body{margin:0;padding:.75rem;background:#fff;color:#1d2125;font:1rem/1.5 system-ui,sans-serif;"
    "overflow-wrap:anywhere}img{max-width:100%;height:auto}table{border-collapse:collapse}td,th{padding:.15rem .4rem;"
    "vertical-align:top}blockquote{margin:.5rem 0 .5rem .5rem;padding-left:.75rem;border-left:3px solid #d9dde1}"
)
_PAGE = Environment(autoescape=True).from_string(
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light">'
    "<title>A mail</title><style>{{ style }}</style></head><body>{{ body }}</body></html>"
)
FRAME_POLICY = (
    "default-src 'none'; img-src data:; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox"
)
"""What a browser may do with the page: show it in a frame of this desk, with the pictures that it carries."""


@dataclass(frozen=True, slots=True)
class SafePage:
    """A page for the frame."""

    html: str
    left_out: int
    """Pictures from elsewhere that were not loaded."""


def safe_page(face: RichFace) -> SafePage:
    """Return the HTML of a mail made harmless."""
    pictures = _Pictures(face)
    body = nh3.clean(
        face.html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "title", "noscript", "template"},
        attributes=_ATTRIBUTES,
        attribute_filter=pictures.source,
        url_schemes={"cid", "http", "https", "data"},  # all are looked at by the filter, which lets our own data pass
        link_rel=None,
    )
    return SafePage(_PAGE.render(style=Markup(_STYLE), body=Markup(body)), pictures.left_out)  # noqa: S704 - cleaned


@dataclass
class _Pictures:
    """Puts the pictures that lie in the mail in the place of their names, and counts those from elsewhere."""

    face: RichFace
    left_out: int = 0
    _size: int = field(default=0)

    def source(self, tag: str, name: str, value: str) -> str | None:
        """Return an attribute as it is shown, None to leave it out."""
        if tag != "img" or name != "src":
            return value
        scheme, _, rest = value.strip().partition(":")
        if scheme.lower() == "cid":
            return self._inside(self.face.pictures.get(unquote(rest).strip("<>")))
        if scheme.lower() != "data":
            self.left_out += 1
            return None
        content_type, _, content = rest.partition(";base64,")
        return self._shown(content_type.lower(), content)

    def _inside(self, picture: Picture | None) -> str | None:
        if picture is None or len(picture.content) > _LARGEST_PICTURE:
            return None
        return self._shown(picture.content_type, base64.b64encode(picture.content).decode())

    def _shown(self, content_type: str, content: str) -> str | None:
        self._size += len(content)
        if not _BASE64.fullmatch(content):
            return None
        if content_type not in _PICTURES or self._size > _LARGEST_IN_ALL or len(content) > 2 * _LARGEST_PICTURE:
            return None
        return f"data:{content_type};base64,{content}"
