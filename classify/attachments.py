"""What the names of attachments tell: a copy of an identity document, a curriculum vitae.

Names are labels written by strangers; they are matched, never opened.
"""

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from models.mail import Attachment

_IDENTITY = re.compile(
    r"(?i)passport|pas+aport|passeport|pasaporte|reisepass|paspoort|paszport|\bpass(?:kopie|copy|scan)?\b"
    r"|\bids?\b|idcard|identit|identid|identyfik"
    r"|personalausweis|\bausweis|ausweiskopie|\bperso\b|\bdni\b|\bnie\b|\bnif\b|\bcni\b"
    r"|titre (?:de )?s[eé]jour|aufenthaltstitel|residence permit|\bbrp\b|\btie\b"
    r"|\blicen[cs]e|fuehrerschein|führerschein|permis (?:de )?conduire"
    r"|(?:carn[eé]t?|permiso) (?:de )?conducir|\bpatente|rijbewijs|prawo jazdy|carta (?:de )?condu"
    r"|cart[aã]o (?:de )?cidad|dow[oó]d|legitimation"
)
_NOT_IDENTITY = re.compile(
    r"(?i)betreuerausweis|schwerbehindert|presseausweis|impfpass|licen[cs]e ?(?:key|agreement|file)|software"
    r"|patent(?!e)"
)
_CURRICULUM = re.compile(
    r"(?i)\bcv\b|curricul|r[eé]sum[eé]\b|lebenslauf|bewerbung|anschreiben|zeugnis|motivation|cover ?letter"
    r"|carta (?:de )?presentaci|[zż]yciorys|\blm\b|candidatur|sollicitat|portfolio|arbeitsprobe|hoja (?:de )?vida"
)
_NEVER_SCANNED = frozenset(
    {".html", ".htm", ".exe", ".zip", ".docm", ".xlsm", ".js", ".eml", ".msg", ".ics", ".xlsx", ".csv"}
)


def has_identity_document(attachments: Sequence[Attachment]) -> bool:
    """Tell whether a file is named as a passport, identity card, residence permit or driving licence is."""
    return any(
        _IDENTITY.search(name) and not _NOT_IDENTITY.search(name)
        for attachment in attachments
        if PurePosixPath(attachment.name.lower()).suffix not in _NEVER_SCANNED
        for name in (_words(attachment.name),)
    )


def has_curriculum(attachments: Sequence[Attachment]) -> bool:
    """Tell whether a file is named as the papers of an application are."""
    return any(_CURRICULUM.search(_words(attachment.name)) for attachment in attachments)


def _words(name: str) -> str:
    """Return a file name as words: without its type, cut at underscores, digits and capitals."""
    stem = name.rsplit(".", 1)[0] if "." in name else name
    stem = re.sub(r"(?<=[a-zà-ÿ])(?=[A-Z])", " ", stem)
    return re.sub(r"[\W\d_]+", " ", stem)
