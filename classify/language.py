"""Which language a mail is written in.

In: the judged text and the subject. Out: an ISO 639-1 code, 'und' where nothing can be told. Candidates are the
languages of the European Union and its neighbours; a short text is believed only where it is plain.
"""

import re
from functools import lru_cache
from typing import Any

LANGUAGES = (
    *("en", "es", "fr", "de", "it", "pt", "nl", "pl"),
    *("bg", "cs", "da", "el", "et", "fi", "ga", "hr", "hu", "lt", "lv", "mt", "ro", "sk", "sl", "sv"),
    *("ca", "eu", "gl", "no", "is", "uk", "ru", "tr", "ar", "zh", "ja", "he"),
)
FULL = frozenset({"en", "es", "fr", "de"})
READ_WELL = frozenset({*FULL, "it", "pt", "nl", "pl"})
"""Languages whose mails may be judged without a person; all others are shown to one."""
UNDETERMINED = "und"

ENOUGH_LETTERS = 40
"""From here on the text alone decides."""
PLAIN = 0.6
"""How sure a short text in a language we read must be."""
PLAIN_ELSEWHERE = 0.9
NEIGHBOURS = {"ca": "es", "gl": "pt"}
"""Short texts in the second are often taken for the first: believed only from longer ones."""
LONG = 120

_NOISE = re.compile(r"\S+@\S+|https?://\S+|[\d_]+|[^\w\s'’-]+")
_COMMON_WORDS = {
    "en": "the and you your my is are to of i me please have want with for this not it do what delete",
    "es": "el la los que de mi mis por favor no quiero me con para y en una un su gracias hola datos",
    "fr": "le la les de je vous mes mon pas et est pour dans une un merci bonjour ne que votre données",
    "de": "ich sie und der die das mir mich bitte nicht ist mein meine zu ein eine mit daten auf es für",
    "it": "il che di mi per non sono vostro miei dati grazie vorrei con una del la della buongiorno",
    "pt": "o que de os meus dados não por favor uma para com vossa obrigado em quero minha você",
    "nl": "de het een ik u mijn niet en van dat is graag met voor gegevens wil jullie aan te",
    "pl": "proszę moje nie na się do dane jest i w o mi mnie państwa że z dziękuję danych",
}
_COMMON = {code: frozenset(words.split()) for code, words in _COMMON_WORDS.items()}


def language_of(text: str, subject: str) -> str:
    """Return the language of a mail: of its text, with the subject to help where the text is short."""
    words = _cleaned(text)
    if len(words) < ENOUGH_LETTERS:
        words = f"{words} {_cleaned(subject)}".strip()
    if len(words) < 3 or not any(letter.isalpha() for letter in words):
        return UNDETERMINED
    found, chance = _identifier().classify(words[:800].lower())
    if len(words) < ENOUGH_LETTERS:
        return _of_short(words.lower(), found, float(chance))
    if len(words) < LONG and found in NEIGHBOURS:
        return _by_common_words(words.lower()) or str(found)
    return str(found)


def _of_short(words: str, found: str, chance: float) -> str:
    common = _by_common_words(words)
    if common is not None:
        return common
    if chance >= PLAIN_ELSEWHERE:
        return found
    return found if chance >= PLAIN and found in READ_WELL else UNDETERMINED


def _by_common_words(words: str) -> str | None:
    """Return the language with most of its commonest words in a text, None where two are level or none has any."""
    said = words.split()
    counts = sorted(((sum(word in common for word in said), code) for code, common in _COMMON.items()), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else None


def _cleaned(text: str) -> str:
    return " ".join(_NOISE.sub(" ", text).split())


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """Return the identifier, loaded at first use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - loads 5 MB

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
