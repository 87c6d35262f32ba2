"""Passwords: what is asked of one (NIST SP 800-63B-4), and what is kept of it (Argon2id, as OWASP advises)."""

from collections.abc import Iterable
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from models.errors import NotAllowed
from web.desk.easy_passwords import is_easy

SHORTEST = 15
"""Characters, where a password stands alone (NIST SP 800-63B-4, 3.1.1.2)."""
_LONGEST = 256
_PRODUCT = "rightsdesk"
_HASHER = PasswordHasher()
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$m52Fr60cbX6xIgOW5safYg$owOEYl1rKUozaJBbiSr17T0EZaihijCe3PfpvcDXKjw"
"""Of a password that nobody knows: checked against for unknown names, so that they take as long as any other."""
_AT_ONCE = BoundedSemaphore(4)
"""Each hash takes 64 MiB for a moment: a flood of tries must not take all memory."""


def check_password(password: str, names: Iterable[str] = ()) -> None:
    """Raise NotAllowed for a password that is too short, too long, or easy to guess for who knows these names."""
    if not SHORTEST <= len(password) <= _LONGEST:
        raise NotAllowed(f"a password has {SHORTEST} to {_LONGEST} characters; a few words in a row do well")
    if is_easy(password, (*names, _PRODUCT)):
        raise NotAllowed(
            "this password is too easy to guess: it is made of words, names, years or keys that are tried first"
        )


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def fits(kept: str, password: str) -> bool:
    """Tell whether a password is the one that was kept; takes as long where there is none."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or NOBODY, password[: _LONGEST + 1]) and bool(kept)
        except (Argon2Error, InvalidHashError):
            return False
