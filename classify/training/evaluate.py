"""Measure a model on mails that training never saw, beside other ways to label the same mails.

In: labelled mails, their parsed form, a judge, peers. Out: an `Evaluation`: a value with every figure, `row()` for
machines and `report()` for people. Labels are counted in the wide form that scripts see.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter

from classify.corpus import CorpusMail
from classify.folding import WIDE_LABELS, WIDE_RIGHTS, folded, folded_scores
from classify.judge import Judging
from classify.reading import Reading, read
from classify.training.counting import (
    Counts,
    calibration_error,
    counts_of,
    macro_f1,
    macro_f1_range,
    reliability,
    share,
)
from classify.training.evaluation import Evaluation, PeerFigures
from classify.training.field_counts import field_counts, hint_counts
from classify.training.peers import Labels, Peer
from classify.training.seen import Seen
from models.mail import ParsedMail
from models.verdict import Label

AsMail = Callable[[CorpusMail], ParsedMail]
QUOTES = {
    "en": "On 3 March 2025 at 10:12 Privacy Desk <privacy@desk.example> wrote:",
    "es": "El 3 mar 2025, a las 10:12, Privacy Desk <privacy@desk.example> escribió:",
    "fr": "Le 3 mars 2025 à 10:12, Privacy Desk <privacy@desk.example> a écrit :",
    "de": "Am 03.03.2025 um 10:12 schrieb Privacy Desk <privacy@desk.example>:",
    "it": "Il giorno lun 3 mar 2025 alle ore 10:12 Privacy Desk <privacy@desk.example> ha scritto:",
    "pt": "Em segunda-feira, 3 de março de 2025 às 10:12, Privacy Desk <privacy@desk.example> escreveu:",
    "nl": "Op ma 3 mrt 2025 om 10:12 schreef Privacy Desk <privacy@desk.example>:",
    "pl": "pon., 3 mar 2025 o 10:12 Privacy Desk <privacy@desk.example> napisał(a):",
}
"""How mail programs introduce what they quote."""
_WORST = 15


def evaluate(mails: Sequence[CorpusMail], as_mail: AsMail, judge: Judging, peers: Sequence[Peer]) -> Evaluation:
    """Judge labelled mails, let the peers label them, and count."""
    parsed = [as_mail(mail) for mail in mails]
    judge.judge_many(parsed[:1])  # what loads at first use is not the mails' time
    started = perf_counter()
    verdicts = judge.judge_many(parsed)
    milliseconds = (perf_counter() - started) / max(len(mails), 1) * 1000
    seen = [
        Seen(mail, read(letter), folded(mail.labels), folded(verdict.labels), verdict)
        for mail, letter, verdict in zip(mails, parsed, verdicts, strict=True)
    ]
    requests = [one for one in seen if one.is_request]
    languages = sorted({one.mail.language for one in seen})
    chances = _chances(seen)
    return Evaluation(
        model_version=judge.version,
        mails=len(seen),
        macro_f1=macro_f1(_pairs(seen)),
        macro_f1_range=macro_f1_range(_pairs(seen)),
        macro_f1_by_language={code: macro_f1(_pairs(_in_language(seen, code))) for code in languages},
        exact=share(set(one.true) == set(one.said) for one in seen),
        counts=_counts(seen, {code: _in_language(seen, code) for code in languages} | {"all": seen}),
        counts_by_register=_counts(seen, _by_register(seen)),
        review_rate=share(one.verdict.needs_review for one in seen),
        missed=sum(one.is_missed for one in requests),
        requests=len(requests),
        flagged=Counts(
            sum(one.is_flagged for one in requests),
            sum(one.is_flagged for one in seen if not one.is_request),
            sum(not one.is_flagged for one in requests),
        ),
        found_by_register={name: _found(here) for name, here in _by_register(requests).items()},
        quote_leak=_quote_leak(seen, as_mail, judge),
        language_right=share(one.verdict.language == one.mail.language for one in seen if _is_sentence(one)),
        confusions=_confusions(seen),
        fields=field_counts(seen),
        hints=hint_counts(seen),
        reliability=reliability(chances),
        calibration_error=calibration_error(chances),
        milliseconds_per_mail=milliseconds,
        peers=[_figures(peer, seen) for peer in peers],
    )


def _pairs(seen: Sequence[Seen]) -> list[tuple[Labels, Labels]]:
    return [(one.true, one.said) for one in seen]


def _in_language(seen: Sequence[Seen], language: str) -> list[Seen]:
    return [one for one in seen if one.mail.language == language]


def _by_register(seen: Sequence[Seen]) -> dict[str, list[Seen]]:
    names = sorted({one.mail.register for one in seen})
    return {name: [one for one in seen if one.mail.register == name] for name in names}


def _counts(
    seen: Sequence[Seen], groups: dict[str, Sequence[Seen]] | dict[str, list[Seen]]
) -> dict[str, dict[str, Counts]]:
    """Return label → group → counts, for labels that occur."""
    present = [label for label in WIDE_LABELS if any(label in one.true or label in one.said for one in seen)]
    return {label.value: {name: counts_of(label, _pairs(here)) for name, here in groups.items()} for label in present}


def _found(requests: Sequence[Seen]) -> Counts:
    """Count requests that are flagged, or at least shown to a person."""
    hits = sum(not one.is_missed for one in requests)
    return Counts(hits, 0, len(requests) - hits)


def _is_sentence(one: Seen) -> bool:
    """Tell whether there are words enough to tell a language, all of one language."""
    return len(one.reading.text.split()) >= 6 and one.mail.register != "mixed"


def _confusions(seen: Sequence[Seen]) -> list[tuple[str, str, int]]:
    """Return what was most often said in place of what, worst first: a true label missed and one said for it."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in seen:
        lost, extra = set(one.true) - set(one.said), set(one.said) - set(one.true)
        pairs.update((true.value, said.value) for true in lost for said in extra)
        pairs.update((true.value, "-") for true in lost if not extra)
        pairs.update(("-", said.value) for said in extra if not lost)
    worst = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))[:_WORST]
    return [(true, said, count) for (true, said), count in worst]


