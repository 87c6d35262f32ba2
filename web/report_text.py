"""The annual report as a page to print, as CSV, and as Markdown: the same tables, the same words."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cases.annual import Annual
from web.csv_text import csv_text
from web.templating import templates_of

_SHEET = Path(__file__).parent / "desk" / "static" / "report.css"


def as_csv(report: Annual) -> str:
    """Return the report as rows: section, figure, column, value."""
    rows = [
        (section.words.title, row[0], column, value)
        for section in report.sections
        for row in section.rows
        for column, value in zip(section.columns, row[1:], strict=True)
    ]
    return csv_text(("section", "figure", "column", "value"), rows)


def as_markdown(report: Annual) -> str:
    """Return the report as Markdown with pipe tables."""
    lines = [f"# {_plain(heading(report))}", "", as_of(report), ""]
    for section in report.sections:
        lines += [f"## {section.words.title}", "", section.words.formula, ""]
        lines += [_row(("", *section.columns)), _row(("---", *("---:" for _ in section.columns)))]
        lines += [_row(row) for row in section.rows]
        lines.append("")
    return "\n".join(lines)


def as_html(report: Annual) -> str:
    """Return the report as a page of its own, with its style in it: to keep, to send, to print."""
    page = templates_of("web.desk").get_template("annual_alone.html")
    return page.render(report=report, heading=heading(report), as_of=as_of(report), sheet=_SHEET.read_text("utf-8"))


def heading(report: Annual) -> str:
    """Return the title of the report."""
    return f"{report.title}: data protection report for {report.year}"


def as_of(report: Annual) -> str:
    """Return what the figures are as of."""
    whole = "" if report.is_whole else f" The year {report.year} is not over: figures are those so far."
    return f"Figures as of {report.as_of}, beside those of {report.year - 1}.{whole}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(_plain(cell) for cell in cells)} |"


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").split())


FORMATS: Mapping[str, tuple[str, Callable[[Annual], str]]] = {
    "html": ("text/html", as_html),
    "csv": ("text/csv", as_csv),
    "md": ("text/markdown", as_markdown),
}
"""How a report can be had: the type of its text, and what writes it."""
