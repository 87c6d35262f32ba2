"""Plain counting for measurements: hits and misses, F1, calibration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from classify.folding import WIDE_LABELS
from models.verdict import Label

Pair = tuple[tuple[Label, ...], tuple[Label, ...]]
"""What is true and what was said of one mail."""
BINS = 10


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrongly said, missed."""

    hits: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        """Return the share of what was said that is true."""
        return self.hits / max(self.hits + self.extra, 1)

    @property
    def recall(self) -> float:
        """Return the share of what is true that was said."""
        return self.hits / max(self.hits + self.missed, 1)

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        return 2 * self.hits / max(2 * self.hits + self.extra + self.missed, 1)

    @property
    def true(self) -> int:
        """Return how many there are in truth."""
        return self.hits + self.missed


def counts_of(label: Label, pairs: Sequence[Pair]) -> Counts:
    """Count one label."""
    return Counts(
        sum(label in true and label in said for true, said in pairs),
        sum(label not in true and label in said for true, said in pairs),
        sum(label in true and label not in said for true, said in pairs),
    )


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean F1 over the labels that occur in truth."""
    scores = [counts.f1 for label in WIDE_LABELS if (counts := counts_of(label, pairs)).true]
    return sum(scores) / max(len(scores), 1)


def share(values: Iterable[bool]) -> float:
    """Return the share of true ones, 0 where there are none at all."""
    listed = list(values)
    return sum(listed) / max(len(listed), 1)


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return how far probabilities are from what happens, on average over the mails of each tenth."""
    total = 0.0
    for number in range(BINS):
        here = [(chance, true) for chance, true in pairs if min(int(chance * BINS), BINS - 1) == number]
        total += abs(sum(chance for chance, _ in here) - sum(true for _, true in here))
    return total / max(len(pairs), 1)
