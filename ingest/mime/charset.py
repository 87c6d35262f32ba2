"""Bytes to clean text, whatever charset the sender named.

The label is believed where it is on the list of text codecs and fits the bytes; then UTF-8 is tried; at last
every byte that is no UTF-8 is read as Windows-1252, which any byte can be. Nothing here raises.
"""

import codecs
import re
import unicodedata

from models.errors import NotAllowed

_CODECS = frozenset(
    """
    utf-8 utf-7 utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le cp1250 cp1251 cp1252 cp1253 cp1254
    cp1255 cp1256 cp1257 cp1258 cp437 cp850 cp852 cp855 cp857 cp858 cp862 cp864 cp866 cp874 cp932 cp949
    cp950 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-10 iso8859-13
    iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-latin2 mac-cyrillic mac-greek mac-turkish
    big5 big5hkscs gb18030 hz euc_jp iso2022_jp iso2022_jp_2 iso2022_kr shift_jisx0213
    cp037 cp273 cp424 cp500 cp720 cp737 cp775 cp856 cp860 cp861 cp863 cp865 cp869 cp875 cp1006 cp1026 cp1125 cp1140
    hp-roman8 koi8-t kz1048 ptcp154 palmos mac-arabic mac-croatian mac-farsi mac-iceland mac-romanian johab
    euc_jis_2004 euc_jisx0213 iso2022_jp_1 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext shift_jis_2004
    """.split()  # noqa: SIM905 - words read better than a column of quotes
)

_MEANT = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
}
"""Codecs whose label is commonly put on their superset (as the WHATWG encoding standard reads them)."""

_LABELS = {
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-euc-kr": "cp949",
    "x-mac-roman": "mac-roman",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "cp-1252": "cp1252",
    "ansi": "cp1252",
    "ansi_x3.4-1968": "utf-8",
}

TWICE = "utf-8-twice"
"""A name of ours: UTF-8 that a program took for Windows-1252 and wrote in UTF-8 once more ("Ã©" for "é")."""
OWN = "own"
"""How a person names what a mail says of itself."""
_IN_ASCII = frozenset({"utf-7", "hz", "cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"})
"""Charsets in which bytes of ASCII may be other letters."""
_WESTERN = frozenset({"cp1252", "iso8859-15"})
_MULTIBYTE = frozenset({"big5", "big5hkscs", "gb18030", "cp932", "cp949", "cp950", "euc_jp", "utf-16", "utf-16-le"})

_UTF8_OR_BYTE = re.compile(
    rb"(?:[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2})+|([\x80-\xff])"
)
_C1 = {code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}

_C1_BYTES = {char: bytes([code]) for code, char in _C1.items()}
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f\x80-\x84\x86-\x9f\u200b\ufeff\ufffe\uffff\ud800-\udfff]")
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """Return the clean text of some bytes, and what was wrong with the label ('' if nothing)."""
    codec = charset_named(declared)
    if data.isascii() and b"\x1b" not in data and b"\x00" not in data and codec not in _IN_ASCII:
        return clean_text(data.decode("ascii")), ""
    text, note = _decode(data, codec) if codec else (mend_utf8(data), "")
    if declared and not codec:
        note = "a text part names an unknown charset"
    return clean_text(text), note


def mend_utf8(data: bytes) -> str:
    """Read bytes as UTF-8, and each byte that is none as Windows-1252."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _UTF8_OR_BYTE.sub(_as_utf8, data).decode("utf-8", "replace")


def clean_text(text: str) -> str:
    r"""Return text fit for display and database: NFC, lines ended by \n, no NUL, no control, no surrogate."""
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def clean_line(text: str, limit: int = 0) -> str:
    """Return one clean line: blanks of any kind made one space, nothing that could end or turn the line."""
    if not (text.isascii() and text.isprintable()):
        text = _DIRECTIONS.sub("", clean_text(text))
    line = " ".join(text.split())
    return line[:limit].rstrip() if limit else line


def charset_named(label: str) -> str:
    """Return the codec that a label means, '' where it is not one of the known charsets."""
    label = label.strip(" \t\"'").lower()
    if label == TWICE:
        return TWICE
    label = _LABELS.get(label, label)
    if not re.fullmatch(r"[a-z0-9_.:+-]{1,40}", label):
        return ""
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if name in _CODECS else ""


def chosen_charset(label: str) -> str:
    """Return the codec that a person names, '' for what a mail says itself; raises NotAllowed for none we know."""
    codec = charset_named(label)
    if not codec and label.strip().lower() != OWN:
        raise NotAllowed("there is no such charset: windows-1251 and koi8-r are names of some")
    return codec


def _decode(data: bytes, codec: str) -> tuple[str, str]:
    if codec == TWICE:
        return _mend_twice(mend_utf8(data)), ""
    if codec == "utf-8" or (codec in _WESTERN and _is_utf8(data)):
        text = mend_utf8(data)
        return text, "" if _is_utf8(data) else "a text part is not in the charset it names"
    if codec == "cp1252":
        return data.decode("latin-1").translate(_C1), ""
    try:
        return data.decode(codec), ""
    except UnicodeError:
        return _second_guess(data, codec), "a text part is not in the charset it names"


def _mend_twice(text: str) -> str:
    """Undo one of two rounds of UTF-8, line by line, where there were two."""
    return "".join(_undone(line) for line in text.splitlines(keepends=True))


def _undone(line: str) -> str:
    try:
        return b"".join(_C1_BYTES.get(char) or char.encode("latin-1") for char in line).decode("utf-8")
    except UnicodeError:
        return line


def _second_guess(data: bytes, codec: str) -> str:
    if codec in _MULTIBYTE and not _is_utf8(data):
        text = data.decode(codec, "replace")
        if text.count("\ufffd") * 10 <= len(text):
            return text
    return mend_utf8(data)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _as_utf8(match: re.Match[bytes]) -> bytes:
    stray: bytes | None = match.group(1)
    return match.group() if stray is None else stray.decode("latin-1").translate(_C1).encode("utf-8")