def _quote_leak(seen: Sequence[Seen], as_mail: AsMail, judge: Judging) -> float:
    """Quote a request of the same language below each mail rightly taken for none, and judge again."""
    calm = [one for one in seen if not one.is_request and not one.is_flagged and Label.AUTO not in one.true]
    quoted = {code: _request_in(seen, code) for code in QUOTES}
    letters = [
        as_mail(replace(one.mail, body=f"{one.mail.body}\n\n{quoted[one.mail.language]}"))
        for one in calm
        if quoted.get(one.mail.language)
    ]
    verdicts = judge.judge_many(letters)
    return share(bool(set(folded(verdict.labels)).intersection(WIDE_RIGHTS)) for verdict in verdicts)


def _request_in(seen: Sequence[Seen], language: str) -> str:
    """Return the first clear request of a language, as a mail program quotes it."""
    body = next(
        (one.mail.body for one in _in_language(seen, language) if Label.ERASURE in one.true and one.is_flagged), ""
    )
    return "\n".join([QUOTES[language], *(f"> {line}" for line in body.splitlines())]) if body else ""


def _chances(seen: Sequence[Seen]) -> list[tuple[float, bool]]:
    return [(score, label in one.true) for one in seen for label, score in folded_scores(one.verdict.scores).items()]


def _figures(peer: Peer, seen: Sequence[Seen]) -> PeerFigures:
    readings: list[Reading] = [one.reading for one in seen]
    peer.label(readings[:1])
    started = perf_counter()
    said = peer.label(readings)
    milliseconds = (perf_counter() - started) / max(len(seen), 1) * 1000
    flagged = [bool(set(labels).intersection(WIDE_RIGHTS)) for labels in said]
    pairs = [(one.true, labels) for one, labels in zip(seen, said, strict=True)]
    return PeerFigures(
        name=peer.name,
        macro_f1=macro_f1(pairs),
        macro_f1_range=macro_f1_range(pairs),
        flagged=Counts(
            sum(one.is_request and hit for one, hit in zip(seen, flagged, strict=True)),
            sum(not one.is_request and hit for one, hit in zip(seen, flagged, strict=True)),
            sum(one.is_request and not hit for one, hit in zip(seen, flagged, strict=True)),
        ),
        milliseconds_per_mail=milliseconds,
    )
