"""Measure a model on mails that training never saw, beside a keyword matcher on the same mails.

In: labelled mails, their parsed form, a judge. Out: an `Evaluation`: a value with every figure, `row()` for machines
and `report()` for people. Labels are counted in the wide form that scripts see.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter

from classify.corpus import CorpusMail
from classify.folding import WIDE_LABELS, WIDE_RIGHTS, folded, folded_scores
from classify.judge import Judging
from classify.reading import read
from classify.training.counting import Counts, calibration_error, counts_of, macro_f1, share
from classify.training.keywords import keyword_labels
from classify.training.tables import label_table, lines_of
from models.mail import ParsedMail
from models.verdict import Label, Verdict

AsMail = Callable[[CorpusMail], ParsedMail]
QUOTES = {
    "en": "On 3 March 2025 at 10:12 Privacy Desk <privacy@desk.example> wrote:",
    "es": "El 3 mar 2025, a las 10:12, Privacy Desk <privacy@desk.example> escribió:",
    "fr": "Le 3 mars 2025 à 10:12, Privacy Desk <privacy@desk.example> a écrit :",
    "de": "Am 03.03.2025 um 10:12 schrieb Privacy Desk <privacy@desk.example>:",
}
"""How mail programs introduce what they quote."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One mail with what is true and what was said of it, labels in the wide form."""

    mail: CorpusMail
    true: tuple[Label, ...]
    said: tuple[Label, ...]
    by_keywords: tuple[Label, ...]
    verdict: Verdict

    @property
    def is_request(self) -> bool:
        """Tell whether it truly uses a right."""
        return bool(set(self.true).intersection(WIDE_RIGHTS))

    @property
    def is_flagged(self) -> bool:
        """Tell whether it was taken for a rights request."""
        return bool(set(self.said).intersection(WIDE_RIGHTS))

    @property
    def is_missed(self) -> bool:
        """Tell of a request that nobody will see: neither flagged nor in review."""
        return self.is_request and not self.is_flagged and not self.verdict.needs_review


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every figure of one measurement."""

    model_version: str
    mails: int
    macro_f1: float
    macro_f1_keywords: float
    macro_f1_by_language: dict[str, float]
    exact: float
    """Share of mails with exactly the right labels."""
    counts: dict[str, dict[str, Counts]]
    """Label, then language ('all' too)."""
    review_rate: float
    missed_rate: float
    """Requests neither flagged nor in review, of all requests."""
    missed: int
    requests: int
    false_alarm_rate: float
    recall_by_register: dict[str, Counts]
    quote_leak: float
    """Share of mails without a request that become one when a request is quoted below."""
    calibration_error: float
    milliseconds_per_mail: float

    def row(self) -> dict[str, object]:
        """Return the figures for machines."""
        return asdict(self)

    def report(self) -> str:
        """Return the figures for people."""
        return "\n".join([*lines_of(self.row()), "", *label_table(self.counts, self.macro_f1_by_language)])


def evaluate(mails: Sequence[CorpusMail], as_mail: AsMail, judge: Judging) -> Evaluation:
    """Judge labelled mails and count."""
    parsed = [as_mail(mail) for mail in mails]
    started = perf_counter()
    verdicts = judge.judge_many(parsed)
    milliseconds = (perf_counter() - started) / max(len(mails), 1) * 1000
    seen = [
        Seen(mail, folded(mail.labels), folded(verdict.labels), folded(keyword_labels(read(letter))), verdict)
        for mail, letter, verdict in zip(mails, parsed, verdicts, strict=True)
    ]
    requests = [one for one in seen if one.is_request]
    languages = sorted({one.mail.language for one in seen})
    return Evaluation(
        model_version=judge.version,
        mails=len(seen),
        macro_f1=macro_f1([(one.true, one.said) for one in seen]),
        macro_f1_keywords=macro_f1([(one.true, one.by_keywords) for one in seen]),
        macro_f1_by_language={code: _macro_f1_in(seen, code) for code in languages},
        exact=share(set(one.true) == set(one.said) for one in seen),
        counts=_counts(seen, languages),
        review_rate=share(one.verdict.needs_review for one in seen),
        missed_rate=share(one.is_missed for one in requests),
        missed=sum(one.is_missed for one in requests),
        requests=len(requests),
        false_alarm_rate=share(one.is_flagged for one in seen if not one.is_request),
        recall_by_register=_by_register(requests),
        quote_leak=_quote_leak(seen, as_mail, judge),
        calibration_error=_calibration(seen),
        milliseconds_per_mail=milliseconds,
    )


def _macro_f1_in(seen: Sequence[Seen], language: str) -> float:
    return macro_f1([(one.true, one.said) for one in seen if one.mail.language == language])


def _counts(seen: Sequence[Seen], languages: Sequence[str]) -> dict[str, dict[str, Counts]]:
    return {
        label.value: {
            code: counts_of(label, [(one.true, one.said) for one in seen if code in ("all", one.mail.language)])
            for code in (*languages, "all")
        }
        for label in WIDE_LABELS
    }


def _by_register(requests: Sequence[Seen]) -> dict[str, Counts]:
    """Count found requests by register: flagged, or at least shown to a person."""
    found: dict[str, Counts] = {}
    for register in sorted({one.mail.register for one in requests}):
        here = [one for one in requests if one.mail.register == register]
        hits = sum(not one.is_missed for one in here)
        found[register] = Counts(hits, 0, len(here) - hits)
    return found


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
        (
            one.mail.body
            for one in seen
            if one.mail.language == language and Label.ERASURE in one.true and one.is_flagged
        ),
        "",
    )
    return "\n".join([QUOTES[language], *(f"> {line}" for line in body.splitlines())]) if body else ""


def _calibration(seen: Sequence[Seen]) -> float:
    pairs = [(score, label in one.true) for one in seen for label, score in folded_scores(one.verdict.scores).items()]
    return calibration_error(pairs)
