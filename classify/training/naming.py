"""Learn which of the names in a mail is the one the request is for."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from classify.corpus import CORRECTED, CorpusMail
from classify.names import NameChooser, candidates
from classify.reading import Reading

THRESHOLD = 0.2
"""Chosen by cross-validation: lower, and offices become persons."""


def fit_names(mails: Sequence[CorpusMail], readings: Sequence[Reading]) -> NameChooser:
    """Return the choice that finds the annotated names."""
    rows, hits = [], []
    for mail, reading in zip(mails, readings, strict=True):
        if mail.register == CORRECTED:
            continue
        wanted = (mail.annotated("name") or "").lower()
        for candidate in candidates(reading):
            rows.append(candidate.features)
            hits.append(candidate.name.lower() == wanted)
    fitted = LogisticRegression(C=3.0, max_iter=500).fit(np.stack(rows), hits)
    return NameChooser(fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]), THRESHOLD)
