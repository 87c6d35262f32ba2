"""Delivery reports and read receipts recognised, and the mail they are about found (RFC 3464, RFC 6522, RFC 8098).

A report may be a `multipart/report`, or the plain letter of an old mail server (qmail, Exim, Exchange). A mail of
a person never counts as one, whatever its subject says: the sender must be a mail system.
"""

import re
from collections.abc import Sequence
from email.message import Message

from ingest.mime.contents import Contents
from ingest.mime.headers import message_ids, raw_fields
from models.mail import DeliveryReport

MAX_SEARCHED = 20_000

Fields = Sequence[tuple[str, str]]
"""Header names in lower case and their values."""

_ACTIONS = frozenset({"failed", "delayed", "delivered", "relayed", "expanded"})
_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_ID_LINE = re.compile(r"^[>\s]*message-id:\s*(<[^\s<>]{1,500}>)", re.IGNORECASE | re.MULTILINE)
_SYSTEM = re.compile(
    r"(?:mailer-?daemon|mail-?daemon|maildaemon|postmaster|mail\.?delivery|mdaemon|system\.?administrator"
    r"|microsoftexchange[0-9a-f]{16,}|mail-?system|bounces?|double-bounce)(?:[+-].*)?@",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    "|".join(
        (
            r"undeliver(?:ed|able)|non-?deliver|failure notice|returned (?:mail|to sender)|delayed mail",
            r"delivery (?:status notification|failure|failed|has failed|problem|report|incomplete)",
            r"delivery (?:has been )?delayed",
            r"mail delivery (?:failed|failure|system|error)|message (?:undeliverable|delayed|not delivered)",
            r"could ?n['o]?t (?:be )?(?:send|sent|deliver)|warning: (?:could not send|message)",
            r"rejected (?:mail|message)",
            r"no se (?:puede|pudo|ha podido) entregar|no entregado|entrega fallida|devuelto",
            r"non (?:remis|distribuable|délivré|distribué)|échec de (?:la )?(?:remise|distribution)",
            r"unzustellbar|nicht zugestellt|nicht zustellbar|zustellung",
            r"impossibile (?:recapitare|consegnare)|mancata consegna|non recapitat",
            r"não (?:é possível entregar|entregue|foi possível entregar)|falha na entrega",
            r"onbestelbaar|niet (?:bezorgd|afgeleverd)|bezorging mislukt",
            r"nie (?:można dostarczyć|dostarczono)|niedostarcz|zwrot",
        )
    ),
    re.IGNORECASE,
)
_DELAYED_SUBJECT = re.compile(r"delay|warning|verzöger|retras|retard|ritard|atras|vertrag|opóź", re.IGNORECASE)
_REPORT_TYPE = re.compile(r"delivery-status|disposition-notification")
_QMAIL = "Hi. This is the qmail-send program"


def read_report(fields: Fields, contents: Contents, sender: str, subject: str, text: str) -> DeliveryReport | None:
    """Return what a report says, None where the mail is none."""
    is_system = bool(_SYSTEM.match(sender)) or (not sender and _is_bounced(fields))
    if _is_report_type(fields) or (contents.status and (is_system or _is_bounced(fields))):
        return _report(fields, contents, text, _status_action(contents))
    says_failed = "x-failed-recipients" in dict(fields) or text.startswith(_QMAIL)
    if (is_system and (says_failed or _FAILED_SUBJECT.search(subject))) or (_is_bounced(fields) and says_failed):
        return _report(fields, contents, text, "delayed" if _DELAYED_SUBJECT.search(subject) else "failed")
    return None


def _is_bounced(fields: Fields) -> bool:
    """Tell whether the mail came from the null sender (RFC 5321 section 4.5.5)."""
    return any(name == "return-path" and value.strip() == "<>" for name, value in fields)


def _is_report_type(fields: Fields) -> bool:
    declared = next((value.lower() for name, value in fields if name == "content-type"), "")
    return "multipart/report" in declared and _REPORT_TYPE.search(declared) is not None


def _status_action(contents: Contents) -> str:
    action = _first_value(contents.status, "action").lower()
    return action if action in _ACTIONS else ""


def _report(fields: Fields, contents: Contents, text: str, action: str) -> DeliveryReport:
    status = _STATUS.search(_first_value(contents.status, "status")) or _STATUS.search(text[:MAX_SEARCHED])
    return DeliveryReport(
        action=action,
        status=status.group() if status else "",
        original_message_id=_original_id(fields, contents, text),
    )


def _original_id(fields: Fields, contents: Contents, text: str) -> str:
    """Find the mail reported on: in the report, in the mail it returns, in its text, in its threading."""
    candidates = [
        *_values(contents.status, "original-message-id"),
        *_values([*contents.mails, *contents.original_headers], "message-id"),
        *_ID_LINE.findall(text[-MAX_SEARCHED:]),
        *(value for name, value in fields if name == "in-reply-to"),
        *(value for name, value in fields if name == "references"),
    ]
    return next((found[-1] for value in candidates if (found := message_ids(value))), "")


def _first_value(blocks: Sequence[Message], name: str) -> str:
    """Return the worst of a field's values: that of a failed recipient before the others."""
    failed = [block for block in blocks if "failed" in " ".join(_values([block], "action")).lower()]
    return next(iter(_values([*failed, *blocks], name)), "").strip()


def _values(blocks: Sequence[Message], name: str) -> list[str]:
    return [" ".join(value.split()) for block in blocks for field, value in raw_fields(block) if field == name]
