"""One mail of a measurement: what is true of it beside what was said of it, labels in the form that scripts see."""

from dataclasses import dataclass

from classify.corpus import CorpusMail
from classify.folding import WIDE_RIGHTS
from classify.reading import Reading
from models.verdict import Label, Verdict


@dataclass(frozen=True, slots=True)
class Seen:
    """A labelled mail and the verdict on it."""

    mail: CorpusMail
    reading: Reading
    true: tuple[Label, ...]
    said: tuple[Label, ...]
    verdict: Verdict

    @property
    def is_request(self) -> bool:
        """Tell whether it truly uses a right."""
        return bool(set(self.true).intersection(WIDE_RIGHTS))

    @property
    def is_flagged(self) -> bool:
        """Tell whether it was taken for a rights request."""
        return bool(set(self.said).intersection(WIDE_RIGHTS))

    @property
    def is_missed(self) -> bool:
        """Tell of a request that nobody will see: neither flagged nor in review."""
        return self.is_request and not self.is_flagged and not self.verdict.needs_review
