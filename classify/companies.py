"""The customer through whom the writer's data came to us.

In: text, its language, the names of the organisation's customers. Out: one of those if it is named, else what the
words point at ("... uses your platform", "I have an account at ...", where it is plain that somebody uses what we
make), as written; None where nothing does. The words are data (`data/companies.toml`).
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

_CAPITAL = "[A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻČŠŽĐŐŰİŞ0-9]"
_SMALL = (
    r"(?:de|del|della|delle|di|da|do|dos|das|du|des|la|las|los|le|les|of|the|von|der|am|im|und|van|den|pod|na"
    r"|&|y|et|and|e)"
)
_COMPANY = (
    rf"(?P<company>(?<![\w'’&-])(?:{_CAPITAL}[\w'’&-]{{0,40}}|e\.\s?V\.)"
    rf"(?:[ ](?:{_SMALL}\s){{0,2}}(?:{_CAPITAL}[\w'’&-]*|e\. ?V\.|\+|&)(?!\.\w)){{0,4}})"
)
_NOT_A_COMPANY = re.compile(
    r"(?i)^(?:the |der |die )?(?:i|you|your|yours|ihr\w*|euer|eure\w*|sie|vous|votre|vos|vuestr\w+"
    r"|ustedes|państw\w+|gdpr|rgpd|dsgvo|rodo|avg"
    r"|lgpd|telegram|whatsapp|google|facebook|instagram|art\w*|uk|eu|internet|wifi|wlan|jan\w*|feb\w*"
    r"|mar[cs]\w*|apr\w*|\d+"
    r"|(?:mum|dad|mom|please|what|while|somebody|someone|nobody|how|where|when|qui|quoi|j['’]\w+|family"
    r"|down)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|navidad|weihnachten"
    r"|chef\w*|firma|verein|händler\w*|arbeitgeber\w*|anbieter\w*|betreiber\w*|dienst\w*|wohnung|haus"
    r"|büro|schule|kita"
    r"|laden|treppenhaus|jugendamt|erben|angehörig\w*|mädchen|mann|frau|herrn?|tag\w*|jahr\w*|kunde\w*"
    r"|daten\w*|e-?mail\w*"
    r"|mr|mrs|ms|madame|mme|monsieur|don|doña|dr|prof|sig\w*|pani?)\b"
    r"|^(?:su|sus|the|la|el|le|die|der|das|nous|on|they|who|we|he|she|it|if|my|in|at|no|nr|hello|hallo"
    r"|hola|bonjour)$"
)
_LEADING = re.compile(
    r"^(?:(?:The|Der|Die|Das|Dem|Den|Des|El|Il|Bei[m]?|Im|In|An|Am|Auf|Mein\w*|Sein\w*|Ihr\w*|Unser\w*"
    r"|Dies\w*|Welche\w*"
    r"|Gestern|Aufgrund|My|Our|Under|Since|And|Und|Mi|Mon|Ma|Mio|Mia|O|A|Os|As|Moj\w*|\w*h[äa]ndler|Nachbar"
    r"|Mandant\w*) )+"
)
"""What stands before a company with a capital at the start of a sentence, and is no part of its name."""
_TAIL = re.compile(r"(?:['’]s| (?:I|We|They|Ich|Je|They|And|The|Hi|Hello|Hallo|Hola|Bonjour|And|Am|Im|In))$")
_SHORTEST = 3
_BEGINNING = re.compile(rf"(?<=[\w,] )({_CAPITAL}[\w'’&-]+ )$")
"""A word of the name that was read as a word before it: "Portal ...", "Shoppingcenter ..."."""
_SENTENCE_START = re.compile(r"(?:^|[.!?:»\n–-]\s*)$")
_GERMAN_NOUNS = re.compile(r" de[rs] |-\w+$")


@dataclass(frozen=True, slots=True)
class _Words:
    """What points at a company in one language."""

    tied: re.Pattern[str]
    """A company, and that it uses what we make."""
    belongs: re.Pattern[str]
    """A company of which the writer says to be a customer, patient or member."""
    beside: re.Pattern[str]
    """A company that the writer deals with."""
    through: re.Pattern[str]
    """Somebody uses what we make."""


def customer_company(text: str, language: str, customers: Sequence[str]) -> str | None:
    """Return the customer whose data this is about."""
    lowered = text.lower()
    listed = [(lowered.find(name.lower()), name) for name in customers if name and name.lower() in lowered]
    if listed:
        place, name = min(listed)
        return text[place : place + len(name)]
    return next(_pointed_at(text, language), None)


def _pointed_at(text: str, language: str) -> Iterator[str]:
    """Yield the companies that the words point at, the surest first."""
    words = _words(language)
    is_through = words.through.search(text) is not None
    for pattern in (words.tied, words.beside, words.belongs) if is_through else (words.tied, words.belongs):
        for match in pattern.finditer(text):
            before = _BEGINNING.search(text[: match.start("company")])
            whole = f"{before[1] if before else ''}{match['company']}"
            found = _LEADING.sub("", _TAIL.sub("", whole.strip(" .,")))
            if _can_be_a_name(found, text, match.start("company"), language):
                yield found


def _can_be_a_name(found: str, text: str, place: int, language: str) -> bool:
    """Tell whether capitals mean a name here: not so of a single word that begins a sentence, or in German."""
    if len(found) < _SHORTEST or _NOT_A_COMPANY.match(found):
        return False
    if language == "de":
        return " " in found and not _GERMAN_NOUNS.search(found)
    return " " in found or not _SENTENCE_START.search(text[:place]) or text.count(found) > 1


@lru_cache(maxsize=32)
def _words(language: str) -> _Words:
    """Return the words of a language, the English ones where it has none."""
    by_language = _listed()
    of = by_language.get(language, by_language["en"])
    return _Words(
        tied=re.compile(rf"{_COMPANY}(?:{of['does']})"),
        belongs=re.compile(rf"\b{_any_case(of['am'])}{_COMPANY}"),
        beside=re.compile(rf"\b{_any_case(of['at'])}{_COMPANY}"),
        through=re.compile(of["through"], re.IGNORECASE),
    )


def _any_case(pattern: str) -> str:
    return f"(?i:{pattern})"


@lru_cache(maxsize=1)
def _listed() -> dict[str, dict[str, str]]:
    text = resources.files("classify").joinpath("data/companies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
