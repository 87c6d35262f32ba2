"""Learn which of the names in a mail is the one the request is for."""

from collections.abc import Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from classify.corpus import CORRECTED, CorpusMail
from classify.name_choice import NameChooser, Situation
from classify.names import candidates
from classify.reading import Reading

THRESHOLD = 0.25
"""Chosen by cross-validation: lower, and offices become persons."""


def fit_names(mails: Sequence[CorpusMail], readings: Sequence[Reading], situations: Sequence[Situation]) -> NameChooser:
    """Return the choice that finds the annotated names; situations as judged out of fold."""
    rows, hits = [], []
    for mail, reading, situation in zip(mails, readings, situations, strict=True):
        if mail.register == CORRECTED:
            continue
        wanted = (mail.annotated("name") or "").lower()
        for candidate in candidates(reading):
            rows.append(situation.weighed(candidate))
            hits.append(candidate.name.lower() == wanted)
    fitted = LogisticRegression(C=3.0, max_iter=2000).fit(np.stack(rows), hits)
    return NameChooser(fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0]), THRESHOLD)
