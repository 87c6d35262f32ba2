"""Pictures of a measurement, drawn by matplotlib."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from classify.training.counting import share_range
from classify.training.evaluation import Evaluation

mpl.use("agg")
_OURS, _LINE, _BAND = "#2f6690", "#444444", "#9db8cc"


def draw_labels(found: Evaluation, path: Path) -> None:
    """Draw F1 of each label, best first, with the number of mails."""
    rows = sorted(((by["all"].f1, label, by["all"].true) for label, by in found.counts.items()), reverse=True)
    figure, axes = _canvas(8, 0.32 * len(rows) + 1)
    places = range(len(rows))
    axes.barh(places, [score for score, _, _ in rows], color=_OURS, height=0.7)
    for place, (score, _, count) in enumerate(rows):
        axes.text(1.02, place, f"{score:.2f}  ({count})", va="center", fontsize=9, color=_LINE)
    axes.set_yticks(places, [label for _, label, _ in rows])
    axes.invert_yaxis()
    axes.axvline(found.macro_f1, color=_BAND, linewidth=1, linestyle="--", zorder=0)
    axes.set(xlim=(0, 1.15), xlabel=f"F1 (number of mails); the line is the mean, {found.macro_f1:.3f}")
    _save(figure, path)


def draw_registers(found: Evaluation, path: Path) -> None:
    """Draw the share of requests found in each register, with its interval."""
    rows = sorted((one.recall, one.true, name) for name, one in found.found_by_register.items())
    figure, axes = _canvas(8, 0.3 * len(rows) + 1)
    for place, (rate, count, name) in enumerate(rows):
        low, high = share_range(round(rate * count), count)
        axes.plot([low, high], [place, place], color=_BAND, linewidth=5, solid_capstyle="butt")
        axes.plot([rate], [place], "o", color=_OURS)
        axes.text(1.03, place, f"{name}, {count}", va="center", fontsize=9, color=_LINE)
    axes.set_yticks([])
    axes.set(
        xlim=(0, 1.35),
        xticks=_tenths(),
        xlabel="requests recognised or shown to a person; the bar is the 95 % interval",
    )
    _save(figure, path)


def draw_reliability(found: Evaluation, path: Path) -> None:
    """Draw how often probabilities came true, against what they said."""
    figure, axes = _canvas(5, 5)
    axes.plot([0, 1], [0, 1], color=_LINE, linewidth=1, linestyle="--")
    for tenth in found.reliability:
        low, high = share_range(round(tenth.true * tenth.count), tenth.count)
        axes.plot([tenth.chance, tenth.chance], [low, high], color=_BAND, linewidth=4, solid_capstyle="butt")
    axes.plot([t.chance for t in found.reliability], [t.true for t in found.reliability], "o-", color=_OURS)
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="probability", ylabel="came true")
    axes.set_xticks(_tenths())
    axes.set_yticks(_tenths())
    _save(figure, path)


def _canvas(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _tenths() -> Sequence[float]:
    return [0, 0.2, 0.4, 0.6, 0.8, 1]


def _save(figure: Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Software": None})
