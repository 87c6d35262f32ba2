"""The HTML of a mail is shown without anything that acts, covers or loads."""

import re

import pytest
from builders import mail

from ingest.parse import rich_face
from models.mail import Picture, RichFace
from web.desk.mail_html import safe_page

PNG = Picture("image/png", b"\x89PNG picture")


def shown(html: str, **pictures: Picture) -> str:
    return safe_page(RichFace(html, pictures)).html.partition("<body>")[2]


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1) onmouseover='x'>hi</p>",
        "<img src=x onerror=alert(1)>",
        "<svg><script>alert(1)</script><a xlink:href='javascript:alert(1)'></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style>",
        "<iframe src='https://evil.example'></iframe><object data=x></object><embed src=x>",
        "<form action='https://evil.example'><input name=password><button>Go</button></form>",
        "<a href='javascript:alert(1)'>here</a><a href='https://evil.example'>there</a>",
        "<p style='position:fixed;top:0;background:url(https://evil.example)'>over</p>",
        "<style>body{background:url(https://evil.example)}</style>",
        "<link rel=stylesheet href='https://evil.example'><meta http-equiv=refresh content='0;url=https://evil.example'>",
        "<base href='https://evil.example'><table background='https://evil.example'><td>x</td></table>",
        "<img srcset='https://evil.example 2x'><video poster='https://evil.example'><audio src='https://evil.example'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='><img src='data:text/html;base64,PHA+'>",
        "<img src='data:image/png;base64,AAAA&quot; onerror=alert(1)'>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
        "<div id=main class=top name=csrf>hi</div>",
    ],
)
def test_nothing_of_a_mail_acts_or_loads(html: str) -> None:
    body = shown(html)
    assert "evil.example" not in body
    assert not re.search(r"<(script|style|iframe|object|embed|form|input|button|svg|math|link|meta|base|video)", body)
    assert not re.search(r"<[^>]*\s(on\w+|style|href|srcset|action|background|poster|id|class|name)\s*=", body)
    assert not re.search(r'src="(?!data:image/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+")', body)


def test_pictures_inside_the_mail_are_shown_and_those_from_elsewhere_counted() -> None:
    html = "<img src='cid:logo@x'><img src='https://track.example/1'><img src='//track.example/2'><img src='cid:gone'>"
    page = safe_page(RichFace(html, {"logo@x": PNG}))
    assert page.html.count("data:image/png;base64,") == 1
    assert page.left_out == 2


def test_words_and_structure_stay() -> None:
    body = shown("<h1>Hello</h1><table><tr><td colspan=2><b>you</b></td></tr></table><blockquote>said</blockquote>")
    for piece in ("<h1>Hello</h1>", '<td colspan="2"><b>you</b></td>', "<blockquote>said</blockquote>"):
        assert piece in body


def test_the_html_of_a_mail_is_found_and_attached_html_is_none() -> None:
    assert rich_face(mail("Hi", html="<p>Hi <b>you</b></p>")) == RichFace("<p>Hi <b>you</b></p>\n", {})
    assert rich_face(mail("Hi")) is None
    assert rich_face(b"") is None
    assert rich_face(b"\xff\x00nonsense" * 1000) is None
