"""Every figure of one measurement, as values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from classify.training.counting import Bin, Counts, Range


@dataclass(frozen=True, slots=True)
class PeerFigures:
    """What another way to label the same mails came to."""

    name: str
    macro_f1: float
    macro_f1_range: Range
    flagged: Counts
    """Requests taken for requests; nothing of a peer goes to review."""
    milliseconds_per_mail: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the classifier came to."""

    model_version: str
    mails: int
    macro_f1: float
    macro_f1_range: Range
    macro_f1_by_language: Mapping[str, float]
    exact: float
    """Share of mails with exactly the right labels."""
    counts: Mapping[str, Mapping[str, Counts]]
    """Label, then language ('all' too)."""
    counts_by_register: Mapping[str, Mapping[str, Counts]]
    """Label, then register."""
    review_rate: float
    missed: int
    """Requests neither flagged nor in review."""
    requests: int
    flagged: Counts
    """Mails taken for rights requests: rightly, wrongly; requests not taken for one."""
    found_by_register: Mapping[str, Counts]
    """Requests flagged or shown to a person."""
    quote_leak: float
    """Share of mails without a request that become one when a request is quoted below."""
    language_right: float
    """Of mails of six words or more in one language."""
    confusions: list[tuple[str, str, int]]
    """What is true, what was said for it ('-' where nothing), how often; worst first."""
    fields: Mapping[str, Counts]
    hints: Mapping[str, Counts]
    reliability: list[Bin]
    calibration_error: float
    milliseconds_per_mail: float
    peers: list[PeerFigures]

    @property
    def missed_rate(self) -> float:
        """Return the share of requests that nobody would see."""
        return self.missed / max(self.requests, 1)

    def row(self) -> dict[str, object]:
        """Return the figures for machines."""
        return asdict(self) | {"missed_rate": self.missed_rate, "request_precision": self.flagged.precision}
