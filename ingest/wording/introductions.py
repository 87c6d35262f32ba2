"""Where another mail begins inside a text: the lines that mail programs write above a quotation or a forward.

Known are the forms of Outlook, Gmail, Apple Mail, Thunderbird and their kin in English, Spanish, French, German,
Italian, Portuguese, Dutch and Polish, and some of the neighbours.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

MAX_WRAPPED = 4
"""An introduction line is wrapped over at most this many lines."""
MAX_INTRODUCTION = 400
MAX_HEADER_LINES = 40
MAX_MARKER = 200

_NAMES = {
    "from": "from|de|expéditeur|remitente|remetente|von|absender|da|mittente|van|afzender|od|nadawca|från|fra|lähettäjä"
    "|от|от кого",
    "date": "date|fecha|fecha de envío|date d'envoi|datum|data|data invio|data wysłania|дата|sent|sent on|enviado"
    "|enviado el|enviado em|enviada|enviada el|enviada em|envoyé|envoyé le|gesendet|gesendet am|inviato|inviato il"
    "|verzonden|wysłano|wysłane|skickat|sendt|lähetetty",
    "to": "to|para|destinatario|à|a|pour|destinataire|an|aan|do|till|til|vastaanottaja|кому",
    "subject": "subject|asunto|assunto|objet|sujet|betreff|oggetto|onderwerp|temat|ämne|emne|aihe|тема",
    "other": "cc|bcc|cci|cco|ccn|copia|copie à|kopie|kopie an|kopia|dw|udw|reply-to|responder a|répondre à|antwort an"
    "|rispondi a|antwoord aan|importance|importancia|importanza|priority|priorität|wichtigkeit|attachments|adjuntos"
    "|datos adjuntos|pièces jointes|anlagen|allegati|anexos|bijlagen|załączniki",
}
"""The names of header lines, by what they mean."""

_FIELD_OF = {name: meaning for meaning, names in _NAMES.items() for name in names.split("|")}
_HEADER_LINE = re.compile(
    rf"[\s*_]*({'|'.join(sorted(map(re.escape, _FIELD_OF), key=len, reverse=True))})[\s*_]*:(.*)$",
    re.IGNORECASE,
)
_SENT = re.compile(r"sent|enviad[oa]|envoyé|gesendet|inviato|verzonden|wysłan", re.IGNORECASE)
_FORWARDED = "|".join(
    (
        r"(?:begin(?:ning of)? )?forwarded message",
        r"(?:inicio del )?mensaje reenviado",
        r"(?:début du )?message (?:transféré|réexpédié)",
        r"(?:anfang der )?weitergeleitete[nr]? (?:nachricht|e-mail)",
        r"(?:inizio (?:del )?)?messaggio inoltrato",
        r"(?:início da )?mensagem (?:re)?encaminhada",
        r"(?:begin )?doorgestuurd bericht",
        r"(?:początek |treść )?przek(?:azanej|azywanej|azana) wiadomo(?:ści|ść)|wiadomość przekazana(?: dalej)?",
        r"vidarebefordrat meddelande|videresendt (?:besked|melding)|пересылаемое сообщение",
    )
)
_ORIGINAL = "|".join(
    (
        r"original message|reply message|forwarded by .{1,80}",
        r"mensaje original|mensagem original",
        r"(?:message|mail|courriel) (?:d['’]origine|original|initial)",
        r"urspr(?:ü|ue)ngliche nachricht|original-?nachricht",
        r"messaggio originale",
        r"oorspronkelijk bericht|origineel bericht",
        r"wiadomość oryginalna|oryginalna wiadomość",
        r"ursprungligt meddelande",
    )
)
_MARKER = re.compile(
    rf"\s*(?P<rule>[-_=*]{{2,}}+)?\s*(?:(?P<forward>{_FORWARDED})|(?P<original>{_ORIGINAL}))\s*(?:[-_=*]{{2,}}|:)?\s*$",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{20,}\s*$")
_REPLY_ABOVE = re.compile(r"\W*(?:please )?(?:type|write|enter)? ?(?:your )?reply above this line\W*$", re.IGNORECASE)

_WROTE = (
    r"wrote|writes|schrieb|geschrieben|a écrit|escribió|escribio|ha scritto|escreveu|schreef|geschreven|pisze"
    r"|napisał(?:\(a\)|a)?|skrev|kirjoitti|napsal(?:\(a\)|a)?|a scris|írta|написал(?:\(а\)|а)?"
)
_DATED = re.compile(
    r"[\s*]*(?:on|am|le|el|il|em|no dia|op|w dniu|dnia|den|dne|pe data|el día|a[s]? \d|\w{2,4}\.?,? \d|\d)\W?.*"
    rf"(?<!\w)(?:{_WROTE})(?!\w).{{0,200}}:[\s*]*$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"[\s*]*(?:\S.{{0,150}}(?<!\w)(?:{_WROTE})(?!\w).{{0,120}}|wiadomość napisana przez .{{1,200}}):[\s*]*$",
    re.IGNORECASE,
)
_WROTE_WORDS = re.compile(rf"(?<!\w)(?:{_WROTE})(?!\w)", re.IGNORECASE)
_DATE_PREPOSITION = re.compile(
    r"(?:on|am|le|el(?: día)?|il(?: giorno)?|em|no dia|op|w dniu|dnia|den|dne) ", re.IGNORECASE
)
_MAY_INTRODUCE = re.compile(r"[\s*]*[^\W_]")
_TIME = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}(?!\d)|\d{1,2} ?[ap]\.?m\b", re.IGNORECASE)
_UNTIL_TIME = re.compile(
    r".{0,120}?\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s\(?[A-Z]{2,5}\)?|\s[+-]\d{4})?", re.IGNORECASE
)


@dataclass
class Opening:
    """The lines above another mail: which they are, and what they say of it."""

    start: int
    end: int
    """The first line of the other mail's own text."""
    fields: dict[str, str] = field(default_factory=dict)
    is_forward: bool = False
    """Whether the lines themselves say that a mail is forwarded."""
    is_reply: bool = False
    """Whether they are of the kind that stands above a quotation only."""
    is_bare: bool = False
    """Whether there are header lines alone, without a line of words or dashes above them."""
    marks_lines: bool = False
    """Whether the other mail's lines begin with ">"; if not, it goes on to the end."""


