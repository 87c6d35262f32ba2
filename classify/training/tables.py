"""Figures of a measurement as text for people: for a terminal, and as pages of the documentation."""

from collections.abc import Iterator, Mapping, Sequence

from classify.training.counting import Counts, share_range
from classify.training.evaluation import Evaluation


def terminal_report(found: Evaluation) -> str:
    """Return all figures for a terminal."""
    return "\n".join([*_lines(found), "", *_label_table(found.counts, found.macro_f1_by_language)])


def _lines(found: Evaluation) -> Iterator[str]:
    low, high = found.macro_f1_range
    yield f"model {found.model_version}, {found.mails} mails, {found.milliseconds_per_mail:.1f} ms a mail"
    yield f"macro-F1 {found.macro_f1:.3f} ({low:.3f} to {high:.3f}); all labels exact {percent(found.exact)}"
    for peer in found.peers:
        yield f"  {peer.name}: macro-F1 {peer.macro_f1:.3f}, {peer.milliseconds_per_mail:.1f} ms a mail"
    missed = f"{found.missed} of {found.requests} ({percent(found.missed_rate)})"
    yield f"requests missed {missed} at {percent(found.review_rate)} review"
    yield f"taken for requests: {percent(found.flagged.precision)} rightly; quoted requests that leaked: " + percent(
        found.quote_leak
    )
    yield f"calibration error {found.calibration_error:.3f}; language right {percent(found.language_right)}"
    yield "requests found or shown, by register: " + ", ".join(
        f"{name} {one.hits}/{one.true}" for name, one in found.found_by_register.items()
    )
    yield "fields (precision, recall): " + ", ".join(
        f"{name} {one.precision:.2f} {one.recall:.2f}" for name, one in found.fields.items()
    )
    yield "hints (precision, recall): " + ", ".join(
        f"{name} {one.precision:.2f} {one.recall:.2f}" for name, one in found.hints.items()
    )


def _label_table(counts: Mapping[str, Mapping[str, Counts]], macro_f1: Mapping[str, float]) -> list[str]:
    """Return precision, recall, F1 and count of each label in each language."""
    languages = list(next(iter(counts.values())))
    lines = [f"{'':18}" + "".join(f"{code:>22}" for code in languages)]
    lines += [f"{label:18}" + "".join(_cell(by[code]) for code in languages) for label, by in counts.items()]
    return [*lines, f"{'macro-F1':18}" + "".join(f"{macro_f1[code]:>22.3f}" for code in languages if code in macro_f1)]


def _cell(counts: Counts) -> str:
    if not counts.true and not counts.extra:
        return f"{'-':>22}"
    return f"{counts.precision:>8.2f}{counts.recall:>5.2f}{counts.f1:>5.2f}{counts.true:>4}"


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table of a Markdown page."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def share_cell(hits: int, of: int) -> str:
    """Return a share with its 95 % interval, '-' where there is nothing to share."""
    if not of:
        return "-"
    low, high = share_range(hits, of)
    return f"{hits / of:.2f} ({low:.2f} to {high:.2f})"


def percent(value: float) -> str:
    """Return a share as people read it."""
    return f"{100 * value:.1f} %"
