"""Everything the trained heads look at, computed for a batch of mails.

In: readings with their passages. Out: `MailFeatures`. Vectors of long mails are computed for the most telling
passages only, so that the time per mail has a limit; words, cues and signals always cover the whole text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.authorities import Authorities
from classify.cues import Cues
from classify.encoder import SIZE, Encoder, MailVectors
from classify.evidence import as_row, signals
from classify.reading import Reading
from classify.words import Buckets, Weights, hashed

Floats = NDArray[np.float32]

MAX_PASSAGES = 40
MAX_WORDS = 110
"""Words of a mail that get vectors; a longer mail keeps its most telling passages."""
FORMULA = 3
"""So few words without a cue are a greeting, a name or a thank-you."""
CUE_SCALE = 0.3
"""Weight of the cues beside a unit vector, chosen by cross-validation."""


@dataclass(frozen=True, slots=True)
class MailFeatures:
    """One mail as numbers. `passages` are the texts that the rows of `instances` begin with, in order."""

    passages: tuple[str, ...]
    instances: Floats
    """Passages, then pairs of neighbours: vector and cues side by side."""
    whole: Floats
    words: tuple[Buckets, Weights]
    signals: Floats
    """Cues of the whole mail and evidence around it."""


class FeatureMaker:
    """Computes features with one encoder, one list of cues and one list of authorities."""

    def __init__(self, encoder: Encoder, cues: Cues, authorities: Authorities) -> None:
        self.encoder = encoder
        self._cues = cues
        self._authorities = authorities

    def batch(
        self, readings: Sequence[Reading], passages: Sequence[Sequence[str]], languages: Sequence[str]
    ) -> list[MailFeatures]:
        """Return the features of mails; each mail's passages cover its subject and text in order."""
        counted = [
            [self._cues.counts(text, language) for text in mail]
            for mail, language in zip(passages, languages, strict=True)
        ]
        kept = [_telling(mail, cues) for mail, cues in zip(passages, counted, strict=True)]
        chosen = [[mail[number] for number in numbers] for mail, numbers in zip(passages, kept, strict=True)]
        vectors = self.encoder.mails(chosen)
        return [
            self._features(reading, texts, found, [cues[number] for number in numbers], language)
            for reading, texts, found, cues, numbers, language in zip(
                readings, chosen, vectors, counted, kept, languages, strict=True
            )
        ]

    def _features(
        self, reading: Reading, texts: list[str], vectors: MailVectors, cues: list[Floats], language: str
    ) -> MailFeatures:
        text = reading.text
        around = as_row(signals(reading, self._authorities))
        return MailFeatures(
            passages=tuple(texts),
            instances=_instances(vectors, cues, len(self._cues.ideas)),
            whole=vectors.whole,
            words=hashed(text),
            signals=np.concatenate([self._cues.counts(text, language), around]),
        )


def _telling(passages: Sequence[str], cues: Sequence[Floats]) -> list[int]:
    """Return which passages get vectors: those that say something, and of many the most telling."""
    sizes = [len(text.split()) for text in passages]
    spoken = [number for number in range(len(passages)) if sizes[number] > FORMULA or cues[number].any()]
    kept = spoken or list(range(len(passages)))
    if len(kept) <= MAX_PASSAGES and sum(sizes[number] for number in kept) <= MAX_WORDS:
        return kept
    worth = {number: float(cues[number].sum()) + (number in kept[:2]) + 0.5 * (number == kept[-1]) for number in kept}
    return sorted(_within_limits(sorted(kept, key=lambda number: -worth[number]), sizes))


def _within_limits(numbers: list[int], sizes: list[int]) -> list[int]:
    """Return the first passages that together stay within the limits; one always."""
    chosen: list[int] = []
    words = 0
    for number in numbers:
        if not chosen or (len(chosen) < MAX_PASSAGES and words + sizes[number] <= MAX_WORDS):
            chosen.append(number)
            words += sizes[number]
    return chosen


def _instances(vectors: MailVectors, cues: list[Floats], ideas: int) -> Floats:
    """Return passages and pairs with their cues; a mail without text has one blank instance."""
    if not cues:
        return np.zeros((1, SIZE + ideas), dtype=np.float32)
    single = np.stack(cues)
    pairs = np.maximum(single[1:], single[:-1])
    marks = CUE_SCALE * np.concatenate([single, pairs])
    return np.hstack([np.concatenate([vectors.passages, vectors.pairs]), marks]).astype(np.float32)
