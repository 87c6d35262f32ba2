"""What the classifier found in a mail, and why, as a page tells it: labels, their chance in words, marked sentences.

Comes in: what is kept sealed beside a mail. Goes out: words. The sentences are marked where they stand in the text.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape
from sqlmodel import Session

from models.errors import PermanentFailure
from models.message import Message
from store.vault import Vault

_CHANCES = ((0.95, "almost certain"), (0.8, "very likely"), (0.6, "likely"), (0.3, "perhaps"), (0.0, "unlikely"))
_FIELDS = {
    "full_name": "Name",
    "account_email": "Account",
    "postal_address": "Postal address",
    "phone": "Phone",
    "has_id_document": "Identity document",
    "deadline_mentioned": "Names a deadline",
    "authority_named": "Names an authority",
    "customer_company": "Names a customer",
    "regulation": "Names a law",
}
_MOST_SENTENCES = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a mail was taken for, and why."""

    label: str
    chance: str = ""
    """In words; '' where no machine said so."""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found in a mail."""

    labels: tuple[Finding, ...] = ()
    others: tuple[Finding, ...] = ()
    """What it was not taken for, though something spoke for it."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """By what the page calls them; only those that were found."""
    hints: Mapping[str, str] = field(default_factory=dict)
    defects: tuple[str, ...] = ()
    is_by_hand: bool = False
    """A person said what it is."""

    def marked(self, text: str) -> Markup:
        """Return a text with the sentences that spoke for something marked, each with what it spoke for."""
        found: dict[str, list[str]] = {}
        for one in (*self.labels, *self.others):
            for sentence in one.sentences:
                found.setdefault(sentence, []).append(one.label)
        for hint, sentence in self.hints.items():
            found.setdefault(sentence, []).append(hint)
        return _marked(text, {sentence: ", ".join(_words(label) for label in found[sentence]) for sentence in found})


def findings_of(vault: Vault, session: Session, message: Message) -> Findings:
    """Return what was found in a mail; only its labels where the rest was erased or never there."""
    kept = _kept(vault, session, message)
    scores: Mapping[str, float] = kept.get("scores", {})
    reasons: dict[str, list[str]] = {}
    for label, sentence in kept.get("reasons", ()):
        reasons.setdefault(label, []).append(sentence)
    is_by_hand = message.model_version is None and bool(message.labels)
    labels = tuple(_finding(label, {} if is_by_hand else scores, reasons) for label in message.labels)
    return Findings(
        labels=labels,
        others=tuple(_finding(label, scores, reasons) for label in reasons if label not in message.labels),
        fields={_FIELDS[name]: _told(value) for name, value in kept.get("fields", {}).items() if value},
        hints=kept.get("hints", {}),
        defects=tuple(kept.get("defects", ())),
        is_by_hand=is_by_hand,
    )


def chance_in_words(probability: float) -> str:
    """Return how probable something is, in words."""
    return next(words for least, words in _CHANCES if probability >= least)


def _kept(vault: Vault, session: Session, message: Message) -> dict[str, Any]:
    if not message.sealed_details or not message.sealed_id:
        return {}
    try:
        found = json.loads(vault.open_beside(session, message.sealed_id, message.sealed_details))
    except PermanentFailure:
        return {}
    return found if isinstance(found, dict) else {}


def _finding(label: str, scores: Mapping[str, float], reasons: Mapping[str, Sequence[str]]) -> Finding:
    chance = chance_in_words(scores[label]) if label in scores else ""
    return Finding(label, chance, tuple(dict.fromkeys(reasons.get(label, ()))))


def _told(value: object) -> str:
    return "attached" if value is True else str(value)


def _words(label: str) -> str:
    return label.replace("_", " ")


def _marked(text: str, sentences: Mapping[str, str]) -> Markup:
    """Mark sentences where they stand, line breaks aside; what does not stand there word for word stays unmarked."""
    places: list[tuple[int, int, str]] = []
    for sentence, name in list(sentences.items())[:_MOST_SENTENCES]:
        found = _place(sentence, text)
        if found and all(found.end() <= start or end <= found.start() for start, end, _ in places):
            places.append((found.start(), found.end(), name))
    pieces, at = [], 0
    for start, end, name in sorted(places):
        mark = Markup('<mark>{}<span class="why"> {}</span></mark>').format(text[start:end], name)
        pieces += [escape(text[at:start]), mark]
        at = end
    return Markup("").join([*pieces, escape(text[at:])])


def _place(sentence: str, text: str) -> re.Match[str] | None:
    words = sentence.split()
    return re.search(r"[\s>]+".join(map(re.escape, words)), text) if len("".join(words)) > 2 else None
