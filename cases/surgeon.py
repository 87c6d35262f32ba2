"""What casework needs of who rewrites mails: `ingest/redacting.py` does it, and is handed in from above."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from models.mail import Attachment
from models.redaction import Passages


class WithoutIt(Protocol):
    """A mail from which something was taken out."""

    @property
    def raw(self) -> bytes:
        """Return its bytes."""
        ...

    @property
    def places(self) -> tuple[tuple[str, int], ...]:
        """Return in which parts something was taken out, and how often."""
        ...

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Return the files that are left, notes in the place of others among them."""
        ...

    @property
    def breaks_signature(self) -> bool:
        """Tell whether a signature of the mail does not fit any more."""
        ...


class Surgeon(Protocol):
    """Who rewrites mails."""

    def cut(self, raw: bytes, charset: str, passages: Passages, files: Collection[str]) -> WithoutIt | None:
        """Return a mail without passages and files, None where it holds none; raises NotAllowed."""
        ...

    def digests_at(self, raw: bytes, places: Collection[int]) -> tuple[str, ...]:
        """Return the digest of a file in a mail, and of the mails it lies in; empty where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """A surgeon who knows again what was rewritten before: large mails take seconds, in which nobody should wait.

    A mail is known by the digest of its bytes, so that one which changed meanwhile is rewritten anew.
    """

    surgeon: Surgeon
    cuts: dict[tuple[object, ...], WithoutIt | None] = field(default_factory=dict)
    digests: dict[tuple[object, ...], tuple[str, ...]] = field(default_factory=dict)

    def cut(self, raw: bytes, charset: str, passages: Passages, files: Collection[str]) -> WithoutIt | None:
        """Return a mail without passages and files, None where it holds none; raises NotAllowed."""
        key = (hashlib.sha256(raw).digest(), charset, passages.texts, frozenset(files))
        if key not in self.cuts:
            self.cuts[key] = self.surgeon.cut(raw, charset, passages, files)
        return self.cuts[key]

    def digests_at(self, raw: bytes, places: Collection[int]) -> tuple[str, ...]:
        """Return the digest of a file in a mail, and of the mails it lies in; empty where there is none."""
        key = (hashlib.sha256(raw).digest(), *places)
        if key not in self.digests:
            self.digests[key] = self.surgeon.digests_at(raw, places)
        return self.digests[key]
