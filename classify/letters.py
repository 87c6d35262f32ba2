"""Words without accents and capitals, as they are compared, and as people spell themselves in addresses."""

import unicodedata

_NO_ACCENT = str.maketrans("łøđı", "lodi")
"""Letters of their own, which Unicode does not take apart."""


def plain_letters(text: str) -> str:
    """Return a text in small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(_NO_ACCENT))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
