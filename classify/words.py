"""Words and letter groups of a text, hashed into a fixed number of buckets.

In: text. Out: bucket numbers and weights of unit length. Letter groups of three to five are hashed all at once by a
rolling sum over code points, so this needs neither a vocabulary nor a loop in Python.
"""

import re
import zlib
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 17
GROUPS = (3, 4, 5)
MAX_CHARACTERS = 4_000
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_BLANKS = re.compile(r"\s+")
_DIGIT = re.compile(r"\d")

Buckets = NDArray[np.int64]
Weights = NDArray[np.float32]


def hashed(text: str) -> tuple[Buckets, Weights]:
    """Return the buckets of a text in ascending order, and the weight of each (logarithm of its count)."""
    lowered = _DIGIT.sub("0", text[:MAX_CHARACTERS].lower())
    found, counts = np.unique(np.concatenate([_letter_groups(lowered), _words(lowered)]), return_counts=True)
    weights = 1 + np.log(counts.astype(np.float32))
    return found, weights


def _letter_groups(text: str) -> Buckets:
    """Return a bucket for each group of letters, word borders included."""
    points = np.frombuffer(f" {_BLANKS.sub(' ', text)} ".encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    groups: list[Buckets] = []
    with np.errstate(over="ignore"):
        for size in GROUPS:
            if len(points) < size:
                continue
            mixed = np.full(len(points) - size + 1, size, dtype=np.uint64)
            for offset in range(size):
                mixed = (mixed ^ points[offset : len(points) - size + 1 + offset]) * _MULTIPLIER
                mixed ^= mixed >> np.uint64(29)
            groups.append((mixed % np.uint64(BUCKETS)).astype(np.int64))
    return np.concatenate(groups) if groups else np.empty(0, dtype=np.int64)


def _words(text: str) -> Buckets:
    """Return a bucket for each word and each two neighbours."""
    words = _WORD.findall(text)
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    return np.array([_bucket(word) for word in (*words, *pairs)], dtype=np.int64)


@lru_cache(maxsize=50_000)
def _bucket(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "surrogatepass")) % BUCKETS
