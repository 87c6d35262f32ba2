"""What a subject line tells by its form: answer, forward, or the agreed subject of a rights request.

Both policies ask people to write "GDPR Rights Request" in the subject, so that line counts as a rights request
whatever the body says or fails to say.
"""

import re
from difflib import SequenceMatcher

from classify.letters import plain_letters

FORM_SUBJECTS = (
    "gdpr rights request",
    "gdpr request",
    "data subject rights request",
    "data rights request",
    "uk gdpr rights request",
    "solicitud de derechos rgpd",
    "solicitud de derechos gdpr",
    "solicitud derechos rgpd",
    "solicitud de ejercicio de derechos rgpd",
    "ejercicio de derechos rgpd",
    "exercice de droits rgpd",
    "exercice de mes droits rgpd",
    "exercice des droits rgpd",
    "demande de droits rgpd",
    "demande d exercice de droits rgpd",
    "demande rgpd",
    "dsgvo betroffenenanfrage",
    "dsgvo anfrage",
    "dsgvo antrag",
    "betroffenenanfrage dsgvo",
    "dsgvo betroffenenrechte",
    "antrag auf betroffenenrechte dsgvo",
    "ds gvo betroffenenanfrage",
    "richiesta diritti gdpr",
    "richiesta di esercizio dei diritti gdpr",
    "esercizio dei diritti gdpr",
    "pedido de direitos rgpd",
    "pedido de exercicio de direitos rgpd",
    "exercicio de direitos rgpd",
    "avg rechtenverzoek",
    "avg verzoek",
    "verzoek avg rechten",
    "verzoek uitoefening rechten avg",
    "wniosek rodo",
    "wniosek dotyczacy praw rodo",
    "zadanie rodo",
    "realizacja praw rodo",
)
NEARLY = 0.9
"""How alike a line must be to one of them: a letter or two mistyped."""

_REPLY = re.compile(r"(?i)^\s*(?:re|aw|antw(?:ort)?|sv|rv(?=:)|resp?|odp|r|rif)\s*(?:\[\d+\])?\s*:\s*")
_FORWARD = re.compile(r"(?i)^\s*(?:fwd?|wg|tr|rv|reenv|enc|doorst|i|pd|vs|fs)\s*:\s*")
_TAG = re.compile(r"^\s*\[(?:ext|external|extern|externo|externe)[^\]]*\]\s*", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[\W_]+")


def is_reply(subject: str) -> bool:
    """Tell whether the line begins as an answer does, in the mail programs of our languages."""
    return bool(_REPLY.match(_TAG.sub("", subject)))


def is_forward(subject: str) -> bool:
    """Tell whether the line begins as a forwarded mail does."""
    return bool(_FORWARD.match(_TAG.sub("", subject)))


def bare_subject(subject: str) -> str:
    """Return the line without marks of answers, forwards and outside senders."""
    before = None
    while subject != before:
        before = subject
        subject = _FORWARD.sub("", _REPLY.sub("", _TAG.sub("", subject)))
    return subject.strip()


def is_rights_form(subject: str) -> bool:
    """Tell whether the line is the agreed subject of a rights request, translated or nearly so, or begins with it."""
    line = _plain(bare_subject(subject))
    words = set(line.split())
    return any(
        line == form or _begins(line, form) or SequenceMatcher(None, line, form).ratio() >= NEARLY
        for form in FORM_SUBJECTS
        if set(form.split()).intersection(words) and (abs(len(line) - len(form)) <= 4 or _begins(line, form))
    )


def _begins(line: str, form: str) -> bool:
    """Tell whether a line goes on after the form with a few more words: a name, a number."""
    return line.startswith(form + " ") and len(line.split()) - len(form.split()) <= 6


def _plain(text: str) -> str:
    return _NOT_LETTERS.sub(" ", plain_letters(text)).strip()
