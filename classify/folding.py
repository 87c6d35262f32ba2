"""From the fine labels to those of the machine form: two kinds of objection and the chat are folded into wider ones."""

from collections.abc import Iterable, Mapping

from models.verdict import RIGHTS, Label

FOLDED = {
    Label.OBJECTION_MARKETING: Label.OBJECTION,
    Label.AUTOMATED_DECISION: Label.OBJECTION,
    Label.CHAT_ERASURE: Label.ERASURE,
}
WIDE_LABELS = tuple(label for label in Label if label not in FOLDED)
WIDE_RIGHTS = tuple(label for label in WIDE_LABELS if label.kind in RIGHTS)


def folded(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Return the wide labels of fine ones, each once, in order."""
    return tuple(dict.fromkeys(FOLDED.get(label, label) for label in labels))


def folded_scores(scores: Mapping[Label, float]) -> dict[Label, float]:
    """Return a score for each wide label: the highest of those it stands for."""
    wide: dict[Label, float] = {}
    for label, score in scores.items():
        into = FOLDED.get(label, label)
        wide[into] = max(wide.get(into, 0.0), score)
    return wide
