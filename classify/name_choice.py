"""Which of the names in a mail is meant, by learnt weights.

In: candidates with features, and what the mail is otherwise thought to be. Out: the likeliest name, or none. Who writes
is meant, unless the mail is for another person; and of who asks for nothing a name is seldom wanted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classify.heads import HINT_TARGETS, RIGHTS_TARGET
from models.verdict import Hint

FEATURES = (
    *("sender", "extends_sender", "shares_surname", "sender_is_office", "no_sender", "in_subject"),
    *("signed", "signed_alone", "after_relation", "after_honour", "first", "twice", "words", "own_line"),
    *("sender_is_lawyer", "has_rival", "is_kin"),
)
WEIGHED = (
    *FEATURES,
    *(f"{name}_for_another" for name in FEATURES),
    "asks_nothing",
    *(f"{name}_asks_nothing" for name in FEATURES),
)
"""Each feature alone, and as far as the mail is for another, or asks for nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be the one, with its features in the order of `FEATURES`."""

    name: str
    features: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the mail is thought to be, as probabilities."""

    for_another: float
    """Written for a client, about a minor, about one who died."""
    asks_nothing: float
    """Uses no right."""

    @classmethod
    def of(cls, chances: Mapping[str, float]) -> "Situation":
        """Return the situation by what the heads answered."""
        others = (chances[HINT_TARGETS[hint]] for hint in (Hint.MANDATE, Hint.CHILD, Hint.DECEASED))
        return cls(max(others), 1 - chances[RIGHTS_TARGET])

    def weighed(self, candidate: Candidate) -> NDArray[np.float32]:
        """Return the features of a candidate in this situation, in the order of `WEIGHED`."""
        alone = candidate.features
        return np.concatenate([alone, alone * self.for_another, [self.asks_nothing], alone * self.asks_nothing]).astype(
            np.float32
        )


@dataclass(frozen=True, slots=True)
class NameChooser:
    """Picks the likeliest candidate, none below the threshold."""

    weights: NDArray[np.float32]
    bias: float
    threshold: float

    def best(self, candidates: Sequence[Candidate], situation: Situation) -> str | None:
        """Return the likeliest name, None where no candidate is likely enough."""
        if not candidates:
            return None
        chances = [self._chance(situation.weighed(candidate)) for candidate in candidates]
        top = int(np.argmax(chances))
        return candidates[top].name if chances[top] >= self.threshold else None

    def as_json(self) -> str:
        """Return the choice as text, to be stored."""
        named = dict(zip(WEIGHED, (float(weight) for weight in self.weights), strict=True))
        return json.dumps({"weights": named, "bias": self.bias, "threshold": self.threshold}, indent=2)

    @classmethod
    def from_json(cls, text: str) -> "NameChooser":
        """Read what `as_json` wrote."""
        stored = json.loads(text)
        weights = np.array([stored["weights"][name] for name in WEIGHED], dtype=np.float32)
        return cls(weights, stored["bias"], stored["threshold"])

    def _chance(self, row: NDArray[np.float32]) -> float:
        return float(1 / (1 + np.exp(-(row @ self.weights + self.bias))))


NO_CHOICE = NameChooser(np.zeros(len(WEIGHED), dtype=np.float32), 0.0, 2.0)
"""Chooses nothing: stands in before training."""
