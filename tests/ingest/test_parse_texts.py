"""How the text of a mail is won: HTML rendered, charsets guessed, copies known again by their digest."""

import base64
import quopri

import pytest

from ingest.mime.charset import chosen_charset, decode_text
from ingest.mime.markup import text_from_html
from ingest.mime.rich_text import decompressed, text_from_rtf
from ingest.parse import parse, rich_face
from models.errors import NotAllowed

HEAD = (
    b"From: Jane Doe <jane@mail.example>\r\nSubject: My data\r\nMessage-ID: <1@mail.example>\r\nMIME-Version: 1.0\r\n"
)


def plain(text: str, encoding: str = "8bit", trace: bytes = b"") -> bytes:
    data = text.encode()
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding.encode() + b"\r\n\r\n"
    return trace + HEAD + head + data


def alternative(text: str, markup: str) -> str:
    raw = (
        HEAD.decode() + "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
        f"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{markup}\r\n--b--\r\n"
    )
    return parse(raw.encode()).body.text


@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_a_copy_by_another_route_has_the_same_digest(encoding: str) -> None:
    text = "Löschen Sie\r\nmeine Daten – bitte.\r\n"
    other = plain(text, encoding, b"Received: from a by b; Mon, 4 May 2026 10:00:00 +0000\r\n")
    assert parse(other).body_digest == parse(plain(text)).body_digest


def test_a_copy_with_other_line_ends_has_the_same_digest() -> None:
    raw = plain("Delete my data.\r\n").replace(b"8bit\r\n", b"8bit\r\nX: y\r\n")
    assert parse(raw).body_digest == parse(raw.replace(b"\r\n", b"\n")).body_digest


@pytest.mark.parametrize("other", ["Delete my data!", "Delete my data. Now.", ""])
def test_another_text_has_another_digest(other: str) -> None:
    assert parse(plain(other)).body_digest != parse(plain("Delete my data.")).body_digest


def test_another_attachment_has_another_digest() -> None:
    form = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee form.\r\n"
        b"--b\r\nContent-Type: application/pdf; name=f.pdf\r\n\r\n%s\r\n--b--\r\n"
    )
    assert parse(HEAD + form % b"one").body_digest != parse(HEAD + form % b"two").body_digest


def test_a_text_attachment_is_weighed_alike_with_any_line_ends() -> None:
    raw = (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee list.\r\n"
        + b"--b\r\nContent-Type: text/csv; name=l.csv\r\n\r\na,b\r\nc,d\r\n--b--\r\n"
    )
    assert parse(raw).attachments == parse(raw.replace(b"\r\n", b"\n")).attachments


def test_a_plain_text_beside_the_same_html_is_the_body() -> None:
    assert alternative("Delete *my* data.", "<p>Delete <b>my</b> data.</p>") == "Delete *my* data."


def test_a_plain_text_that_is_only_a_piece_of_the_html_gives_way() -> None:
    assert alternative("Hello", "<p>Hello</p><p>Delete my data.</p>") == "Hello\n\nDelete my data."


def test_two_texts_that_say_different_things_are_both_kept() -> None:
    text = alternative("Short remark.", "<p>" + "A long letter about my data. " * 5 + "</p>")
    assert "Short remark." in text
    assert "A long letter about my data." in text


@pytest.mark.parametrize(
    "remark",
    [
        "This message requires an HTML-capable mail viewer.",
        "View this email in your browser: https://x.example",
        "Ihr E-Mail-Programm unterstützt leider keine HTML-Mails.",
        "Su cliente de correo no admite mensajes HTML.",
        "Votre messagerie ne supporte pas le format HTML.",
        "Il tuo programma non supporta i messaggi HTML.",
        "O seu programa não suporta mensagens HTML.",
        "Uw mailprogramma ondersteunt geen HTML.",
        "Twój program nie obsługuje HTML.",
    ],
)
def test_a_remark_about_html_is_no_text(remark: str) -> None:
    assert alternative(remark, "<p>My data!</p>") == "My data!"


