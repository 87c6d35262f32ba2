"""For error messages: which right name somebody may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches


def nearest_name(wrong: str, valid: Iterable[str]) -> str:
    """Return the valid name most like a wrong one, whatever the case of its letters."""
    by_folded = {name.casefold(): name for name in sorted(valid)}
    closest = get_close_matches(wrong.casefold()[:80], by_folded, n=1, cutoff=0.0)
    return by_folded[closest[0]]
