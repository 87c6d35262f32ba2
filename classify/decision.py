"""From probabilities to labels and doubt.

In: an opinion, the reading, the language. Out: labels, scores and how unsure they are. `other`, `auto` and `spam`
stand alone; a second label needs a probability of its own. Missing a rights request is the worst error, so what was
not taken for one but may be one goes to a person, best chances first.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from classify.heads import HINT_TARGETS, OWN_ADDRESS_TARGET, RIGHTS_TARGET
from classify.language import READ_WELL, UNDETERMINED
from classify.reading import Reading
from models.mail import ParsedMail
from models.verdict import RIGHTS, Doubt, Hint, Label

ALONE = (Label.OTHER, Label.AUTO, Label.SPAM)
MACHINES = frozenset({Label.AUTO, Label.SPAM})
RIGHTS_LABELS = tuple(label for label in Label if label.kind in RIGHTS)

PLAINLY_MACHINE = 0.8
"""From here on a mail in an unknown language is believed to be automatic or an advertisement."""
FORM_MACHINE = 0.5
"""From here on even the agreed subject doesn't make a request of it."""
FORM_SURELY_MACHINE = 0.95
"""Below, a person looks whether it really is none."""
FORM_FOLLOW_UP = 0.5
FORM_OTHER = 0.5
"""From here on the body asks for something else: a person looks."""
FORM_SCORE = 0.9
EMPTY_SCORES = {Label.OTHER: 0.6, Label.UNSPECIFIED: 0.3}


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits, fitted on training mails out of fold and stored with the model."""

    thresholds: Mapping[str, float]
    """From which probability a label, a hint or any other target stands."""
    rights_weights: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    """What the direct answer, the likeliest right and the likeliest other label count, and the bias."""
    rights_from: float = 0.3
    """From here on a mail gets its likeliest right, whatever its other labels."""
    review_from: float = 0.2
    """From here on a mail without a right is shown to a person."""
    surely_from: float = 0.2
    """Below, even a mail with a right is shown to a person."""
    kinds_from: float = 0.1
    """Below, it is a request but which is unsure."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of one mail."""

    labels: tuple[Label, ...]
    scores: dict[Label, float]
    doubt: Doubt
    hints: tuple[Hint, ...] = ()
    means_own_address: bool = False
    """The address it comes from is the one in question."""


def decide(chances: Mapping[str, float], reading: Reading, language: str, policy: Policy) -> Decision:
    """Return labels, most probable first, with scores, doubt and hints; machines and sellers give no hints."""
    decision = _decided(chances, reading, language, policy)
    if MACHINES.intersection(decision.labels) or not reading.text.strip():
        return decision
    return replace(
        decision,
        hints=tuple(hint for hint, target in HINT_TARGETS.items() if chances[target] >= policy.thresholds[target]),
        means_own_address=chances[OWN_ADDRESS_TARGET] >= policy.thresholds[OWN_ADDRESS_TARGET],
    )


def _decided(chances: Mapping[str, float], reading: Reading, language: str, policy: Policy) -> Decision:
    scores = {label: chances[label.value] for label in Label}
    rights = rights_chance(chances, policy)
    labels = _with_likely_right(_joint(scores, policy), scores, rights, policy)
    if reading.is_rights_form:
        return _form_decision(labels, scores, reading)
    if not reading.text.strip():
        # Empty mails were only ever learned under the agreed subject: without it they say nothing, and a person looks.
        return Decision((Label.OTHER,), scores | EMPTY_SCORES, Doubt.REQUEST)
    doubt = _doubt(labels, scores, rights, reading, language, policy)
    return Decision(_ranked(labels, scores), scores, doubt)


def rights_chance(chances: Mapping[str, float], policy: Policy) -> float:
    """Return how probably a mail uses a right: the heads' direct answer, held against their answers label by label."""
    views = rights_views(chances)
    *weights, bias = policy.rights_weights
    total = sum(weight * view for weight, view in zip(weights, views, strict=True)) + bias
    return float(1 / (1 + np.exp(-total)))


def rights_views(chances: Mapping[str, float]) -> tuple[float, float, float]:
    """Return the odds of a right by the direct answer, by the likeliest right, and of the likeliest other label."""
    best_right = max(chances[label.value] for label in RIGHTS_LABELS)
    best_other = max(chances[label.value] for label in Label if label not in RIGHTS_LABELS)
    return _odds(chances[RIGHTS_TARGET]), _odds(best_right), _odds(best_other)


