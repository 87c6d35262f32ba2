"""What our own mail server found out about the sender's domain (RFC 8601, DMARC of RFC 7489).

Which Authentication-Results count (RFC 8601 section 5): those that name a trusted server *and* stand above the
line where the mail crossed our border. Servers write their trace at the top, so all that a sender wrote himself
stands below the Received line of the border server, the topmost one written by a trusted server for a client
outside. Everything below it is ignored, whatever name it bears. Two providers write differently: Google puts its
results just below its own Received line (and always replaces foreign ones), Microsoft names no server at all.
"""

import ipaddress
import re
from collections.abc import Collection, Sequence

from ingest.mime.addresses import domain_of
from models.mail import Dmarc, ParsedMail

MICROSOFT = "protection.outlook.com"
"""The name to trust for Microsoft 365, whose results begin without one."""

_WRITES_BELOW = frozenset({"mx.google.com"})
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_COMMENT = re.compile(r"\([^()]*\)")
_BY = re.compile(r"\bby\s+([^\s;()]+)", re.IGNORECASE)
_LMTP = re.compile(r"\bwith\s+(?:utf8)?lmtp", re.IGNORECASE)
_LOCAL_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in [
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    ]
)
_IP = re.compile(r"(?<![\w.:])(?:ipv6:)?([0-9a-f:]*:[0-9a-f:.]+|\d{1,3}(?:\.\d{1,3}){3})(?![\w.:])", re.IGNORECASE)
_RESULT = re.compile(r"\s*([a-z0-9-]+)(?:\s*/\s*\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_HEADER_FROM = re.compile(r"header\.from\s*=\s*\"?(?:[^\s;\"@]*@)?([^\s;\"]+)", re.IGNORECASE)


def dmarc_of(mail: ParsedMail, trusted: Collection[str]) -> Dmarc:
    """Return the trusted verdict on the From domain; unknown where there is none, never a guess."""
    names = {name.strip().lower().rstrip(".") for name in trusted if name.strip()}
    if not names:
        return Dmarc.UNKNOWN
    for value in _trusted_values(mail.headers, names):
        verdict = _dmarc_in(value, mail)
        if verdict is not None:
            return verdict
    return Dmarc.UNKNOWN


def _trusted_values(headers: Sequence[tuple[str, str]], names: set[str]) -> list[str]:
    """Collect the results that count, topmost first."""
    border = _border(headers, names)
    found = [
        value for name, value in headers[:border] if name == "authentication-results" and _server_of(value) in names
    ]
    return found or _below_border(headers[border:], names)


def _below_border(headers: Sequence[tuple[str, str]], names: set[str]) -> list[str]:
    """Take the first result below the border line, of a provider that writes it there, before the next hop's trace."""
    writers = names & _WRITES_BELOW
    if not writers or not headers or _host_of(headers[0][1]) not in writers:
        return []
    for name, value in headers[1:]:
        if name == "received":
            break
        if name == "authentication-results":
            return [value] if _server_of(value) in writers else []
    return []


def _border(headers: Sequence[tuple[str, str]], names: set[str]) -> int:
    """Return the place of the Received line by which the mail came in from outside.

    Without a line of a trusted name it is the topmost one; hand-overs inside our own house are passed by.
    """
    hops = [(place, value) for place, (name, value) in enumerate(headers) if name == "received"]
    outside = [(place, value) for place, value in hops if not _is_hand_over(value)]
    ours = (place for place, value in outside if _is_ours(_host_of(value), names))
    topmost = outside[0][0] if outside else len(headers)
    return next(ours, topmost)


def _is_ours(host: str, names: set[str]) -> bool:
    """Tell whether a server is a trusted one, below it, or its neighbour in the same domain."""
    parents = {name.partition(".")[2] for name in names if name.count(".") >= 2}
    return any(host == name or host.endswith(f".{name}") for name in names) or host.partition(".")[2] in parents


def _is_hand_over(received: str) -> bool:
    """Tell whether a hop never left our house: by the protocol after its "by", or as all its addresses are local.

    The name a client gives itself proves nothing; its address and the protocol were written by the server.
    """
    before, *after = _BY.split(received, maxsplit=1)
    if after and _LMTP.search(_without_comments(after[-1])):
        return True
    addresses = [address for text in _IP.findall(before) if (address := _address(text))]
    return bool(addresses) and all(any(address in network for network in _LOCAL_NETWORKS) for address in addresses)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _host_of(received: str) -> str:
    match = _BY.search(received)
    return match.group(1).lower().rstrip(".") if match else ""


def _server_of(value: str) -> str:
    """Return the authserv-id of a result, without comments and version (RFC 8601 section 2.5)."""
    words = _without_comments(value).partition(";")[0].split()
    if not words:
        return ""
    return MICROSOFT if "=" in words[0] else words[0].strip('"').lower().rstrip(".")


def _dmarc_in(value: str, mail: ParsedMail) -> Dmarc | None:
    """Return the DMARC verdict in one result, None where it has none, unknown where it is about another domain."""
    for clause in _without_comments(value).split(";"):
        match = _RESULT.match(clause)
        if match and match.group(1).lower() == "dmarc":
            about = _HEADER_FROM.search(clause)
            is_aligned = not about or _is_about(about.group(1), mail)
            verdicts = {"pass": Dmarc.PASS, "fail": Dmarc.FAIL}
            return verdicts.get(match.group(2).lower(), Dmarc.UNKNOWN) if is_aligned else Dmarc.UNKNOWN
    return None


def _is_about(domain: str, mail: ParsedMail) -> bool:
    """Tell whether a result names the domain of the one From address; Unicode domains are compared in ASCII."""
    return len(mail.from_) == 1 and _ascii(domain) == _ascii(domain_of(mail.from_[0].address))


def _ascii(domain: str) -> str:
    try:
        return domain.lower().rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return domain.lower()


def _without_comments(value: str) -> str:
    """Take comments out, nested ones to a small depth; what is quoted ends nothing."""
    value = _QUOTED.sub(lambda match: re.sub(r"[;()=]", " ", match.group()), value)
    for _ in range(5):
        bare = _COMMENT.sub(" ", value)
        if bare == value:
            break
        value = bare
    return value
