"""Fit the heads on features of labelled mails.

Every score that a later step learns from is out of fold, with the mails of one scenario always in one fold;
otherwise the last head would trust the first ones as far as they know their own training mails.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from classify.features import MailFeatures
from classify.heads import (
    ASKED,
    Calibration,
    Floats,
    Heads,
    KernelHead,
    PassageHead,
    Scaling,
    WordHead,
    asked_columns,
    first_answers,
    gaussian,
    whole_rows,
)
from classify.training.passages import fit_passages
from classify.words import BUCKETS

FOLDS = 5
WHOLE_WIDTH, WHOLE_RIDGE = 0.7, 0.12
WORDS_RIDGE = 0.4
LAST_WIDTH, LAST_RIDGE = 0.8, 0.5
"""Chosen by cross-validation grouped by scenario."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Mails as features, what is true of each (`truth`: mails by targets), and their scenarios."""

    mails: Sequence[MailFeatures]
    truth: Floats
    scenarios: Sequence[str]


@dataclass(frozen=True, slots=True)
class _First:
    """The three heads that look at mails themselves."""

    signals: Scaling
    whole: KernelHead
    words: WordHead
    passages: PassageHead

    def answers(self, mails: Sequence[MailFeatures]) -> Floats:
        """Return what the three heads say of each mail, side by side."""
        pooled = np.stack([self.passages.pooled(self.passages.passage_scores(mail)) for mail in mails])
        return first_answers(self.signals, self.whole, self.words, mails, pooled)


def fit_words(data: TrainingSet) -> list[WordHead]:
    """Return the head of words without each fold in turn, then of all mails: the same whatever encodes sentences."""
    parts = [train for train, _ in folds(data.scenarios, seed=0)] + [np.arange(len(data.mails))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda part: _fit_words([data.mails[row] for row in part], data.truth[part]), parts))


def fit_heads(data: TrainingSet, words: Sequence[WordHead]) -> tuple[Heads, Floats]:
    """Return the heads fitted on all mails, with `words` as fitted above, and out-of-fold probabilities of them."""
    answers = _out_of_fold(data, words)
    scaling = fit_scaling(answers)
    rows = scaling.scaled(answers)
    scores = np.empty_like(data.truth)
    for train, test in folds(data.scenarios, seed=1):
        last, hinting = _fit_last(rows[train], data.truth[train])
        scores[test] = np.hstack([last.scores(asked_columns(rows[test])), hinting.scores(rows[test])])
    calibration = _fit_calibration(scores, data.truth)
    first = _fit_first(data.mails, data.truth, words[-1])
    heads = Heads(
        *(first.signals, first.whole, first.words, first.passages), scaling, *_fit_last(rows, data.truth), calibration
    )
    return heads, calibration.probabilities(scores)


def _fit_last(rows: Floats, truth: Floats) -> tuple[KernelHead, KernelHead]:
    asked = fit_kernel(asked_columns(rows), truth[:, : len(ASKED)], LAST_WIDTH, LAST_RIDGE)
    return asked, fit_kernel(rows, truth[:, len(ASKED) :], LAST_WIDTH, LAST_RIDGE)


def folds(scenarios: Sequence[str], *, seed: int) -> list[tuple[Rows, Rows]]:
    """Return train and test rows of each fold; a scenario is never in both."""
    names = sorted(set(scenarios))
    order = np.random.default_rng(seed).permutation(len(names))
    fold_of = {names[place]: number % FOLDS for number, place in enumerate(order)}
    of_row = np.array([fold_of[name] for name in scenarios])
    return [(np.flatnonzero(of_row != fold), np.flatnonzero(of_row == fold)) for fold in range(FOLDS)]


def fit_scaling(rows: Floats) -> Scaling:
    """Measure columns; a column that never changes counts for nothing."""
    deviation = rows.std(axis=0)
    return Scaling(rows.mean(axis=0), np.where(deviation > 1e-6, deviation, np.float32(1e6)).astype(np.float32))


def fit_kernel(rows: Floats, truth: Floats, width: float, ridge: float) -> KernelHead:
    """Fit kernel ridge regression, all targets at once, in closed form."""
    return KernelHead(rows, _ridge(gaussian(rows, rows, width), truth, ridge), truth.mean(axis=0), width)


def _out_of_fold(data: TrainingSet, words: Sequence[WordHead]) -> Floats:
    answers = np.zeros((len(data.mails), 3 * data.truth.shape[1]), dtype=np.float32)
    for (train, test), word_head in zip(folds(data.scenarios, seed=0), words, strict=False):
        first = _fit_first([data.mails[row] for row in train], data.truth[train], word_head)
        answers[test] = first.answers([data.mails[row] for row in test])
    return answers


def _fit_first(mails: Sequence[MailFeatures], truth: Floats, words: WordHead) -> _First:
    signals = fit_scaling(np.stack([mail.signals for mail in mails]))
    whole = fit_kernel(whole_rows(signals, mails), truth, WHOLE_WIDTH, WHOLE_RIDGE)
    return _First(signals, whole, words, fit_passages(mails, truth))


def _fit_words(mails: Sequence[MailFeatures], truth: Floats) -> WordHead:
    """Fit ridge regression on weighted, normalised word counts, by its dual form."""
    columns = np.concatenate([mail.words[0] for mail in mails])
    starts = np.cumsum([0, *(len(mail.words[0]) for mail in mails)])
    seen_in = np.bincount(columns, minlength=BUCKETS)
    rarity = np.where(seen_in > 1, np.log((1 + len(mails)) / (1 + seen_in)), 0).astype(np.float32)
    worth = np.concatenate([mail.words[1] for mail in mails]) * rarity[columns]
    lengths = np.sqrt(np.add.reduceat(worth * worth, starts[:-1]))
    worth /= np.repeat(np.maximum(lengths, 1e-9), np.diff(starts))
    matrix = csr_matrix((worth, columns, starts), shape=(len(mails), BUCKETS))
    dual = _ridge((matrix @ matrix.T).toarray(), truth, WORDS_RIDGE)
    return WordHead(rarity, np.asarray(matrix.T @ dual, dtype=np.float32), truth.mean(axis=0))


def _ridge(kernel: Floats, truth: Floats, ridge: float) -> Floats:
    """Solve in single precision, which takes half the time: the ridge keeps the system far from singular."""
    kernel[np.diag_indices_from(kernel)] += np.float32(ridge)
    return np.asarray(solve(kernel, truth - truth.mean(axis=0), assume_a="pos", overwrite_a=True), dtype=np.float32)


def _fit_calibration(scores: Floats, truth: Floats) -> Calibration:
    slopes, offsets = [], []
    for column in range(truth.shape[1]):
        if not 0 < truth[:, column].sum() < len(truth):
            slopes.append(0.0)
            offsets.append(-7.0)
            continue
        fitted = LogisticRegression(C=10.0).fit(scores[:, column : column + 1], truth[:, column])
        slopes.append(float(fitted.coef_[0, 0]))
        offsets.append(float(fitted.intercept_[0]))
    return Calibration(np.array(slopes, dtype=np.float32), np.array(offsets, dtype=np.float32))
