"""Fit the limits of decisions on out-of-fold probabilities of training mails.

A threshold per label would follow the noise of some fifty mails, so each is drawn half-way to a common one. The
review limit is set by rank: so many of the mails without a right, those with the best chances, go to a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from classify.decision import RIGHTS_LABELS, Policy, rights_chance, rights_views
from classify.heads import RIGHTS_TARGET, TARGETS, Floats

COMMON_THRESHOLD = 0.35
REVIEW_SHARE = 0.065
"""Of all mails, by chance of a right alone; other doubts add a little."""
_STEPS = np.linspace(0.1, 0.7, 61)


def fit_policy(chances: Floats, truth: Floats) -> Policy:
    """Return the limits for mails like these."""
    thresholds = {
        target: (_best_threshold(chances[:, column], truth[:, column]) + COMMON_THRESHOLD) / 2
        for column, target in enumerate(TARGETS)
    }
    rows = [dict(zip(TARGETS, row.tolist(), strict=True)) for row in chances]
    weights = _fit_rights(rows, truth[:, TARGETS.index(RIGHTS_TARGET)])
    policy = Policy(thresholds, weights)
    return replace(policy, review_from=_review_limit(rows, policy))


def _fit_rights(rows: Sequence[Mapping[str, float]], truth: Floats) -> tuple[float, float, float, float]:
    fitted = LogisticRegression().fit(np.array([rights_views(row) for row in rows]), truth > 0)
    direct, right, other = (float(weight) for weight in fitted.coef_[0])
    return direct, right, other, float(fitted.intercept_[0])


def _best_threshold(chances: Floats, truth: Floats) -> float:
    """Return the threshold of the best F1, smoothed over its neighbours."""
    found = np.array([_f1(chances >= step, truth > 0) for step in _STEPS])
    smooth = np.convolve(found, np.ones(9) / 9, "valid")
    return float(_STEPS[4 + int(smooth.argmax())])


def _f1(said: Sequence[bool] | np.ndarray, true: np.ndarray) -> float:
    both = float((np.asarray(said) & true).sum())
    return 2 * both / max(float(np.asarray(said).sum() + true.sum()), 1.0)


def _review_limit(rows: Sequence[Mapping[str, float]], policy: Policy) -> float:
    """Return the chance of a right of the last mail without one that still goes to a person."""
    without = sorted(
        (
            chance
            for row in rows
            if (chance := rights_chance(row, policy)) < policy.rights_from
            and all(row[label.value] < policy.thresholds[label.value] for label in RIGHTS_LABELS)
        ),
        reverse=True,
    )
    wanted = int(REVIEW_SHARE * len(rows))
    return without[min(wanted, len(without) - 1)] if without else policy.rights_from