def test_html_parts_between_pictures_are_read_one_after_the_other() -> None:
    raw = HEAD + (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>One</p>\r\n"
        b"--b\r\nContent-Type: image/png; name=a.png\r\nContent-Disposition: inline; filename=a.png\r\n\r\nx\r\n"
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>Two</p>\r\n--b--\r\n"
    )
    assert parse(raw).body.text == "One\n\nTwo"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("fi<span>r</span>st<br>second", "first\nsecond"),
        ("<ol><li>a</li><li>b</li></ol>", " 1. a\n 2. b"),
        ("<a href='https://x.example/a'>here</a>", "here (https://x.example/a)"),
        ("<a href='https://x.example'>x.example</a>", "x.example"),
        ("<a href='mailto:a@b.example'>a@b.example</a>", "a@b.example"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>", "a  b\nc  d"),
        ("<div hidden>no</div>yes", "yes"),
        ("<p style='visibility: hidden'>no</p>yes", "yes"),
        ("<span class='preheader'>no</span>yes", "yes"),
        ("<p>a<script>no</script><style>no</style><!-- no -->b</p>", "ab"),
        ("<blockquote type='cite'>old</blockquote>new", "> old\nnew"),
        ("<blockquote style='margin-left:40px'>indented</blockquote>", "indented"),
        ("1 < 2 &amp; 3 > 2", "1 < 2 & 3 > 2"),
        ("<p>&nbsp;</p><p>&nbsp;</p><p>x</p>", "x"),
        ("<p>unclosed <b>and <i>crossed</b></i>", "unclosed and crossed"),
    ],
)
def test_markup_becomes_readable_text(markup: str, text: str) -> None:
    assert text_from_html(markup) == text


@pytest.mark.parametrize("depth", [250, 300, 5000])
def test_no_text_is_lost_in_deep_markup(depth: int) -> None:
    markup = "".join(f"<div>w{number} " for number in range(depth)) + "end"
    text = text_from_html(markup)
    assert f"w{depth - 1}" in text
    assert text.endswith("end")


def test_huge_markup_is_freed_from_its_tags_only() -> None:
    markup = "<style>no</style>" + "<p>word</p>" * 100_000 + "<!-- no --><title>no</title><p>end &amp; over</p>"
    text = text_from_html(markup)
    assert text.startswith("word")
    assert text.endswith("end & over")
    assert "no" not in text


def test_a_table_cannot_fill_the_memory() -> None:
    text = text_from_html("<table>" + "<tr><td>a" * 20_000 + "b" * 100_000)
    assert len(text) < 1_000_000


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (b"caf\xe9", "", "café"),
        (b"caf\xe9", "us-ascii", "café"),
        (b"caf\xe9 \x93q\x94", "iso-8859-1", "café “q”"),
        ("café".encode(), "windows-1252", "café"),
        ("café – 5 €".encode("cp1252"), "utf-8", "café – 5 €"),
        ("ä".encode() + b"\xe4", "utf-8", "ää"),
        ("Łódź".encode("cp1250"), "windows-1250", "Łódź"),
        ("данные".encode("koi8-r"), "KOI8-R", "данные"),
        ("数据".encode("gbk"), "gb2312", "数据"),
        ("개인정보".encode("cp949"), "ks_c_5601-1987", "개인정보"),
        ("x".encode("utf-8-sig"), "utf-8", "x"),
        (b"abc", "undefined", "abc"),
        (b"abc\xe9", "idna", "abcé"),
        (b"abc\xe9", "base64", "abcé"),
        (b"abc\xe9", "../../etc", "abcé"),
        (b"abc\xe9", "x" * 10_000, "abcé"),
        (b"a\x00b\xed\xa0\x80", "utf-8", "abí\u00a0€"),
        ("e\u0301".encode(), "utf-8", "é"),
        ("a\u2028b\u0085c".encode(), "utf-8", "a\nb\nc"),
    ],
)
def test_bytes_become_clean_text_whatever_their_label(data: bytes, label: str, text: str) -> None:
    assert decode_text(data, label)[0] == text


