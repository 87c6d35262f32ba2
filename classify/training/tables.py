"""Figures of a measurement as text for people."""

from collections.abc import Mapping

from classify.training.counting import Counts


def lines_of(row: Mapping[str, object]) -> list[str]:
    """Return the single figures, one a line."""
    missed = f"{row['missed']} of {row['requests']} ({_percent(row['missed_rate'])})"
    against = f"(keyword matcher {row['macro_f1_keywords']:.3f})"
    leaked = f"quoted requests that leaked: {_percent(row['quote_leak'])}"
    return [
        f"model {row['model_version']}, {row['mails']} mails, {row['milliseconds_per_mail']:.1f} ms a mail",
        f"macro-F1 {row['macro_f1']:.3f} {against}; all labels exact {_percent(row['exact'])}",
        f"requests missed {missed} at {_percent(row['review_rate'])} review",
        f"not requests, yet taken for one: {_percent(row['false_alarm_rate'])}; {leaked}",
        f"calibration error {row['calibration_error']:.3f}",
        "requests found or shown, by register: " + _registers(row["recall_by_register"]),
    ]


def label_table(counts: Mapping[str, Mapping[str, Counts]], macro_f1: Mapping[str, float]) -> list[str]:
    """Return precision, recall, F1 and count of each label in each language."""
    languages = list(next(iter(counts.values())))
    lines = [f"{'':18}" + "".join(f"{code:>22}" for code in languages)]
    lines += [f"{label:18}" + "".join(_cell(by[code]) for code in languages) for label, by in counts.items()]
    return [*lines, f"{'macro-F1':18}" + "".join(f"{macro_f1[code]:>22.3f}" for code in languages if code in macro_f1)]


def _cell(counts: Counts) -> str:
    if not counts.true and not counts.extra:
        return f"{'-':>22}"
    return f"{counts.precision:>8.2f}{counts.recall:>5.2f}{counts.f1:>5.2f}{counts.true:>4}"


def _registers(found: object) -> str:
    assert isinstance(found, dict)  # noqa: S101 - tells the type
    return ", ".join(f"{name} {one['hits']}/{one['hits'] + one['missed']}" for name, one in found.items())


def _percent(value: object) -> str:
    return f"{100 * float(str(value)):.1f} %"
