"""Plain counting for measurements: hits and misses, F1, intervals, calibration."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from classify.folding import WIDE_LABELS
from models.verdict import Label

Pair = tuple[tuple[Label, ...], tuple[Label, ...]]
"""What is true and what was said of one mail."""
Range = tuple[float, float]
BINS = 10
DRAWS = 1000
_Z = 1.96  # 95 %


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

    @property
    def said(self) -> int:
        """Return how many were said."""
        return self.hits + self.extra


@dataclass(frozen=True, slots=True)
class Bin:
    """Probabilities of one tenth: how high they are on average, how often they came true, how many there are."""

    chance: float
    true: float
    count: int


def counts_of(label: Label, pairs: Iterable[Pair]) -> Counts:
    """Count one label."""
    hits = extra = missed = 0
    for true, said in pairs:
        hits += label in true and label in said
        extra += label not in true and label in said
        missed += label in true and label not in said
    return Counts(hits, extra, missed)


def macro_f1(pairs: Sequence[Pair]) -> float:
    """Return the mean F1 over the labels that occur in truth."""
    scores = [counts.f1 for label in WIDE_LABELS if (counts := counts_of(label, pairs)).true]
    return sum(scores) / max(len(scores), 1)


def macro_f1_range(pairs: Sequence[Pair], seed: int = 1) -> Range:
    """Return where macro-F1 lies in 95 of 100 sets of mails drawn from these (bootstrap)."""
    true, said = (_marks(pairs, side) for side in (0, 1))
    draws = np.random.default_rng(seed).integers(len(pairs), size=(DRAWS, len(pairs)))
    low, high = np.percentile([_macro_f1(true[rows], said[rows]) for rows in draws], [2.5, 97.5])
    return float(low), float(high)


def _marks(pairs: Sequence[Pair], side: int) -> NDArray[np.bool_]:
    return np.array([[label in pair[side] for label in WIDE_LABELS] for pair in pairs])


def _macro_f1(true: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    hits, occurs = (true & said).sum(0), true.any(0)
    scores = 2 * hits / np.maximum(true.sum(0) + said.sum(0), 1)
    return float(scores[occurs].mean()) if occurs.any() else 0.0


def share(values: Iterable[bool]) -> float:
    """Return the share of true ones, 0 where there are none at all."""
    listed = list(values)
    return sum(listed) / max(len(listed), 1)


def share_range(hits: int, of: int) -> Range:
    """Return the 95 % interval of a share (Wilson)."""
    if not of:
        return 0.0, 1.0
    rate, square = hits / of, _Z * _Z
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = _Z / (1 + square / of) * sqrt(rate * (1 - rate) / of + square / (4 * of * of))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def reliability(pairs: Sequence[tuple[float, bool]]) -> list[Bin]:
    """Return what became of the probabilities of each tenth; tenths without any are left out."""
    bins = []
    for number in range(BINS):
        here = [(chance, true) for chance, true in pairs if min(int(chance * BINS), BINS - 1) == number]
        if here:
            chances, truths = zip(*here, strict=True)
            bins.append(Bin(sum(chances) / len(here), sum(truths) / len(here), len(here)))
    return bins


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float:
    """Return how far probabilities are from what happens, on average over the mails of each tenth."""
    total = sum(abs(tenth.chance - tenth.true) * tenth.count for tenth in reliability(pairs))
    return total / max(len(pairs), 1)
