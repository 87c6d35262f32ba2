"""What the classifier is measured against: a keyword matcher, spaCy's own text categorizer, and TF-IDF with logistic
regression, all on the same mails.

The last two learn from the training mails as we read them: without quotes, signatures and disclaimers. Where no label
reaches one half, the likeliest stands.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from spacy.training import Example
from thinc.api import fix_random_seed

from classify.folding import WIDE_LABELS
from classify.reading import Reading
from classify.training.keywords import keyword_labels
from models.verdict import Label

Labels = tuple[Label, ...]
EPOCHS = 10
BATCH = 64
_NOTHING = "-"  # a text of no words at all brings the categorizer down
_BAG_OF_WORDS = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": False,
    "ngram_size": 1,
    "no_output_layer": False,
}


@dataclass(frozen=True, slots=True)
class Peer:
    """Another way to label mails."""

    name: str
    label: Callable[[Sequence[Reading]], list[Labels]]


def keyword_matcher() -> Peer:
    """Return the list of keywords; it learns nothing."""
    return Peer("keyword matcher", lambda readings: [keyword_labels(reading) for reading in readings])


def tfidf_regression(readings: Sequence[Reading], labels: Sequence[Labels]) -> Peer:
    """Return logistic regression on words, pairs of words and letter groups, a regression for each label."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True, max_features=200_000)
    regression = OneVsRestClassifier(LogisticRegression(class_weight="balanced", max_iter=200, C=4.0))
    model = make_pipeline(make_union(words, letters), regression)
    known = tuple(label for label in WIDE_LABELS if any(label in true for true in labels))
    model.fit([reading.text for reading in readings], _marks(labels, known))

    def label(mails: Sequence[Reading]) -> list[Labels]:
        """Return the labels that the regression gives mails."""
        return _chosen(model.predict_proba([mail.text for mail in mails]), known)

    return Peer("TF-IDF, logistic regression", label)


def spacy_categorizer(readings: Sequence[Reading], labels: Sequence[Labels]) -> Peer:
    """Return spaCy's multi-label text categorizer (bag of words), trained as its documentation shows."""
    fix_random_seed(1)
    nlp = spacy.blank("xx")
    categorizer = nlp.add_pipe("textcat_multilabel", config={"model": _BAG_OF_WORDS})
    for label in WIDE_LABELS:
        categorizer.add_label(label.value)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(
            nlp.make_doc(reading.text or _NOTHING), {"cats": {one.value: one in true for one in WIDE_LABELS}}
        )
        for reading, true in zip(readings, labels, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples)
    order = random.Random(1)  # noqa: S311 - no secret hangs on it
    for _ in range(EPOCHS):
        order.shuffle(examples)
        for start in range(0, len(examples), BATCH):
            nlp.update(examples[start : start + BATCH], sgd=optimizer)

    def label_all(mails: Sequence[Reading]) -> list[Labels]:
        """Return the labels that the categorizer gives mails."""
        docs = nlp.pipe((mail.text or _NOTHING for mail in mails), batch_size=BATCH)
        return _chosen(np.array([[doc.cats[label.value] for label in WIDE_LABELS] for doc in docs]), WIDE_LABELS)

    return Peer("spaCy text categorizer", label_all)


def _marks(labels: Sequence[Labels], known: Labels) -> NDArray[np.int64]:
    return np.array([[label in true for label in known] for true in labels], dtype=np.int64)


def _chosen(chances: NDArray[np.float64], known: Labels) -> list[Labels]:
    return [
        tuple(label for label, chance in zip(known, row, strict=True) if chance >= 0.5) or (known[int(row.argmax())],)
        for row in chances
    ]