def test_rich_text_of_outlook_is_unpacked_and_read() -> None:
    packed = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    rtf = decompressed(bytes.fromhex(packed))
    assert rtf == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert text_from_rtf(rtf) == "hello world"


def test_html_wrapped_in_rich_text_is_unwrapped() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252\fromhtml1{\fonttbl{\f0 Arial;}}{\*\htmltag64 <p>}\htmlrtf{\b\htmlrtf0 L\'f6schen\u8217?}"
    assert text_from_rtf(rtf) == "Löschen’"


UNSAID = "From: Иван <ivan@mail.example>\r\nSubject: Удалите\r\n\r\nУдалите мои данные".encode("cp1251")
WORDS = "".join(f"={byte:02X}" for byte in "Удалите".encode("cp1251")).encode()
MISSAID = (
    b"From: =?iso-8859-1?Q?" + WORDS + b"?= <ivan@mail.example>\r\nSubject: =?iso-8859-1?Q?" + WORDS + b"?=\r\n"
    b'Content-Type: text/plain; format=flowed; charset="iso-8859-1"; delsp=no\r\n\r\n'
    + "Удалите мои данные".encode("cp1251")
)


@pytest.mark.parametrize("raw", [UNSAID, MISSAID], ids=["not said", "said wrongly"])
def test_a_mail_is_read_in_the_charset_that_a_person_chose(raw: bytes) -> None:
    assert parse(raw).body.text != "Удалите мои данные"
    mail = parse(raw, "windows-1251")
    assert (mail.subject, mail.body.text) == ("Удалите", "Удалите мои данные")
    assert (mail.from_[0].name, mail.from_[0].address) in [
        ("Иван", "ivan@mail.example"),
        ("Удалите", "ivan@mail.example"),
    ]


def test_a_chosen_charset_leaves_other_parts_and_attached_mails_as_they_are() -> None:
    inner = b"From: b@mail.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n"
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + "Удалите".encode("cp1251") + b"\r\n"
        b"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>" + "Grüße".encode() + b"</p>\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"--b--\r\n"
    )
    mail, before = parse(raw, "cp1251"), parse(raw)
    assert mail.body.text.split() == ["Удалите", "Grüße"]
    assert mail.attachments == before.attachments
    face = rich_face(raw.replace(b"; charset=utf-8", b""), "koi8-r")
    assert face is not None
    assert "Grüße" not in face.html


def test_text_that_was_encoded_twice_is_mended_line_by_line() -> None:
    twice = "Löschen Sie – bitte – „alles“ über mich".encode().decode("cp1252", "replace").encode()
    assert "Ã¶" in parse(plain(twice.decode())).body.text
    assert parse(plain(twice.decode()), "utf-8-twice").body.text.startswith("Löschen Sie – bitte")
    assert parse(plain("Schon gut: Grüße"), "utf-8-twice").body.text == "Schon gut: Grüße"


@pytest.mark.parametrize("label", ["cp037", "hz", "utf-7", "iso-2022-jp", "euc-jp", "johab", "cp775"])
def test_any_charset_of_python_can_be_chosen(label: str) -> None:
    text = (
        "~Delete my data~"
        if label in ("cp037", "utf-7", "cp775")
        else "削除"
        if "jp" in label
        else "hi"
        if label == "hz"
        else "삭제"
    )
    raw = HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(text.encode(label))
    assert parse(raw, label).body.text == text
    assert chosen_charset(label)


@pytest.mark.parametrize(
    "label", ["", "klingon", "undefined", "unicode-escape", "idna", "rot13", "base64", "x" * 9999, "\0"]
)
def test_what_is_no_charset_cannot_be_chosen(label: str) -> None:
    with pytest.raises(NotAllowed, match="no such charset"):
        chosen_charset(label)
    assert parse(UNSAID, label) == parse(UNSAID), "and changes nothing"