def reply_opening(lines: Sequence[str], at: int) -> Opening | None:
    """Return the introduction ("On ... wrote:") that begins at a line, if one does.

    A sentence of the writer may look like one; so either a quotation mark follows it, or it names an address.
    """
    if not _MAY_INTRODUCE.match(lines[at]):
        return None
    joined = ""
    for end in range(at, min(at + MAX_WRAPPED, len(lines))):
        joined = f"{joined} {lines[end].strip()}".strip()
        if not lines[end].strip() or len(joined) > MAX_INTRODUCTION:
            return None
        if joined.rstrip("* ").endswith(":"):
            return _introduction(joined, lines, at, end + 1)
    return None


def mail_opening(lines: Sequence[str], at: int) -> Opening | None:
    """Return the line of dashes or the block of header lines that begins at a line, if one does."""
    line = lines[at][:MAX_INTRODUCTION]
    marker = _MARKER.match(line) if len(line) < MAX_MARKER else None
    if marker or _RULE.match(line) or _REPLY_ABOVE.match(line):
        return _marked(lines, at, marker)
    if not _HEADER_LINE.match(line) or (at and _HEADER_LINE.match(lines[at - 1][:MAX_INTRODUCTION])):
        return None
    end, fields = header_block(lines, at)
    is_block = "from" in fields and len(fields.keys() & {"date", "to", "subject"}) >= 2
    return Opening(at, end, fields, is_bare=True) if is_block and _is_of_a_mail(fields) else None


