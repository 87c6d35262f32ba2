"""The trained heads: from features of mails to a probability per target.

Three heads look at a mail each in its own way: `KernelHead` at the whole (vector and signals), `WordHead` at words and
letter groups, `PassageHead` at sentences one by one, so that a request buried in a long mail counts. A second
`KernelHead` weighs their answers, and `Calibration` turns its scores into probabilities. All are plain arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.features import MailFeatures
from classify.words import BUCKETS
from models.verdict import Hint, Label

Floats = NDArray[np.float32]
Arrays = Mapping[str, NDArray[np.generic]]

RIGHTS_TARGET = "rights"
"""Uses any right of a data subject."""
REQUEST_TARGET = "request"
"""Asks for anything that opens a case, or goes on about it."""
OWN_ADDRESS_TARGET = "own_address"
"""Says, without writing it out, that the address it comes from is the one in question."""
HINT_TARGETS = {hint: f"hint_{hint}" for hint in Hint}
ASKED = (*(label.value for label in Label), RIGHTS_TARGET, REQUEST_TARGET, OWN_ADDRESS_TARGET)
TARGETS = (*ASKED, *HINT_TARGETS.values())
"""What is asked for, then about whom it is."""
MOST_DEVIATIONS = 3.0
"""No column counts for more than this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """Brings columns to one measure, so that all together weigh about as much as one unit vector."""

    mean: Floats
    deviation: Floats

    def scaled(self, rows: Floats) -> Floats:
        """Return rows in units of deviations, clipped, divided by the root of the number of columns."""
        units = np.clip((rows - self.mean) / self.deviation, -MOST_DEVIATIONS, MOST_DEVIATIONS)
        return np.asarray(units / np.sqrt(rows.shape[1]), dtype=np.float32)

    def arrays(self, name: str) -> dict[str, Floats]:
        """Return what is stored."""
        return {f"{name}.mean": self.mean, f"{name}.deviation": self.deviation}

    @classmethod
    def stored(cls, name: str, arrays: Arrays) -> "Scaling":
        """Read what `arrays` wrote."""
        return cls(_floats(arrays[f"{name}.mean"]), _floats(arrays[f"{name}.deviation"]))


