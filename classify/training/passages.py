"""Fit the head of passages from mails of which only the whole is labelled.

No one has marked the sentence that asks for erasure. A mail is taken as the soft maximum of its passages (log of the
sum of exponentials), and the weights are found that make whole mails come out right: the passages that matter earn
their weight by themselves (multiple-instance learning).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from classify.features import MailFeatures
from classify.heads import Floats, PassageHead

RIDGE = 0.1
STEPS = 45
"""More steps fit the training mails, not others (cross-validation)."""

Doubles = NDArray[np.float64]


def fit_passages(mails: Sequence[MailFeatures], truth: Floats) -> PassageHead:
    """Return the head that explains whole mails by their passages."""
    instances = np.concatenate([mail.instances for mail in mails])
    used = np.abs(instances).max(axis=0) > 0
    loss = _Loss(instances[:, used], [len(mail.instances) for mail in mails], truth)
    found = minimize(loss, loss.start(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 5})
    learnt, bias = loss.split(found.x)
    weights = np.zeros((len(used), truth.shape[1]), dtype=np.float32)
    weights[used] = learnt
    return PassageHead(weights, bias)


class _Loss:
    """Cross-entropy of mails with its gradient, for all targets at once."""

    def __init__(self, instances: Floats, sizes: Sequence[int], truth: Floats) -> None:
        self._instances = instances
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._mail_of = np.repeat(np.arange(len(sizes)), sizes)
        self._truth = truth.astype(np.float32)
        self._shape = (self._instances.shape[1], truth.shape[1])

    def start(self) -> Doubles:
        """Return weights of nothing, and the bias of how common a target is."""
        share = (self._truth.mean(axis=0) + 0.01) / 1.02
        return np.concatenate([np.zeros(self._shape).ravel(), np.log(share / (1 - share)) - 1]).astype(np.float64)

    def split(self, values: Doubles) -> tuple[Floats, Floats]:
        """Return weights and bias."""
        cut = self._shape[0] * self._shape[1]
        return values[:cut].reshape(self._shape).astype(np.float32), values[cut:].astype(np.float32)

    def __call__(self, values: Doubles) -> tuple[float, Doubles]:
        weights, bias = self.split(values)
        scores = self._instances @ weights + bias
        top = np.maximum.reduceat(scores, self._starts, axis=0)
        shares = np.exp(scores - top[self._mail_of])
        sums = np.add.reduceat(shares, self._starts, axis=0)
        odds = top + np.log(sums)
        loss = float((np.logaddexp(0, odds) - self._truth * odds).sum()) + RIDGE * float((weights**2).sum()) / 2
        by_mail = (1 / (1 + np.exp(-odds)) - self._truth) / sums
        by_instance = by_mail[self._mail_of] * shares
        gradient = self._instances.T @ by_instance + RIDGE * weights
        return loss, np.concatenate([gradient.ravel(), by_instance.sum(axis=0)]).astype(np.float64)
