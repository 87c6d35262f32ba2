"""The arithmetic of the Universal Sentence Encoder (multilingual, version 3), arranged for batches of mails.

In: piece ids of texts. Out: the sum of the word features of each text, and unit vectors of any group of such sums.
The result equals that of the package's own backend, at a third of its time, by two observations: the first
convolution of a piece depends on the piece alone, so it is computed once for each *different* piece of a batch; and
everything after the convolutions depends only on the sum over the words, so passages, pairs of passages and whole
mails share one pass.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]

CHUNKS = 17
"""The embedding table is stored in as many blocks, interleaved by piece id."""
WIDTH = 512
BRANCH = 256
ORDERS = ((2, 0), (3, 1), (5, 2))
"""Words seen by each convolution, and how many of them stand to the left."""
LEFT, RIGHT = 2, 2
WORDS_AT_ONCE = 512
"""Words per step: large enough to stream the weights once for many, small enough for the cache."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """The two convolutions of one order, the first cut into one matrix per word position."""

    order: int
    left: int
    first: tuple[Floats, ...]
    first_bias: Floats
    second: Floats
    second_bias: Floats


class TokenNetwork:
    """The network with its weights; holds no state between calls."""

    def __init__(self, table: NDArray[np.uint8], weights: Mapping[str, Floats]) -> None:
        self._table = table
        self._weights = weights
        self._eps = float(weights["eps"])
        self._projection = np.concatenate([weights[f"proj{n}"] for n, _ in ORDERS], axis=1)
        self._projection_bias, self._gain, self._shift = (
            np.concatenate([weights[f"{name}{n}"] for n, _ in ORDERS]) for name in ("proj_b", "ln_g", "ln_b")
        )
        self._branches = tuple(_branch(weights, n, left) for n, left in ORDERS)

    @classmethod
    def load(cls, path: Path) -> "TokenNetwork":
        """Read the weights as the package stores them."""
        with np.load(path, allow_pickle=False) as stored:
            first = stored["q1"]
            table = np.empty((CHUNKS * first.shape[0], WIDTH), dtype=np.uint8)
            for chunk in range(CHUNKS):
                table[chunk::CHUNKS] = stored[f"q{chunk + 1}"]
            weights = {name: stored[name] for name in stored.files if not name.startswith("q")}
        return cls(table, weights)

    def token_sums(self, texts: Sequence[Sequence[int]]) -> tuple[Floats, Floats]:
        """Return the summed word features and the number of words of each text; no text may be empty."""
        lengths = np.array([len(ids) for ids in texts], dtype=np.int64)
        pieces, kinds = np.unique(
            np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=int(lengths.sum())), return_inverse=True
        )
        words = self._words(pieces)
        firsts = [self._first_convolution(words, number) for number in range(len(ORDERS))]
        sums = np.empty((len(texts), WIDTH + BRANCH * len(ORDERS)), dtype=np.float32)
        ends = np.cumsum(lengths)
        for first, last in _steps(lengths):
            start = int(ends[first] - lengths[first])
            part = kinds[start : int(ends[last - 1])]
            features = self._features(part, lengths[first:last], pieces, words, firsts)
            offsets = ends[first:last] - lengths[first:last] - start
            sums[first:last] = np.add.reduceat(features, offsets, axis=0)
        return sums, lengths.astype(np.float32)

    def project(self, sums: Floats, lengths: Floats) -> Floats:
        """Return the unit vectors of summed word features (the layers after the convolutions)."""
        w = self._weights
        mean = sums @ w["cnn_W"]
        mean += lengths[:, None] * w["cnn_b"]
        mean /= np.sqrt(lengths)[:, None]
        outer = np.maximum(mean @ w["d0"], 0)
        inner = mean @ w["p1"]
        inner += outer @ w["d1"]
        np.maximum(inner, 0, out=inner)
        out = inner @ w["p3"]
        out += np.maximum(inner @ w["d2"], 0) @ w["d3"]
        np.tanh(out, out=out)
        squares = np.einsum("ij,ij->i", out, out)
        out /= np.sqrt(np.maximum(squares, self._eps))[:, None]
        return np.asarray(out, dtype=np.float32)

    def _embedded(self, pieces: Indices) -> Floats:
        chunk = pieces % CHUNKS
        values = self._table[pieces].astype(np.float32)
        values *= self._weights["scale"][chunk, None]
        values += self._weights["lo"][chunk, None]
        return values

    def _words(self, pieces: Indices) -> Floats:
        """Project the embeddings of pieces for all branches at once."""
        words = self._embedded(pieces) @ self._projection
        words += self._projection_bias
        return _normalised(words, self._gain, self._shift, self._eps)

    def _first_convolution(self, words: Floats, number: int) -> list[Floats]:
        """Return what each piece adds to the first convolution at each of its positions; the last row is nothing."""
        own = words[:, number * BRANCH : (number + 1) * BRANCH]
        blank = np.zeros((1, BRANCH), dtype=np.float32)
        return [np.concatenate([own @ matrix, blank]) for matrix in self._branches[number].first]

    def _features(
        self, kinds: Indices, lengths: Indices, pieces: Indices, words: Floats, firsts: list[list[Floats]]
    ) -> Floats:
        """Return the normalised features of the words of a few texts, given as rows of the batch's pieces."""
        count = len(kinds)
        window = _window(lengths, count)
        around = np.append(kinds, len(pieces))[window]
        features = np.empty((count, WIDTH + BRANCH * len(ORDERS)), dtype=np.float32)
        features[:, :WIDTH] = self._embedded(pieces[kinds])
        for number, branch in enumerate(self._branches):
            own = words[:, number * BRANCH : (number + 1) * BRANCH][kinds]
            hidden = np.zeros((count + 1, BRANCH), dtype=np.float32)
            first = LEFT - branch.left
            for position, table in enumerate(firsts[number]):
                hidden[:count] += table[around[:, first + position]]
            hidden[:count] += branch.first_bias
            np.maximum(hidden, 0, out=hidden)
            hidden[:count] += own
            seen = hidden[window[:, first : first + branch.order]].reshape(count, branch.order * BRANCH)
            second = seen @ branch.second
            second += branch.second_bias
            np.maximum(second, 0, out=second)
            second += hidden[:count]
            features[:, WIDTH + number * BRANCH : WIDTH + (number + 1) * BRANCH] = second
        return _normalised(features, self._weights["ln_g"], self._weights["ln_b"], self._eps)


