"""Phrases that plainly say about whom a mail is: they give a hint however the learnt heads see it.

In: text and its language. Out: hints, each with the phrase as written. The heads find what is said in other words. The
phrases are data (`data/hints.toml`): a regular expression for each hint and language; English counts everywhere, since
people mix.
"""

import re
import tomllib
from functools import lru_cache
from importlib import resources

from models.verdict import Hint

_OWN_ADDRESS, _THIS_ADDRESS, _ACCOUNT = "own_address", "this_address", "account"
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)|\n\s*\n")


def hint_phrases(text: str, language: str) -> dict[Hint, str]:
    """Return the hints that a text plainly gives, each with the phrase as written."""
    patterns = _patterns(language)
    return {hint: match[0] for hint in Hint if (match := patterns[hint.value].search(text))}


def means_own_address(text: str, language: str) -> bool:
    """Tell whether a text plainly says that the address it comes from is that of the account."""
    patterns = _patterns(language)
    return patterns[_OWN_ADDRESS].search(text) is not None or any(
        patterns[_ACCOUNT].search(sentence) is not None
        for sentence in _SENTENCE_END.split(text)
        if patterns[_THIS_ADDRESS].search(sentence)
    )


@lru_cache(maxsize=32)
def _patterns(language: str) -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?i)(?<!\w)(?:{'|'.join(dict.fromkeys((by.get(language, by['en']), by['en'])))})")
        for name, by in _phrases().items()
    }


@lru_cache(maxsize=1)
def _phrases() -> dict[str, dict[str, str]]:
    text = resources.files("classify").joinpath("data/hints.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
