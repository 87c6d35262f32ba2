"""Cut the text of a mail into passages: sentences, lines of a list, pieces of what has no full stop.

In: text. Out: character spans in order, blank ones left out. Lines that a mail program wrapped are joined;
abbreviations and ordinals of the languages we read don't end a sentence.
"""

import re
from bisect import bisect_right

Span = tuple[int, int]

WRAPPED_FROM = 55
"""A line at least this long that ends without a stop was wrapped by a mail program, not ended by its writer."""
MAX_WORDS = 45
"""What runs on longer is cut at a comma or a dash: people on phones use no full stops."""

_ABBREVIATED = """
    art abs nr lit bzw ca dr med prof hr fr inkl ggf evtl usw str tel mr mrs ms mme mlle st vs etc inc ltd co corp
    sr sra srta d dña dna núm num pág pag avda av cta ref réf ext apdo ud uds ej dott sig gent spett ing avv arch
    exmo exma dhr mevr ul os pkt ust zgl vgl gem aufl cf env ap apt bd
"""
ABBREVIATIONS = frozenset(_ABBREVIATED.split())

_LINE = re.compile(r"[^\n]*\n?")
_LIST_START = re.compile(r"\s*(?:[-*•–·▪‣►✔☐☑☒]|\(?\d{1,2}[.)]|\(?[a-z][.)])\s")
_STOP = re.compile(r"([.!?…]+)([\"'”»«)\]]*)(\s+)")
_LAST_WORD = re.compile(r"\w+$")
_SOFT_STOP = re.compile(r"[,;:]\s+|\s[-–—]\s+")
_WORD = re.compile(r"\S+")
_LETTER = re.compile(r"\w")


def passage_spans(text: str) -> list[Span]:
    """Return the spans of the passages of a text."""
    return [
        trimmed
        for start, end in _paragraphs(text)
        for sentence in _sentences(text, start, end)
        for piece in _short_enough(text, *sentence)
        if (trimmed := _trimmed(text, *piece)) is not None
    ]


def _paragraphs(text: str) -> list[Span]:
    """Return runs of lines that belong together: a line joins the next one only where it was wrapped."""
    spans: list[Span] = []
    start = None
    for match in _LINE.finditer(text):
        line = match.group()
        if not line:
            continue
        if start is None:
            start = match.start()
        if not _is_wrapped(line, text[match.end() : match.end() + 40]):
            spans.append((start, match.end()))
            start = None
    if start is not None:
        spans.append((start, len(text)))
    return spans


def _is_wrapped(line: str, following: str) -> bool:
    bare = line.rstrip()
    return (
        len(bare) >= WRAPPED_FROM
        and bare[-1] not in ".!?…:;"
        and bool(following[:1].strip())
        and not _LIST_START.match(following)
    )


def _sentences(text: str, start: int, end: int) -> list[Span]:
    spans: list[Span] = []
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, start, match):
            spans.append((start, match.end()))
            start = match.end()
    spans.append((start, end))
    return spans


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether a stop followed by a blank ends a sentence; only a single full stop can be something else."""
    if match[1] != ".":
        return True
    last = _LAST_WORD.search(text, max(start, match.start() - 20), match.start())
    if last is None:
        return True
    word = last[0]
    is_initial = len(word) == 1 and not word.isdigit()
    is_ordinal = word.isdigit() and len(word) <= 2
    return not (is_initial or is_ordinal or word.lower() in ABBREVIATIONS)


def _short_enough(text: str, start: int, end: int) -> list[Span]:
    """Cut a passage of too many words at its commas, else after so many words."""
    words = [match.end() for match in _WORD.finditer(text, start, end)]
    pieces: list[Span] = []
    first = 0
    while len(words) - first > MAX_WORDS:
        middle, limit = words[first + MAX_WORDS // 2], words[first + MAX_WORDS - 1]
        cut = max((match.end() for match in _SOFT_STOP.finditer(text, middle, limit)), default=limit)
        pieces.append((start, cut))
        start = cut
        first += bisect_right(words[first : first + MAX_WORDS], cut)
    return [*pieces, (start, end)]


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if not _LETTER.search(piece):
        return None
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())