def _branch(weights: Mapping[str, Floats], order: int, left: int) -> _Branch:
    matrix = weights[f"w1_{order}"]
    return _Branch(
        order=order,
        left=left,
        first=tuple(matrix[k * BRANCH : (k + 1) * BRANCH] for k in range(order)),
        first_bias=weights[f"b1_{order}"],
        second=weights[f"w2_{order}"],
        second_bias=weights[f"b2_{order}"],
    )


def _normalised(values: Floats, gain: Floats, shift: Floats, eps: float) -> Floats:
    """Layer normalisation over rows, in place."""
    values -= values.mean(axis=-1, keepdims=True)
    variance = np.einsum("ij,ij->i", values, values) / values.shape[-1]
    values /= np.sqrt(variance + eps)[:, None]
    values *= gain
    values += shift
    return values


def _window(lengths: Indices, count: int) -> Indices:
    """Return for each word the words around it; `count` stands for a place outside its own text."""
    starts = np.repeat(np.cumsum(lengths) - lengths, lengths)[:, None]
    ends = starts + np.repeat(lengths, lengths)[:, None]
    around = np.arange(count)[:, None] + np.arange(-LEFT, RIGHT + 1)
    return np.where((around >= starts) & (around < ends), around, count)


def _steps(lengths: Indices) -> list[tuple[int, int]]:
    """Cut a batch into runs of texts with about `WORDS_AT_ONCE` words each."""
    steps: list[tuple[int, int]] = []
    first, words = 0, 0
    for number, length in enumerate(lengths):
        if words and words + length > WORDS_AT_ONCE:
            steps.append((first, number))
            first, words = number, 0
        words += int(length)
    return [*steps, (first, len(lengths))]
