"""The door of a desk where nobody may log in yet: who can read what `serve` prints makes the first administrator."""

import secrets
from collections.abc import Callable
from threading import Lock

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""None that are taken for one another."""
_GROUPS, _IN_A_GROUP = 3, 4
_MOST_WRONG = 10


class SetUpDoor:
    """Opens to a code that is told once; after ten wrong ones another is told. Shut for good once somebody is in."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """Make a code; `tell` is told it by `announce`, and each later one at once."""
        self._tell = tell
        self._lock = Lock()
        self.is_shut = False
        self._code, self._wrong = _new_code(), 0

    def announce(self) -> None:
        """Tell the code."""
        self._tell(self._code)

    def opens_to(self, code: str) -> bool:
        """Tell whether this is the code, compared in constant time."""
        given = "".join(code.upper().split()).replace("-", "")
        with self._lock:
            if self.is_shut:
                return False
            if secrets.compare_digest(given.encode(), self._code.replace("-", "").encode()):
                return True
            self._wrong += 1
            if self._wrong >= _MOST_WRONG:
                self._code, self._wrong = _new_code(), 0
                self.announce()
            return False

    def shut(self) -> None:
        """Open no more."""
        self.is_shut = True


def _new_code() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_A_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
