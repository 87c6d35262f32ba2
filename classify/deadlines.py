"""By when somebody wants an answer or a deed, as they wrote it.

In: text and its language. Out: the words themselves ("within 14 days", "antes del 15 de marzo"), from the word that
makes them a limit to the end of the time; None where no time is set. What it means for a clock is for the law and for
staff, not for these words, which are data (`data/deadlines.toml`).
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import islice
from typing import Any

from classify.times import Times, spaced

_FIRM, _SOFT, _ASKED, _OWN, _LATEST = 3, 1, 2, 2, 2
"""How much a limit word that stands for itself, one that needs help, and what the sentence says weigh."""
_ENOUGH = 3
_MOST_PLACES, _MOST_LIMITS = 600, 60
"""A mail has no more words that may begin a limit, nor more limits; what was made to keep us busy has."""
_LOOK_BACK = 40
"""So long a time before "at the latest" may be."""
_BEFORE, _AFTER = 160, 90
"""So many characters around a limit tell what it is about, as far as the sentence goes."""
_WORD = re.compile(r"\w+")
_BEGIN = re.compile(r"\(\?:([^()]*)\)|([^()]*)")
_SENTENCE = re.compile(r"[.!?]+[)\"»”]?\s+(?=[^\W\d_a-zà-ÿ]|[¿¡(\"«])|\n\s*\n|(?<=[^\W\d])[!?]+\s")
_PAST = re.compile(
    r"(?i)\b(?:since|for|ago|after|over|last|seit|nach|hace|desde|durante|tras|depuis|pendant|après|hat(?:te)?"
    r"|il\sy\sa|voilà|da|sinds|od|dopo|einmal|twice|once|non|not|nicht|pas|just|kurz)\s*$"
)
_NOT_A_LIMIT = re.compile(
    r"(?i)\s?(?:ago\b|old\b|late\b|earlier|vorher|später|zuvor|atrás|alt\b|lang\b|long\b|%|€|euros?\b|people|personas"
    r"|oud\b|fa\b|temu\b|geleden)"
    r"|[^.!?\n]{0,30}\b(?:beschäftigt|gearbeitet|gewohnt|gewerkt|gewoond)\b"
    r"|[^.!?\n]{0,12}\b(?:has|have|had|ist|sind|est|sont|ha|han|is|foi)\s(?:now\s|already\s|längst\s|ya\s)?"
    r"(?:expired|passed|elapsed|abgelaufen|verstrichen|vorbei|dépassé|écoulé|vencid|pasad|scadut|verstreken|passou)"
)
_TOLD_BEFORE = re.compile(
    r"""(?ix)\b(?:you\s(?:had\s|have\s)?(?:said|promised|told|wrote|indicated)|was\stold|they\s(?:said|told)|told\sme
    |people\ssaid|notice(?:\speriod)?|thought\syou|used\sto
    |dij(?:o|eron|isteis)|prometi\w+|avi?ez\s(?:dit|indiqué|promis)|m['’](?:a|avez|aviez)\s(?:dit|indiqué|promis)
    |on\sm['’]a|sagten?|hieß|versproch\w+|schrieben\ssie|zugesagt|avevate|avete\sdetto|hanno\sdetto|ha\sdetto
    |disse(?:ram)?|prometeram|zei(?:den)?|beloofd\w*|powiedz\w+|obiecal\w+|obiecano|mówi\w+
    |worked|employed|lived|trabaj[éó]|trabalhei|travaillé|gearbeitet|lavorato|gewerkt|gewoond|pracowa\w+|leczy\w+
    |studied|died|arrived|kam|vino|contestaron
    |folgt|suivra|ampliaremos|seguirá|seguirà|volgt|will\sfollow|abroad|away
    )\b[^.!?\n]*$"""
)
_HOW_MANY = re.compile(
    r"(?i)(?:\b(?:\d+|two|three|four|five|six|seven|ten|zwei|drei|vier|fünf|sechs|dos|tres|cuatro|cinco|seis|deux|trois"
    r"|quatre|cinq|six|quatorze|due|tre|quattro|cinque|dois|três|twee|drie|vier|vijf|second|third|zweite|segunda"
    r"|cinquième)\b|\))[^.!?,;:\n]{2,45}$"
)
"""So many calls in two weeks: no time limit."""
_FROM = re.compile(
    r"(?i)(?:\b(?:vom|von|ab|od|van|from|between|zwischen|de|del|desde|du|dal|dalle|entre|dès)\s(?:\d[\w.:]*"
    r"|(?:mon|die|mit|don|fre|sam|son|jan|feb|mär|mar|apr|mai|jun|jul|aug|sep|okt|oct|nov|dez|dec|lun|mié|jue|vie|sáb"
    r"|dom|mer|jeu|ven|gio|ene|abr|ago|dic|gen|mag|giu|lug|set|ott|out|fev|maa|din|woe|vri|zat|zon|pon|wto|śro|czw|pią"
    r"|sob|nie|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|pocz|first)\w*)(?:\s\w+){0,3}|\d[.:]?)\s*$"
)
_TILL = re.compile(r"(?i)(?:bis|do|tot|até|hasta|fino|until|till?|jusqu)\b")
_TO_THIS_DAY = re.compile(
    r"(?i)(?:bis|do|até|hasta|tot|fino|jusqu['’]à)(?:\sa)?\s(?:heute|dzi\w+|hoje|hoy|oggi|vandaag|aujourd\S+)$"
    r"|(?:un)?till? (?:today|now)$"
)
_AT_ONCE = re.compile(
    r"(?i)(?:without\sundue\sdelay|sin\sdilaci[oó]n(?:\sindebida)?|sans\sdélai|ohne\sunangemessene\sverzögerung"
    r"|unverzüglich|zonder\sonredelijke\svertraging|bez\szbędnej\szwłoki|senza\singiustificato\sritardo"
    r"|sem\sdemora\sinjustificada|noch\sheute|heute\snoch|hoy\smismo|mañana\smismo|ainda\shoje|hoje\smesmo|oggi\sstesso"
    r"|nog\svandaag|jeszcze\sdziś|aujourd['’]hui\smême)\b"
)
_AT_ONCE_BEGINS = frozenset(
    {
        *("without", "sin", "sans", "ohne", "unverzüglich", "zonder", "bez", "senza", "sem", "noch", "heute"),
        *("hoy", "mañana", "ainda", "hoje", "oggi", "nog", "jeszcze", "aujourd"),
    }
)


@dataclass(frozen=True, slots=True)
class _Limits:
    """What sets limits in one language."""

    after: Mapping[str, tuple[tuple[int, re.Pattern[str]], ...]]
    """By the first word of a limit: how firm it is, and its pattern; the group `time`, if any, is all that counts."""
    behind: re.Pattern[str]
    """A time with its limit behind it: "Monday at the latest"."""
    latest: re.Pattern[str]
    latest_words: frozenset[str]
    asks: re.Pattern[str]
    own: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class _Found:
    """A limit as it stands in the text, and how sure it is one."""

    start: int
    words: str
    weight: int
    firm: int

    def holds(self, other: "_Found") -> bool:
        """Tell whether another one is the same or a part of this."""
        return self.start <= other.start and other.start + len(other.words) <= self.start + len(self.words)


def deadline_in(text: str, language: str) -> str | None:
    """Return the time limit that counts most as written; "at once" only where nothing more exact stands."""
    words = [(match.start(), match[0].lower()) for match in _WORD.finditer(text)]
    found = [one for code in _codes(language) for one in _candidates(text, words, code)]
    if found:
        best = max(found, key=lambda one: (one.weight, one.firm, -one.start))
        return _trimmed(max((one.words for one in found if one.holds(best)), key=len))
    return _at_once(text, words, language)


def _at_once(text: str, words: Sequence[tuple[int, str]], language: str) -> str | None:
    """Return the law's "without undue delay" or a "still today", where it is asked for."""
    for place, word in words:
        if word in _AT_ONCE_BEGINS and (match := _AT_ONCE.match(text, place)):
            sentence = "|".join(_around(text, place, match.end()))
            if not sentence.strip("|.! ") or any(_limits(code).asks.search(sentence) for code in _codes(language)):
                return match[0]
    return None


def _trimmed(words: str) -> str:
    """Return words without what ends a sentence; "r." and "p.m." keep their point."""
    whole = words.strip(" ,;:\n")
    return whole if whole.endswith((" r.", "m.")) else whole.rstrip(" .")


def _codes(language: str) -> tuple[str, ...]:
    """Return the languages to look with: a mail's own and English, all where its own has no words here."""
    listed = tuple(_listed())
    like = {"ca": "es", "gl": "pt"}.get(language, language)
    return tuple(dict.fromkeys((like, "en"))) if like in listed else listed


def _candidates(text: str, words: Sequence[tuple[int, str]], code: str) -> Iterator[_Found]:
    """Yield what is a limit for the reader: not "for ten days", "two weeks ago", "you said by Friday"."""
    limits = _limits(code)
    for firm, match in islice(_matches(text, words, limits), _MOST_LIMITS):
        said = match.groupdict().get("time") or match[0]
        before, after = _around(text, match.start(), match.end())
        weight = _weight(limits, firm, said, before, after)
        if weight >= _ENOUGH and not _is_told(text, match, before, is_soft=firm < _FIRM):
            yield _Found(match.end() - len(said), said, weight, firm)


def _matches(text: str, words: Sequence[tuple[int, str]], limits: _Limits) -> Iterator[tuple[int, re.Match[str]]]:
    """Yield the limits that begin at a word, or end with it, and how firm they are."""
    places = ((place, word) for place, word in words if word in limits.after or word in limits.latest_words)
    for place, word in islice(places, _MOST_PLACES):
        for firm, pattern in limits.after.get(word, ()):
            if match := pattern.match(text, place):
                yield firm, match
        if (
            word in limits.latest_words
            and limits.latest.match(text, place)
            and (match := limits.behind.search(text, max(0, place - _LOOK_BACK), place + _LOOK_BACK))
        ):
            yield _FIRM, match


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the rest of the sentence before and after a place."""
    before = _SENTENCE.split(text[max(0, start - _BEFORE) : start])[-1]
    after = _SENTENCE.split(text[end : end + _AFTER], maxsplit=1)[0]
    return before, after


def _weight(limits: _Limits, firm: int, words: str, before: str, after: str) -> int:
    """Return how sure words are a limit: firmer where the sentence asks, less where it tells of the writer's doings."""
    sentence = f"{before}|{after}"
    asks = _ASKED if limits.asks.search(sentence) else 0
    own = _OWN if limits.own.search(sentence) else 0
    latest = _LATEST if limits.latest.search(words) else 0
    return firm + asks + latest - own


def _is_told(text: str, match: re.Match[str], before: str, *, is_soft: bool) -> bool:
    """Tell of a time gone by, one that others set, of how often something happened in it."""
    if (
        _PAST.search(before[-12:])
        or _TO_THIS_DAY.match(match[0])
        or _NOT_A_LIMIT.match(text, match.end())
        or _TOLD_BEFORE.search(before)
    ):
        return True
    if _TILL.match(match[0]) and (_FROM.search(before) or _is_farewell(text, match)):
        return True
    return is_soft and bool(_HOW_MANY.search(before))


def _is_farewell(text: str, match: re.Match[str]) -> bool:
    """Tell of a "Bis Dienstag" that stands in a line of its own."""
    before, after = text[: match.start()].rpartition("\n")[2], text[match.end() :].partition("\n")[0]
    return match[0][0].isupper() and not before.strip() and not after.strip(" !.")


@lru_cache(maxsize=16)
def _limits(code: str) -> _Limits:
    of = _listed()[code]
    times, latest = Times.of(of), spaced("|".join(of["latest"]))
    articles = rf"(?:(?:{spaced(of['article'])})\b\s{{1,3}}|[dl]['’])"
    maybe, surely = f"{articles}{{0,3}}?", f"{articles}{{1,3}}"
    any_time = f"(?:{times.point}|{times.day_alone}|{times.span})"
    kinds = (
        (_FIRM, "within", maybe, f"(?:{times.span}|{times.lawful})"),
        (_FIRM, "by", maybe, times.point),
        (_FIRM, "by", surely, times.day_alone),
        (_SOFT, "by", "", times.day_alone),
        (_FIRM, "before", maybe, times.event),
        (_SOFT, "soft", maybe, times.span),
        (_SOFT, "till", maybe, f"(?:{times.point}|{times.day_alone})"),
        (_FIRM, "given", maybe, f"(?P<time>{times.span})"),
        (_FIRM, "named", maybe, f"(?P<time>{any_time})"),
    )
    after: dict[str, list[tuple[int, re.Pattern[str]]]] = defaultdict(list)
    for firm, kind, article, time in kinds:
        pattern = _pattern(of[kind], article, time, latest)
        for word in _first_words([*of[kind], *(of["latest"] if kind in {"within", "by"} else ())]):
            after[word].append((firm, pattern))
    return _Limits(
        after={word: tuple(patterns) for word, patterns in after.items()},
        behind=re.compile(rf"(?<!\w)(?P<time>{maybe}{any_time},?\s{{1,3}}(?:{latest}))", re.IGNORECASE),
        latest=re.compile(latest, re.IGNORECASE),
        latest_words=frozenset(_first_words(of["latest"])),
        asks=re.compile(spaced(of["asks"]), re.IGNORECASE),
        own=re.compile(spaced(of["own"]), re.IGNORECASE),
    )


def _pattern(phrases: Sequence[str], article: str, time: str, latest: str) -> re.Pattern[str]:
    """Return the pattern of a limit word with its time, "at the latest" before or behind it."""
    limit, gap = spaced("|".join(phrases)), r"(?:(?<=['’])|\s{1,3}|(?<=:)\s{0,3})"
    return re.compile(
        rf"(?:(?:{latest}),?\s{{1,3}})?(?:{limit}){gap}{article}{time}(?:,?\s{{1,3}}(?:{latest}))?", re.IGNORECASE
    )


def _first_words(phrases: Sequence[str]) -> set[str]:
    """Return the words that phrases begin with; a phrase begins with a word, or with a choice of phrases."""
    begun = [match[1] or match[2] for phrase in phrases if (match := _BEGIN.match(phrase))]
    return {match[0] for choice in begun for one in choice.split("|") if (match := _WORD.match(one))}


@lru_cache(maxsize=1)
def _listed() -> dict[str, dict[str, Any]]:
    text = resources.files("classify").joinpath("data/deadlines.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
