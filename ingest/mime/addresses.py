"""Mailbox addresses: what mail-parser read, cleaned, and what it set aside, salvaged.

An address found in a damaged item counts too: who writes `a@x; b@y` has two senders, and a person looks.
"""

import re
from collections.abc import Iterable

from ingest.mime.charset import clean_line
from ingest.mime.headers import decode_value
from models.mail import Address

MAX_ADDRESS = 320
MAX_NAME = 300

_QUOTED = re.compile(r'"[^"]*"')
_ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"']{1,255}")
_NAME_NOISE = re.compile(r"^[\W_]+|[\W_]*(?:\[?mailto)?[\s\W_]*$", re.IGNORECASE)
_BETWEEN = re.compile(r'[\s<>"(),:;\[\]\\]+')
_LOCAL = r"[^\s<>()\[\]:;@\\,\"\x00-\x1f\x7f]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_MAILABLE = re.compile(rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{1,20}}")


def address_of(name: str, address: str) -> Address:
    """Return a clean address; its domain in lower case, its display name decoded even where it stood in quotes."""
    local, at, domain = clean_line(address, MAX_ADDRESS).rpartition("@")
    display = decode_value(name)[:MAX_NAME].strip()
    return Address(name=display, address=f"{local}{at}{domain.rstrip('.').lower()}")


def addresses_of(pairs: Iterable[tuple[str, str]]) -> tuple[Address, ...]:
    """Return the addresses among (name, address) pairs, each once, in order."""
    found = (address_of(name, address) for name, address in pairs if "@" in address)
    return tuple({address.address.lower(): address for address in reversed(list(found))}.values())[::-1]


def salvaged(item: str) -> list[tuple[str, str]]:
    """Return what looks like an address in a damaged item, quoted words left out."""
    bare = _QUOTED.sub(" ", item)
    words = [word.strip(".'") for word in _BETWEEN.split(bare)]
    found = [word for word in words if word.count("@") == 1 and word[0] != "@" and word[-1] != "@"]
    name = " ".join(word for word in words if word and word not in found)
    return [(name if len(found) == 1 else "", word) for word in found]


def named_sender(value: str) -> Address | None:
    """Read whom a header line inside a text names; a name without an address is nobody to write to."""
    found = _ADDRESS.search(value)
    if not found or not is_mailable(found.group()):
        return None
    return address_of(_NAME_NOISE.sub("", clean_line(value[: found.start()], MAX_NAME)), found.group())


def is_mailable(address: str) -> bool:
    """Tell whether a letter can be sent to an address: a mailbox at a domain with a dot; Unicode is fine (RFC 6531)."""
    local = address.rpartition("@")[0]
    return (
        len(address) <= MAX_ADDRESS
        and _MAILABLE.fullmatch(address) is not None
        and not address.rpartition(".")[2].isdigit()
        and not local.startswith(".")
        and not local.endswith(".")
        and ".." not in local
    )


def domain_of(address: str) -> str:
    """Return the domain of an address in lower case."""
    return address.rpartition("@")[2].lower()
