"""Case references: not to be guessed, easy to read out, recognised in a subject or a text.

Eight random characters (36 bits) and a check character, in groups of three: RD-7KQ-4M2-XN9. The alphabet has no
vowels, so that it spells no words, and none of the pairs that people mistake for each other (0 O, 1 I L, 2 Z, 5 S,
8 B).
"""

import re
import secrets
from collections.abc import Iterator

_LETTERS = "234679CDFGHJKMNPQRTVWXY"
_PATTERN = re.compile(rf"\bRD[-\s]?((?:[{_LETTERS}][-\s]?){{8}}[{_LETTERS}])\b", re.IGNORECASE)


def new_reference() -> str:
    """Return a fresh reference."""
    body = "".join(secrets.choice(_LETTERS) for _ in range(8))
    whole = body + _check(body)
    return f"RD-{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def references_in(text: str) -> Iterator[str]:
    """Yield the well-formed references that a text names, in their written form, each once."""
    seen = set()
    for found in _PATTERN.finditer(text):
        whole = re.sub(r"[-\s]", "", found.group(1)).upper()
        if whole[8] == _check(whole[:8]) and whole not in seen:
            seen.add(whole)
            yield f"RD-{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def _check(body: str) -> str:
    # The alphabet's size is prime and the weights differ: every slip in one place and every swap of two shows.
    total = sum((2 * place + 1) * _LETTERS.index(letter) for place, letter in enumerate(body))
    return _LETTERS[total % len(_LETTERS)]