def has_right(labels: set[Label]) -> bool:
    """Tell whether any label stands for a right."""
    return bool(labels.intersection(RIGHTS_LABELS))


def _joint(scores: Mapping[Label, float], policy: Policy) -> set[Label]:
    """Return the label furthest above its threshold; unless it stands alone, all others above theirs with it."""
    margins = {label: _odds(scores[label]) - _odds(policy.thresholds[label.value]) for label in Label}
    top = max(Label, key=lambda label: margins[label])
    if top in ALONE:
        return {top}
    return {top, *(label for label in Label if label not in ALONE and margins[label] >= 0)}


def _with_likely_right(labels: set[Label], scores: Mapping[Label, float], rights: float, policy: Policy) -> set[Label]:
    """Add the likeliest right where the mail is more likely a rights request than not, yet has none."""
    if has_right(labels) or rights < policy.rights_from:
        return labels
    return {*labels.difference(ALONE), max(RIGHTS_LABELS, key=lambda label: scores[label])}


def _form_decision(labels: set[Label], scores: dict[Label, float], reading: Reading) -> Decision:
    """Decide where the subject is the agreed one: a request whatever the body, unless a machine or a seller wrote it.

    What the body says without the subject decides which right; where it names none, the request is unspecified. An
    answer in a thread, or one that plainly goes on about an earlier request, adds nothing to it.
    """
    if is_automatic_reply(reading.mail):
        return Decision((Label.AUTO,), {**scores, Label.AUTO: max(FORM_SCORE, scores[Label.AUTO])}, Doubt.NONE)
    machine = max(scores[Label.AUTO], scores[Label.SPAM])
    if not has_right(labels) and machine >= FORM_MACHINE:
        return Decision(
            _ranked(labels, scores), scores, Doubt.NONE if machine >= FORM_SURELY_MACHINE else Doubt.REQUEST
        )
    goes_on = Label.FOLLOWUP in labels and (reading.is_reply or scores[Label.FOLLOWUP] >= FORM_FOLLOW_UP)
    if has_right(labels) or goes_on:
        return Decision(_ranked(labels, scores), scores, Doubt.NONE)
    asks_else = bool(labels.intersection(ALONE)) and bool(reading.written) and scores[Label.OTHER] >= FORM_OTHER
    raised = {**scores, Label.UNSPECIFIED: max(FORM_SCORE, scores[Label.UNSPECIFIED])}
    kept = {Label.UNSPECIFIED, *labels.difference(ALONE)}
    return Decision(_ranked(kept, raised), raised, Doubt.KINDS if asks_else else Doubt.NONE)


def is_automatic_reply(mail: ParsedMail) -> bool:
    """Tell whether the header says that a machine answered or reported (RFC 3834, RFC 3464)."""
    return mail.header("auto-submitted").lower().startswith("auto-replied") or mail.report is not None


def _doubt(
    labels: set[Label],
    scores: Mapping[Label, float],
    rights: float,
    reading: Reading,
    language: str,
    policy: Policy,
) -> Doubt:
    if _is_unknown(scores, rights, reading, language, policy):
        return Doubt.REQUEST
    if not has_right(labels):
        return Doubt.REQUEST if rights >= policy.review_from else Doubt.NONE
    if rights < policy.surely_from:
        return Doubt.REQUEST
    best = max(scores[label] for label in RIGHTS_LABELS)
    return Doubt.KINDS if best < policy.kinds_from else Doubt.NONE


def _is_unknown(scores: Mapping[Label, float], rights: float, reading: Reading, language: str, policy: Policy) -> bool:
    """Tell of a mail that cannot be read: a language we don't know, or nothing but attachments."""
    if max(scores[Label.AUTO], scores[Label.SPAM]) >= PLAINLY_MACHINE:
        return False
    if not reading.text.strip():
        return bool(reading.mail.attachments)
    if language == UNDETERMINED:
        return rights >= policy.review_from / 4
    return language not in READ_WELL


def _ranked(labels: set[Label], scores: Mapping[Label, float]) -> tuple[Label, ...]:
    return tuple(sorted(labels, key=lambda label: (-scores[label], label)))


def _odds(chance: float) -> float:
    bounded = min(max(chance, 1e-3), 1 - 1e-3)
    return float(np.log(bounded / (1 - bounded)))
