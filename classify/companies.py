"""The customer through whom the writer's data came to us.

In: text, its language, the names of the organisation's customers. Out: one of those if it is named, in whatever
spelling; else the name that the words tie to us ("my gym, ..., uses your app"), as written; None where nothing does. A
name counts by what stands around it: whether it is that of a business, whether the writer has to do with it, how near
it is said that somebody uses what we make. The words are data (`data/companies.toml`).
"""

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import Any

from classify.directory import listed_company
from classify.times import spaced

_CAPITAL = "[A-ZÀ-ÖØ-ÞĄĆĘŁŃŚŹŻČŠŽĐŐŰİŞ0-9]"
_SMALL = (
    r"(?:de|del|della|delle|di|da|do|dos|das|du|des|la|las|los|le|les|of|the|von|am|und|van|(?<=[Vv]an )der"
    r"|(?<=[Vv]on )der|den|pod|na|&|y|et|and|e)"
)
_NAME = re.compile(
    rf"(?<![\w&@./-])(?:(?!\d){_CAPITAL}[\w'’&-]{{1,40}}|e\.\s?V\.)"
    rf"(?:[ ](?:{_SMALL}[ ]){{0,2}}(?:(?!\d){_CAPITAL}[\w'’&-]{{0,40}}|e\. ?V\.|\+|&)(?!\.\w)){{0,4}}(?![@\w])"
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
    r"|Gestern|Op|Via|Chat|Dame|du|de|del|della|do|da|of|Technik|Sur|Bij|Pour|Nella|Nel|Notre|Votre|Aufgrund|My|Our"
    r"|Under|Since|And|Und|Mi|Mon|Ma|Mio|Mia|O|A|Os|As|Moj\w*|\w*h[äa]ndler|Nachbar"
    r"|Mandant\w*) )+"
)
"""What stands before a company with a capital at the start of a sentence, and is no part of its name."""
_ARTICLE = re.compile(r"^(?:La|Le|Les|El|Los|Las|Il|Lo|O|A|Het|De) ")
_TAIL = re.compile(r"(?:['’]s?|[ ](?:I|We|They|Ich|Je|And|The|Hi|Hello|Hallo|Hola|Bonjour|Am|Im|In|&|\+))+$")
_NOT_THEM_BEFORE = re.compile(
    r"(?i)(?:\b(?:mr|mrs|ms|dr|miss|herrn?|frau|sig\.?(?:ra)?|sr\.?a?|m\.|mme|madame|monsieur|pani?|mevrouw|meneer|heer"
    r"|i'm|i am|name is|named|ich bin|heiße|me llamo|soy|je suis|mi chiamo|sono|chamo"
    r"|sou|ik ben|nazywam się|jestem|name|nombre|nom|nome|naam|father|mother|son|daughter|brother|sister|husband|wife"
    r"|sohn|tochter|hijo|hija|fils|fille|figlio|figlia|padre|madre|mutter|vater|eu|yo|je|io|ik|ja|ich)[.:,]?\s*$"
    r"|\b(?:dear|hello|hallo|hola|bonjour|hi)\s*$"
    r"|\b(?:transmit\w*|transfer\w*|transmettre|übermitteln|übertragen|trasmett\w+|transmitir|port|overdragen|przesła\w+)\b"
    r"[^.!?]{0,40}$|\b(?:passer|wechsel\w*|switch\w*|mov(?:e|ing)|overstap\w*|passare|mudar|cambi\w+|przej\w+|przenos\w+"
    r"|send|schick\w*|envo\w+|envi\w+|inviat\w*|mand\w+|stuur|wyśl\w+)"
    r"\b[^.!?]{0,25}\b(?:chez|zu[mr]?|to|naar|a|al|alla|para|do)\s(?:\w{1,3}\s)?$)"
)
"""A person, or somebody to whom the data shall go."""
_OURS_BEFORE = re.compile(
    r"(?i)\b(?:your|ihre?[mnrs]?|eure?[mnrs]?|euer|votre|vos|vuestr[oa]s?|vostr[oaie]|voss[oa]s?|uw|jullie|wasz\w*|państwa)\s$"
)
_OFFICE = re.compile(
    r"(?i)\b(?:data protection|protección de datos|protection des données"
    r"|ico|cnil|aepd|bfdi|dpc|cnpd|uodo|anpd|garante|commission\w*|ombuds\w*|authority|behörde|datenschutz\w*"
    r"|schlichtungs\w*|gericht|\w+gericht|court|tribunal\w*|polic\w+|polizei|minist\w+|agencia española|attorney"
    r"|solicitors?|rechtsanw\w+|abogad\w+|avocats?|avvocat\w+|advocat\w+|kanzlei"
    r"|registry|bundes\w+|estados unidos|united states|parlement|parliament|regulation|règlement|reglamento|gdpr|rgpd"
    r"|dsgvo|rodo|avg|lgpd|act|article|artikel|art|\w+(?:straße|strasse|gasse|allee)|(?:mon|diens|donners|frei|sams|sonn)tag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
"""Offices and laws, days and streets: with a capital, too, but no customers."""
_YOURS = re.compile(
    r"(?i)(?:your|ihre?\w*|eure?\w*|euer|vos|votre|vous|su|sus|uw|jullie|wasz\w*|państw\w*|vostr\w+|voss\w+|vuestr\w+|i"
    r"|you|my|mein\w*|mi|mon|ma|mio|mia|mój|moj\w+|mijn|dear|meu|minha|\d+)\b"
)
_SHORTEST, _LONGEST_INITIALS, _LONGEST_NOUN = 3, 3, 11
_SENTENCE_END = re.compile(r"[.!?…:]['\"»”)]*\s+(?=[^a-zà-ÿ])|\n\s*\n")
_SENTENCE_START = re.compile(r"(?:^|[.!?:»\n–-]\s*)$")
_ENOUGH = 5
_TIED_ITSELF, _SAME_SENTENCE, _NEXT_SENTENCE = 4, 3, 2
"""How much weighs that a name is tied to us itself, in its sentence, in the one before or after."""
_ANYWHERE = 1
"""How much that somewhere in the mail somebody is tied to us."""
_OURS_HERE, _OURS_BESIDE = 2, 1
"""The same where only something of ours is named: "your app"."""
_MOST_NAMES = 100
_BETWEEN = ' ,«„“"'
_LIKE = {"ca": "es", "gl": "pt"}
_LOOK_BACK, _SHORT_LINE = 60, 70


@dataclass(frozen=True, slots=True)
class _Words:
    """What points at a company in one language."""

    does: re.Pattern[str]
    """Right after a company: it uses what we make."""
    ties: re.Pattern[str]
    """Somebody else than the writer uses what we make."""
    ours: re.Pattern[str]
    """Something we make."""
    needs_house: bool
    """Any noun has a capital: only what is plainly a business may be a name."""
    near: re.Pattern[str]
    """Right before a company: the writer has to do with it."""


@dataclass(frozen=True, slots=True)
class _Places:
    """The sentences of a text, and in which of them something ties somebody to us."""

    ends: Sequence[int]
    strong: frozenset[int]
    weak: frozenset[int]

    def tie(self, place: int, *, is_house: bool) -> int:
        """Return how much what is said around a place ties it to us; what we make does so to a business only."""
        here = bisect_right(self.ends, place)
        beside = {here - 1, here + 1}
        return max(
            _SAME_SENTENCE * (here in self.strong),
            _NEXT_SENTENCE * bool(beside & self.strong),
            _ANYWHERE * (is_house and bool(self.strong)),
            _OURS_HERE * (is_house and here in self.weak),
            _OURS_BESIDE * (is_house and bool(beside & self.weak)),
        )


@dataclass(frozen=True, slots=True)
class _Named:
    """A name and where it stands."""

    name: str
    start: int
    end: int


def customer_company(text: str, language: str, customers: Sequence[str]) -> str | None:
    """Return the customer whose data this is about."""
    return listed_company(text, customers) or _pointed_at(text, language)


def _pointed_at(text: str, language: str) -> str | None:
    """Return the name that the words tie to us most, None where none is tied enough."""
    words = _words(language)
    strong, weak = ([match.start() for match in pattern.finditer(text)] for pattern in (words.ties, words.ours))
    if not strong and not weak:
        return None
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    place = _Places(
        ends, frozenset(bisect_right(ends, one) for one in strong), frozenset(bisect_right(ends, one) for one in weak)
    )
    weighed = [
        (_weight(text, one, words, place), -one.start, one.name)
        for one in islice(_names(text, words, place), _MOST_NAMES)
    ]
    best = max(weighed, default=(0, 0, ""))
    return best[2] if best[0] >= _ENOUGH else None


def _names(text: str, words: _Words, places: _Places) -> Iterator[_Named]:
    """Yield what may be the name of a company, where anything near ties it to us."""
    for match in _NAME.finditer(text):
        if not places.tie(match.start(), is_house=True) and not words.does.match(text, match.end()):
            continue
        bare = _TAIL.sub("", match[0] if match[0].endswith("V.") else match[0].rstrip(" .,"))
        name = _LEADING.sub("", bare)
        if _can_be_a_name(name):
            name = _ARTICLE.sub("", name) if _is_house(name.partition(" ")[2].partition(" ")[0]) else name
            end = match.start() + len(bare)
            yield _Named(name, end - len(name), end)


def _can_be_a_name(name: str) -> bool:
    """Tell whether words with capitals may be a name: no pronoun, office, shout, nor what any shop is called."""
    if (
        len(name) < _SHORTEST
        or _OFFICE.search(name)
        or _YOURS.match(name)
        or (name.isupper() and len(name) > _LONGEST_INITIALS)
        or name[-1].isdigit()
    ):
        return False
    if " " in name and _has_house(name):
        return True
    return not _NOT_A_COMPANY.match(name) and not (len(name) <= _LONGEST_NOUN and _is_house(name))


def _weight(text: str, named: _Named, words: _Words, places: _Places) -> int:
    """Return how sure a name is that of a customer of ours; nothing where no tie is near."""
    before = text[max(0, named.start - _LOOK_BACK) : named.start]
    is_house = _has_house(named.name) or _is_house(before.rstrip(_BETWEEN).rpartition(" ")[2])
    tied_itself = words.does.match(text, named.end) is not None
    tie = _TIED_ITSELF if tied_itself else places.tie(named.start, is_house=is_house)
    if (
        not tie
        or _NOT_THEM_BEFORE.search(before)
        or _OURS_BEFORE.search(before)
        or (not tied_itself and _is_signed(text, named.name))
    ):
        return 0
    is_many = " " in named.name
    if not is_house and not tied_itself and (words.needs_house or (not is_many and _SENTENCE_START.search(before))):
        return 0
    near = words.near.search(before) is not None
    return tie + 2 * is_house + near + is_many + (text.count(named.name) > 1)


def _is_signed(text: str, name: str) -> bool:
    """Tell of a firm in a signature: at the end of a short line, or before a stroke in it."""
    for match in re.finditer(re.escape(name), text):
        line = text.rfind("\n", 0, match.start())
        rest = text[match.end() : match.end() + 3].lstrip(" .,")[:1]
        if line > 0 and match.end() - line < _SHORT_LINE and rest in {"", "\n", "|", "·", "•"}:
            return True
    return False


def _has_house(name: str) -> bool:
    """Tell whether a word of a name is one of a business: "Hotel", "GmbH"."""
    return any(_is_house(word) for word in name.replace("e. V.", "eV").split(" "))


@lru_cache(maxsize=4096)
def _is_house(word: str) -> bool:
    return _houses().fullmatch(word.lower().replace(".", "")) is not None


@lru_cache(maxsize=1)
def _houses() -> re.Pattern[str]:
    return re.compile(_listed()["houses"]["words"])


@lru_cache(maxsize=32)
def _words(language: str) -> _Words:
    """Return the words of a language, the English ones where it has none."""
    by_language = _listed()
    of = by_language.get(_LIKE.get(language, language), by_language["en"])
    return _Words(
        does=re.compile(of["does"]),
        ties=re.compile(rf"(?i)\b(?:{spaced('|'.join(of['ties']))})"),
        ours=re.compile(rf"(?i)\b(?:{spaced(of['ours'])})"),
        needs_house=language == "de",
        near=re.compile(rf"(?i)\b(?:{of['near']})"),
    )


@lru_cache(maxsize=1)
def _listed() -> dict[str, Any]:
    text = resources.files("classify").joinpath("data/companies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
