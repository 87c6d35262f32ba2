"""The forms that single values of the configuration take; where one does not fit, ValueError says what would."""

import base64
import re
from datetime import UTC, date, datetime, time
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, StringConstraints

from service.facts import known_authority, known_country, known_timezone


def file_content(path: Path) -> bytes:
    """Return what a file holds; raises ValueError that says why it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error


def password_in(content: bytes) -> str:
    """Return the password that a file holds, without the line's end; raises ValueError where it is no text."""
    try:
        return content.decode("utf-8").strip("\r\n")
    except UnicodeDecodeError:
        raise ValueError("the password is not UTF-8") from None


def hook_secret(content: bytes) -> bytes:
    """Return the secret that a file holds: any text, or base64 behind "whsec_"; raises ValueError for a short one."""
    text = password_in(content).strip()
    try:
        secret = base64.b64decode(text.removeprefix("whsec_"), validate=True) if "whsec_" in text else text.encode()
    except ValueError as error:
        raise ValueError('behind "whsec_" stands base64') from error
    if len(secret) < 24:
        raise ValueError("a secret has at least 24 characters; `openssl rand -base64 32` makes one")
    return secret


def _hook_address(text: str) -> str:
    found = urlsplit(text)
    if found.scheme not in ("https", "http") or not found.hostname or "@" in found.netloc or found.fragment:
        raise ValueError("must be an address like https://crm.example.org/hooks/rightsdesk")
    if found.scheme == "http" and not is_loopback(found.hostname):
        raise ValueError("http:// is for loopback addresses only; use https://")
    if any(character.isspace() or not character.isprintable() for character in text) or not _has_port(found):
        raise ValueError("is no address")
    return text


def _has_port(address: SplitResult) -> bool:
    try:
        return address.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def moment(text: str) -> datetime:
    """Return an instant written in ISO 8601, in UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError('must be "", "none" or a time like 2026-01-31T00:00:00Z') from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _address(text: str) -> str:
    local, at, domain = text.rpartition("@")
    if not (local and at and domain) or any(character.isspace() or character in "<>,;" for character in text):
        raise ValueError("must be one mail address, like contact@example.org")
    return f"{local}@{domain.lower()}"


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise ValueError("days are written YYYY-MM-DD") from error


def _instant(text: str) -> str:
    if text not in ("", "none"):
        moment(text)
    return text


def _clock_time(value: object) -> object:
    try:
        found = value if isinstance(value, time) else time.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as error:
        raise ValueError("times of day are written HH:MM") from error
    if found.tzinfo is not None:
        raise ValueError("times of day are local: write them without a zone")
    return found


def _quoted(value: object) -> object:
    """Return a time or day of TOML's own, written without quotes, as it would be with them."""
    return value.isoformat() if isinstance(value, date) else value


def _public_address(text: str) -> str:
    if not text:
        return text
    parts = urlsplit(text)
    _ = parts.port  # says what is wrong with it
    is_plain = parts.path in ("", "/") and not (parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not is_plain or any(map(str.isspace, text)):
        raise ValueError("must be an address without a path, like https://privacy.example.org")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must begin with https://: links and what is handed in would be read on the way")
    return text.rstrip("/")


def _formed(pattern: str, form: str) -> AfterValidator:
    def check(text: str) -> str:
        """Return a text that has the form; raises ValueError."""
        if not re.fullmatch(pattern, text):
            raise ValueError(f"must be {form}")
        return text

    return AfterValidator(check)


def _none_if_empty(value: object) -> object:
    return None if value == "" else value


def _named(value: object) -> object:
    if value == "":
        raise ValueError("must name a file")
    return value


Text = Annotated[str, _formed(r"(?s).+", "a text that is not empty")]
Slug = Annotated[str, _formed(r"[a-z0-9][a-z0-9-]{0,62}", "of small letters, digits and hyphens")]
HookAddress = Annotated[str, AfterValidator(_hook_address)]
MailboxName = Annotated[str, _formed(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", "of letters, digits, '.', '_' and '-'")]
AfterStoring = Annotated[str, _formed(r"keep|seen|move:\S.*", '"keep", "seen" or "move:FOLDER"')]
MailAddress = Annotated[str, AfterValidator(_address)]
PublicAddress = Annotated[str, AfterValidator(_public_address)]
MailAddressOrNone = Annotated[str, AfterValidator(lambda text: _address(text) if text else text)]
Country = Annotated[str, AfterValidator(known_country)]
TimeZone = Annotated[str, AfterValidator(known_timezone)]
AuthorityCode = Annotated[str, AfterValidator(known_authority)]
Instant = Annotated[str, BeforeValidator(_quoted), AfterValidator(_instant)]
Day = Annotated[str, BeforeValidator(_quoted), AfterValidator(_day)]
ClockTime = Annotated[time, BeforeValidator(_clock_time)]
Password = Annotated[str, StringConstraints(strip_whitespace=False)]
NamedFile = Annotated[Path, BeforeValidator(_named)]
PathOrNone = Annotated[Path | None, BeforeValidator(_none_if_empty)]
