"""What the pages of web hooks need of the service: deeds on those made on the desk, and what was filled in for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlmodel import Session

from web.desk.office_book import Deed, Entry


@dataclass(frozen=True, slots=True)
class HookDraft:
    """A web hook as it was filled in."""

    keys: Mapping[str, Any]
    """As in [[webhook]], without the files."""
    ca_pem: str = ""


class HookBook(Protocol):
    """The web hooks made on the desk. What does not fit raises NotAllowed, an unknown name NotFound."""

    def entry(self, session: Session, name: str) -> Entry:
        """Return a web hook as a page shows it."""

    def add(self, session: Session, deed: Deed, draft: HookDraft) -> str:
        """Make a web hook, which is told of what happens from now on; return its secret, told this once."""

    def change(self, session: Session, deed: Deed, draft: HookDraft) -> None:
        """Change where a web hook leads, what it is told of, and whom it trusts."""

    def rotate(self, session: Session, deed: Deed, name: str) -> str:
        """Give a web hook another secret and return it; for a day the one before signs, too."""

    def remove(self, session: Session, deed: Deed, name: str) -> int:
        """Forget a web hook; return how many events waited for it, which nobody is told."""

    def problems(self) -> list[str]:
        """Return which of them cannot be used as they stand, and why."""

    def refresh(self) -> object:
        """Take over what was kept."""
