"""The forms of organisations, mailboxes and web hooks: what each key of the file is called, in plain words.

Comes in: what was filled in. Goes out: keys as they stand in the file; what is left empty keeps its default.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.organisation import Regime, TlsMode
from models.verdict import Kind
from models.webhook import HookEvent
from web.desk.forms import Field, Filled, Widget, one


class Shape(StrEnum):
    """What a key holds."""

    VALUE = "value"
    LINES = "lines"
    SEVERAL = "several"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a form; a dot leads into a section, as in imap.host."""

    field: Field
    shape: Shape = Shape.VALUE


def _key(name: str, label: str, hint: str = "", *, required: bool = False, options: Sequence[str] = ()) -> Key:
    widget = Widget.CHOICE if options else Widget.LINE
    return Key(Field(name, label, widget, tuple(options), is_required=required, hint=hint))


def _lines(name: str, label: str, hint: str = "") -> Key:
    return Key(Field(name, label, Widget.TEXT, hint=f"{hint} One a line.".strip()), Shape.LINES)


def _several(name: str, label: str, options: Sequence[str]) -> Key:
    return Key(Field(name, label, Widget.SEVERAL, tuple(options)), Shape.SEVERAL)


def _tick(name: str, label: str) -> Key:
    return Key(Field(name, label, Widget.TICK), Shape.YES)


_LASTING = "Stored with every message: never changed later."
SLUG = _key("slug", "Short name", f"Small letters, digits, hyphens. {_LASTING}", required=True)
ORGANISATION = (
    _key("name", "Name", "As it stands in letters.", required=True),
    _key("address", "Postal address", "In letters (GDPR Art. 13(1)(a)).", required=True),
    _key("contact", "Privacy team or data protection officer", "An e-mail address, in letters.", required=True),
    _key("regime", "Whose GDPR governs", required=True, options=tuple(Regime)),
    _key("country", "Public holidays of", "Country, with its region: FR, DE-BY, ES-MD, GB-ENG.", required=True),
    _key("timezone", "Time zone", "Decides on which day a mail came in: Europe/London.", required=True),
    _key("lead_authority", "Supervisory authority", "Country, or Land in Germany: FR, GB, DE-BY.", required=True),
)
ORGANISATION_MORE = (
    _lines("languages", "Languages of letters", "Codes; the first is for all others: en, es, fr, de, it, pt, nl, pl."),
    _lines("authorities", "Further authorities named in letters", "Codes like FR or DE-BY."),
    _several("asks_for", "What a request should say", ("full_name", "account_email", "postal_address", "phone")),
    _several("identity_document_for", "Kinds for which staff may ask for an identity document", tuple(Kind)),
    _lines("systems", "Where personal data lies", "Each is a point of every checklist."),
    _lines("managers", "Who gets digest and warnings", "E-mail addresses."),
    _key("people_team", "Who takes job applications", "An e-mail address; empty for nobody."),
    _lines(
        "staff_domains", "Domains of colleagues", "A request forwarded from there keeps its sender as the requester."
    ),
    _lines("trusted_authserv", "Your own mail servers", "Names in Authentication-Results, like mx.example.org."),
    _lines("form_senders", "Addresses of web forms", "They write for the person named in Reply-To."),
    _lines("own_lists", "Your own groups", "Their List-Ids."),
    _lines("customers", "Companies on whose behalf you process data"),
    _lines("local_holidays", "Further days off", "YYYY-MM-DD."),
    _key("acks_per_address_per_day", "Automatic letters to one address a day", "Further ones are held. Usually 5."),
    _key(
        "archive_before",
        "Answer nothing received before",
        "Like 2026-01-31T00:00:00Z; “none” for nothing; empty: the first poll.",
    ),
    _tick("shadow", "Try it only: letters are written and shown, never sent"),
)
NAME = _key("name", "Short name", f"Letters, digits, hyphens. {_LASTING}", required=True)
MAILBOX = (
    _key("address", "Address", "The address whose mail lies there. Letters come from it.", required=True),
    _key("after", "What happens to mail that is stored", "keep, seen, or move:FOLDER. Usually keep."),
    _key(
        "poll_seconds",
        "Look every so many seconds",
        "Where the server says at once what is new, the longest wait. Usually 60.",
    ),
    _key("timezone", "Time zone", "Only where it is not that of the organisation."),
)
IMAP = (
    _key("imap.host", "Server", "Like imap.example.org: its certificate must be for this name.", required=True),
    _key("imap.port", "Port", "993, or 143 with starttls.", required=True),
    _key("imap.tls", "Encryption", "none is for this machine alone.", required=True, options=tuple(TlsMode)),
    _key("imap.user", "User"),
    _key("imap.folder", "Folder", "Usually INBOX. Read Junk as a further mailbox: requests get lost there."),
)
SMTP = (
    _key("smtp.host", "Server", "Empty: letters wait in the outbox."),
    _key("smtp.port", "Port", "465, or 587 with starttls."),
    _key("smtp.tls", "Encryption", options=tuple(TlsMode)),
    _key("smtp.user", "User", "Empty: no log-in."),
)
HOOK_NAME = _key("name", "Short name", "Small letters, digits, hyphens. Never changed later.", required=True)
HOOK = (
    _key(
        "url",
        "Address",
        "Like https://crm.example.org/hooks/rightsdesk. The list shows its host alone: the rest may hold a secret.",
        required=True,
    ),
    _several("events", "Events (none ticked: all)", tuple(HookEvent)),
)


def keys_of(keys: Sequence[Key], filled: Filled) -> dict[str, Any]:
    """Return what was filled in as keys of the configuration file; empty ones are left out."""
    found: dict[str, Any] = {}
    for key in keys:
        value = _value(key, filled)
        if value in ("", [], False):
            continue
        *section, name = key.field.name.split(".")
        (found.setdefault(section[0], {}) if section else found)[name] = value
    return found


def filled_from(keys: Sequence[Key], values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return keys of the configuration file as if they had been filled in."""
    found: dict[str, list[str]] = {}
    for key in keys:
        *section, name = key.field.name.split(".")
        value = (values.get(section[0]) or {} if section else values).get(name, "")
        if key.shape is Shape.LINES:
            found[key.field.name] = ["\n".join(str(part) for part in value)]
        elif key.shape is Shape.SEVERAL:
            found[key.field.name] = [str(part) for part in value]
        else:
            found[key.field.name] = ["1" if value is True else str(value)] if value not in ("", False, None) else []
    return found


def _value(key: Key, filled: Filled) -> Any:
    name = key.field.name
    if key.shape is Shape.LINES:
        return [line.strip() for line in one(filled, name).splitlines() if line.strip()]
    if key.shape is Shape.SEVERAL:
        return list(filled.get(name, ()))
    return bool(one(filled, name)) if key.shape is Shape.YES else one(filled, name)
