"""Header lines of a mail, written by hand: encoded, folded, and closed to whatever could start a header of its own.

The standard library's `EmailMessage` is not used for this: it turns long message ids into encoded words (no client
threads by those), and takes longer than all the rest of a letter.
"""

import re
import unicodedata
from collections.abc import Iterable
from email.header import Header

from responders.plain_line import one_line

_FOLD = "\r\n"
_LINE = 78
_LONGEST_WORD = 60
_LONGEST_ADDRESS = 320
_ATOM = r"[^\s\x00-\x20\x7f()<>\[\]:;@\\,\"]+"
_QUOTED = r'"(?:[^"\\\x00-\x1f\x7f]|\\[\x20-\x7e])*"'
_ADDRESS = re.compile(rf"(?P<local>{_ATOM}|{_QUOTED})@(?P<domain>{_ATOM}|\[[0-9A-Za-z:.]+\])")
_MSG_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_LONGEST_MSG_ID = 900
_PLAIN_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?(?: [^\W\d_]+(?:['’-][^\W\d_]+)*\.?){0,5}")
_KEPT_AT_EITHER_END = 20
_MOST_OCTETS = 8000


def text_line(name: str, value: str) -> str:
    """Return an unstructured header (RFC 5322, 2.2.1), encoded where it is not plain ASCII (RFC 2047)."""
    text = one_line(value)
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return f"{name}: {Header(text, charset, header_name=name).encode(linesep=_FOLD)}\r\n"


def address_line(name: str, display_name: str, address: str) -> str:
    """Return a header with one address; '' where the address cannot stand in a header (see `written_address`)."""
    written = written_address(address)
    phrase = _phrase(name, one_line(display_name))
    if not written or not phrase:
        return f"{name}: {written}\r\n" if written else ""
    line = f"{name}: {phrase} <{written}>\r\n"
    return line if len(line) <= _LINE else f"{name}: {phrase}\r\n <{written}>\r\n"


def ids_line(name: str, ids: Iterable[str]) -> str:
    """Return a header of message ids, one a line; '' where none is left."""
    return f"{name}: " + "\r\n ".join(ids) + "\r\n" if (ids := tuple(ids)) else ""


def usable_ids(ids: Iterable[str]) -> tuple[str, ...]:
    """Return what has the form of a msg-id (RFC 5322, 3.6.4), each once: the first and last twenty, under 8 KB.

    Where a thread is too long its middle goes: the first id names the thread, the last ones its newest branch.
    """
    kept = list(dict.fromkeys(value for value in ids if len(value) <= _LONGEST_MSG_ID and _MSG_ID.fullmatch(value)))
    if len(kept) > 2 * _KEPT_AT_EITHER_END:
        kept = kept[:_KEPT_AT_EITHER_END] + kept[-_KEPT_AT_EITHER_END:]
    while sum(len(value) + 3 for value in kept) > _MOST_OCTETS:
        del kept[len(kept) // 2]
    return tuple(kept)


def written_address(address: str) -> str:
    """Return an address as headers write it, its domain in ASCII (RFC 5890); '' where it has not the form of one."""
    found = _ADDRESS.fullmatch(address) if address.isprintable() and len(address) <= _LONGEST_ADDRESS else None
    return f"{found['local']}@{ascii_domain(found['domain'])}" if found else ""


def ascii_domain(domain: str) -> str:
    """Return a domain name with its labels in ASCII (RFC 5890, 2.3.2.1)."""
    labels = unicodedata.normalize("NFC", domain.lower()).split(".")
    return ".".join(label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in labels)


def plain_name(name: str) -> str:
    """Return a display name that is only words, else '': a name can be an advertisement, or an address in disguise."""
    return name if len(name) <= _LONGEST_WORD and _PLAIN_NAME.fullmatch(name) else ""


def _phrase(name: str, display_name: str) -> str:
    """Return a display name as headers write it (RFC 5322, 3.2.5): quoted, or in encoded words."""
    if not display_name:
        return ""
    if _is_plain(display_name) and len(display_name) <= _LONGEST_WORD:
        return '"' + re.sub(r'(["\\])', r"\\\1", display_name) + '"'
    return Header(display_name, "utf-8", header_name=name).encode(linesep=_FOLD)


def _is_plain(text: str) -> bool:
    """Tell whether a text can stand in a header as it is, and its lines can be folded between its words."""
    return text.isascii() and "=?" not in text and max(map(len, text.split(" "))) <= _LONGEST_WORD
