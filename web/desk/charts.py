"""Charts as SVG, drawn here by pygal: no script, no fonts from elsewhere, one look for light and one for dark.

A chart is a picture beside a table with the same numbers. Series differ by dashes, order and printed values, too, not
by colour alone.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from pygal import Bar, HorizontalStackedBar, Line, PluginImportFixer
from pygal.style import Style

# pygal hooks a finder of an old kind into Python's imports, for plug-ins that nobody uses here: each later import would
# warn of it.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""What such a picture may do, looked at by itself: nothing but its own colours."""
_LIGHT: dict[str, Any] = {
    "background": "#ffffff",
    "plot_background": "#ffffff",
    "foreground": "#1d2125",
    "foreground_strong": "#1d2125",
    "foreground_subtle": "#5a636d",
    "guide_stroke_color": "#d9dde1",
    "major_guide_stroke_color": "#c2c8ce",
    "colors": ("#0b57d0", "#8a5a00", "#1b6e3a", "#6d3fc0", "#5a636d", "#b3261e"),
}
_DARK: dict[str, Any] = {
    "background": "#1f2226",
    "plot_background": "#1f2226",
    "foreground": "#e8eaed",
    "foreground_strong": "#e8eaed",
    "foreground_subtle": "#a6aeb7",
    "guide_stroke_color": "#3a4047",
    "major_guide_stroke_color": "#525a63",
    "colors": ("#8ab4f8", "#f4c063", "#84d6a1", "#c9a7ff", "#a6aeb7", "#ff8f86"),
}
_AGES = {
    "light": ("#bcd4f6", "#7fabeb", "#3f80dd", "#0b57d0", "#08398a", "#b3261e"),
    "dark": ("#24405f", "#33639b", "#4d8ad4", "#8ab4f8", "#c9ddfc", "#ff8f86"),
}
"""The older, the stronger; what is overdue stands out."""
_SIZES: dict[str, Any] = {
    "font_family": "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
    "label_font_size": 13,
    "major_label_font_size": 13,
    "legend_font_size": 13,
    "value_font_size": 13,
    "no_data_font_size": 16,
    "opacity": "1",
    "opacity_hover": "1",
    "transition": "0s",
}
_SVG = "{http://www.w3.org/2000/svg}"
_DASHES = ("", "8, 5", "2, 4")


@dataclass(frozen=True, slots=True)
class Series:
    """One row of numbers with its name; None where there is none."""

    name: str
    values: Sequence[float | None]
    queries: Sequence[Mapping[str, str]] = ()
    """The lists of the queue behind the numbers, where there are any."""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a chart shows: its numbers are also its table."""

    name: str
    title: str
    description: str
    """What is to be seen, in a sentence."""
    labels: Sequence[str]
    series: Sequence[Series]
    is_share: bool = False


def drawn(chart: Chart, *, is_dark: bool) -> str:
    """Return a chart as SVG."""
    canvas = _canvas(chart, is_dark=is_dark)
    is_upwards = chart.name == "ages"  # lying bars are drawn from below: the first would be the last
    canvas.x_labels = list(chart.labels)[:: -1 if is_upwards else 1]
    for number, series in enumerate(chart.series):
        dashes = _DASHES[number % len(_DASHES)]
        stroke = {"width": 3} | ({"dasharray": dashes} if dashes else {})
        canvas.add(series.name, list(series.values)[:: -1 if is_upwards else 1], stroke_style=stroke)
    return _cleaned(canvas.render_tree(), chart)


def _cleaned(root: Any, chart: Chart) -> str:
    """Return the picture without the scripts and remarks that pygal adds, with its title and description."""
    for one in list(root.iter()):
        if one.tag in (etree.Comment, "script", _SVG + "script") and one.getparent() is not None:
            one.getparent().remove(one)
    for place, (tag, text) in enumerate((("title", chart.title), ("desc", chart.description))):
        element = etree.Element(_SVG + tag)
        element.text = text
        root.insert(place, element)
    root.set("role", "img")
    picture: str = etree.tostring(root, encoding="unicode")
    return picture


def _canvas(chart: Chart, *, is_dark: bool) -> Any:
    look = "dark" if is_dark else "light"
    colors = (_DARK if is_dark else _LIGHT) | ({"colors": _AGES[look]} if chart.name == "ages" else {})
    on_bars = colors["foreground" if chart.is_share else "background"]
    style = Style(**_SIZES, **colors, value_colors=(on_bars,) * 6)
    shared: dict[str, Any] = {
        "style": style,
        "js": (),
        "disable_xml_declaration": True,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 3,
        "width": 760,
        "height": 380,
        "margin": 12,
        "margin_bottom": 28,
        "margin_right": 44,
        "no_data_text": "nothing to show yet",
        "show_y_guides": True,
        "x_label_rotation": 40,
    }
    # From five on, the marks beside the axis are whole numbers.
    if chart.name == "ages":
        sums = [
            sum(value or 0 for value in values) for values in zip(*(one.values for one in chart.series), strict=True)
        ]
        shared["range"] = (0, max([*sums, 5]))
        height = 130 + 34 * max(len(chart.labels), 2)
        return HorizontalStackedBar(**(shared | {"height": height, "x_label_rotation": 0}))
    highest = max((value for series in chart.series for value in series.values if value is not None), default=0)
    shared["range"] = (0, 100) if chart.is_share else (0, max(highest, 5))
    if chart.name == "ahead":
        return Bar(print_values=True, print_zeroes=False, **shared)
    if chart.is_share:
        return Line(print_values=True, print_values_position="top", dots_size=4,
                    formatter=_share, value_formatter=_share, **shared)  # fmt: skip
    return Line(dots_size=4, **shared)


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.0f} %"