def is_made_by_a_program(fields: dict[str, str]) -> bool:
    """Tell header lines of a mail from the head of somebody's letter: an address and a time of day are named."""
    return "@" in fields.get("from", "") and bool(_TIME.search(fields.get("date", "")))


def header_block(lines: Sequence[str], at: int) -> tuple[int, dict[str, str]]:
    """Read header lines, single blank lines between them allowed; return the line after them and what they say."""
    fields: dict[str, str] = {}
    last, end, blanks = "", at, 0
    for number in range(at, min(at + MAX_HEADER_LINES, len(lines))):
        line = unmarked(lines[number])
        match = _HEADER_LINE.match(line[:MAX_INTRODUCTION])
        meaning = _FIELD_OF[match.group(1).lower()] if match else ""
        if match and not (blanks and meaning in fields):
            last, blanks, end = meaning, 0, number + 1
            fields.setdefault(meaning, match.group(2).strip("*_ \t"))
            if _SENT.match(match.group(1)):
                fields.setdefault("sent", "")
        elif not line.strip():
            blanks += 1
        elif not blanks and last and _goes_on(lines, number):
            end = number + 1
            fields[last] = f"{fields[last]} {line.strip()}"[:MAX_INTRODUCTION].strip()
        else:
            break
        if blanks == 2:
            break
    return end, fields


def unmarked(line: str) -> str:
    """Return a line without its first quotation mark."""
    return line[2:] if line.startswith("> ") else line[1:] if line.startswith(">") else line


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line continues the header line above it: by what it holds, or as header lines follow."""
    if any(mark in lines[at] for mark in "@;<"):
        return True
    following = takewhile(str.strip, (unmarked(line)[:MAX_INTRODUCTION] for line in lines[at + 1 : at + 4]))
    return any(_HEADER_LINE.match(line) for line in following)


def _introduction(joined: str, lines: Sequence[str], at: int, end: int) -> Opening | None:
    following = next((line for line in lines[end : end + 4] if line.strip()), "")
    marks_lines = following.startswith(">")
    is_dated = bool(_DATED.match(joined))
    has_address_and_time = "@" in joined and bool(_TIME.search(joined))
    if not (is_dated and has_address_and_time) and not marks_lines:
        return None
    if not (is_dated or has_address_and_time or _NAMED.match(joined)):
        return None
    sent_on = _UNTIL_TIME.match(joined)
    writer = _WROTE_WORDS.sub(" ", joined[sent_on.end() :] if sent_on else joined)
    fields = {"from": writer, "date": _DATE_PREPOSITION.sub("", sent_on.group()) if sent_on else ""}
    return Opening(at, end, fields, is_reply=True, marks_lines=marks_lines)


def _marked(lines: Sequence[str], at: int, marker: re.Match[str] | None) -> Opening | None:
    """Read what follows a line of dashes. Undashed words, and mere rules, need header lines below them."""
    after = next((n for n in range(at + 1, min(at + 5, len(lines))) if unmarked(lines[n]).strip()), at + 1)
    marks_lines = after < len(lines) and lines[after].startswith(">")
    end, fields = header_block(lines, after) if after < len(lines) else (after, {})
    has_head = "from" in fields and len(fields) >= 2
    if not has_head and not (marker and marker["rule"]) and not _REPLY_ABOVE.match(lines[at]):
        return None
    is_forward = bool(marker and marker["forward"])
    if not has_head:
        return Opening(at, at + 1, is_forward=is_forward, marks_lines=marks_lines)
    return Opening(at, end, fields, is_forward=is_forward, marks_lines=marks_lines)


def _is_of_a_mail(fields: dict[str, str]) -> bool:
    """Tell whether header lines are a mail program's: an address, a time of day, or the word for sent."""
    return "@" in fields["from"] or "sent" in fields or bool(_TIME.search(fields.get("date", "")))