@dataclass(frozen=True, slots=True)
class KernelHead:
    """Compares a row with the rows of training mails; near ones count (Gaussian kernel ridge regression)."""

    rows: Floats
    weights: Floats
    mean: Floats
    width: float

    def scores(self, rows: Floats) -> Floats:
        """Return a score per row and target, 0 to 1 more or less."""
        return np.asarray(gaussian(rows, self.rows, self.width) @ self.weights + self.mean, dtype=np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return what is stored; the rows in half precision, which costs nothing that counts."""
        return {
            f"{name}.rows": self.rows.astype(np.float16),
            f"{name}.weights": self.weights,
            f"{name}.mean": self.mean,
            f"{name}.width": np.array([self.width], dtype=np.float32),
        }

    @classmethod
    def stored(cls, name: str, arrays: Arrays) -> "KernelHead":
        """Read what `arrays` wrote."""
        rows, weights, mean, width = (
            _floats(arrays[f"{name}.{part}"]) for part in ("rows", "weights", "mean", "width")
        )
        return cls(rows, weights, mean, float(width[0]))


@dataclass(frozen=True, slots=True)
class WordHead:
    """Adds up the worth of words and letter groups."""

    rarity: Floats
    """How telling a bucket is, by how few mails have it; 0 for those seen once."""
    weights: Floats
    mean: Floats

    def scores(self, mails: Sequence[MailFeatures]) -> Floats:
        """Return a score per mail and target."""
        return np.stack([self._scores(mail) for mail in mails])

    def _scores(self, mail: MailFeatures) -> Floats:
        buckets, counts = mail.words
        worth = counts * self.rarity[buckets]
        length = float(np.sqrt(worth @ worth)) or 1.0
        return np.asarray((worth / length) @ self.weights[buckets] + self.mean, dtype=np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return what is stored: the buckets in use only."""
        used = np.flatnonzero(self.rarity)
        return {
            f"{name}.used": used.astype(np.int32),
            f"{name}.rarity": self.rarity[used].astype(np.float16),
            f"{name}.weights": self.weights[used].astype(np.float16),
            f"{name}.mean": self.mean,
        }

    @classmethod
    def stored(cls, name: str, arrays: Arrays) -> "WordHead":
        """Read what `arrays` wrote."""
        used = arrays[f"{name}.used"].astype(np.int64)
        values = _floats(arrays[f"{name}.weights"])
        rarity = np.zeros(BUCKETS, dtype=np.float32)
        weights = np.zeros((BUCKETS, values.shape[1]), dtype=np.float32)
        rarity[used], weights[used] = _floats(arrays[f"{name}.rarity"]), values
        return cls(rarity, weights, _floats(arrays[f"{name}.mean"]))


@dataclass(frozen=True, slots=True)
class PassageHead:
    """Looks at passages and pairs of passages one by one; a mail is what its strongest ones are."""

    weights: Floats
    bias: Floats

    def passage_scores(self, mail: MailFeatures) -> Floats:
        """Return the log-odds of each instance of a mail."""
        return np.asarray(mail.instances @ self.weights + self.bias, dtype=np.float32)

    def pooled(self, passage_scores: Floats) -> Floats:
        """Return the log-odds of a mail: a soft maximum over its instances."""
        top = passage_scores.max(axis=0)
        return np.asarray(top + np.log(np.exp(passage_scores - top).sum(axis=0)), dtype=np.float32)

    def arrays(self, name: str) -> dict[str, NDArray[np.generic]]:
        """Return what is stored."""
        return {f"{name}.weights": self.weights, f"{name}.bias": self.bias}

    @classmethod
    def stored(cls, name: str, arrays: Arrays) -> "PassageHead":
        """Read what `arrays` wrote."""
        return cls(_floats(arrays[f"{name}.weights"]), _floats(arrays[f"{name}.bias"]))


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns the last scores into probabilities (Platt): a slope and an offset per target, fitted out of fold."""

    slope: Floats
    offset: Floats

    def probabilities(self, scores: Floats) -> Floats:
        """Return probabilities per row and target."""
        return np.asarray(1 / (1 + np.exp(-(scores * self.slope + self.offset))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the heads make of one mail."""

    probabilities: dict[str, float]
    strongest: dict[str, tuple[int, ...]]
    """For each label, the passages (by number among the features' passages) that speak for it most."""


@dataclass(frozen=True, slots=True)
class Heads:
    """All heads together."""

    signals: Scaling
    whole: KernelHead
    words: WordHead
    passages: PassageHead
    answers: Scaling
    last: KernelHead
    """Weighs what was answered about what is asked for."""
    hinting: KernelHead
    """Weighs all answers for the hints; of what is asked for they would only blur the picture."""
    calibration: Calibration

    def opinions(self, mails: Sequence[MailFeatures]) -> list[Opinion]:
        """Return an opinion on each mail."""
        passage_scores = [self.passages.passage_scores(mail) for mail in mails]
        answers = first_answers(self.signals, self.whole, self.words, mails, self._pooled(passage_scores))
        rows = self.answers.scaled(answers)
        scores = np.hstack([self.last.scores(asked_columns(rows)), self.hinting.scores(rows)])
        chances = self.calibration.probabilities(scores)
        return [
            Opinion(dict(zip(TARGETS, row.tolist(), strict=True)), _strongest(scores, len(mail.passages)))
            for mail, row, scores in zip(mails, chances, passage_scores, strict=True)
        ]

    def _pooled(self, passage_scores: Sequence[Floats]) -> Floats:
        return np.stack([self.passages.pooled(scores) for scores in passage_scores])

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return everything that is stored, by name."""
        return {
            **self.signals.arrays("signals"),
            **self.whole.arrays("whole"),
            **self.words.arrays("words"),
            **self.passages.arrays("passages"),
            **self.answers.arrays("answers"),
            **self.last.arrays("last"),
            **self.hinting.arrays("hinting"),
            "calibration.slope": self.calibration.slope,
            "calibration.offset": self.calibration.offset,
        }

    @classmethod
    def stored(cls, arrays: Arrays) -> "Heads":
        """Read what `arrays` wrote."""
        return cls(
            Scaling.stored("signals", arrays),
            KernelHead.stored("whole", arrays),
            WordHead.stored("words", arrays),
            PassageHead.stored("passages", arrays),
            Scaling.stored("answers", arrays),
            KernelHead.stored("last", arrays),
            KernelHead.stored("hinting", arrays),
            Calibration(_floats(arrays["calibration.slope"]), _floats(arrays["calibration.offset"])),
        )


def gaussian(rows: Floats, others: Floats, width: float) -> Floats:
    """Return how near each row is to each other one: 1 for the same place, 0 far away."""
    squares = (rows * rows).sum(1)[:, None] + (others * others).sum(1)[None] - 2 * rows @ others.T
    return np.asarray(np.exp(-width * np.maximum(squares, 0)), dtype=np.float32)


def whole_rows(signals: Scaling, mails: Sequence[MailFeatures]) -> Floats:
    """Return the rows that the kernel head of whole mails compares."""
    marks = signals.scaled(np.stack([mail.signals for mail in mails]))
    return np.hstack([np.stack([mail.whole for mail in mails]), 0.8 * marks])


def first_answers(
    signals: Scaling, whole: KernelHead, words: WordHead, mails: Sequence[MailFeatures], pooled: Floats
) -> Floats:
    """Return the answers of the three heads side by side."""
    return np.hstack([whole.scores(whole_rows(signals, mails)), words.scores(mails), pooled])


def asked_columns(answers: Floats) -> Floats:
    """Return the columns of what is asked for, of each of the three heads, at the measure of so many columns."""
    heads = answers.reshape(len(answers), -1, len(TARGETS))[:, :, : len(ASKED)]
    return heads.reshape(len(answers), -1) * np.float32(np.sqrt(len(TARGETS) / len(ASKED)))


def _strongest(scores: Floats, passages: int) -> dict[str, tuple[int, ...]]:
    """Return for each label its strongest passage, or the two of a pair that is stronger than either."""
    if not passages:
        return {}
    best = scores.argmax(axis=0)
    return {
        target: (int(top),) if top < passages else (int(top) - passages, int(top) - passages + 1)
        for target, top in zip(TARGETS, best, strict=True)
    }


def _floats(array: NDArray[np.generic]) -> Floats:
    return array.astype(np.float32)
