"""The page of a measurement: every figure as a table, the important ones as pictures.

Comes in: an `Evaluation`. Goes out: `README.md` and pictures in a folder. Needs matplotlib, which comes with the tools
for development.
"""

from collections.abc import Iterator
from pathlib import Path

from classify.training.counting import Counts
from classify.training.evaluation import Evaluation
from classify.training.tables import markdown_table, percent, share_cell
from models.errors import SettingsError

_INTRODUCTION = """# How well mails are judged

Written by `rightsdesk evaluate --peers corpus/train --report docs/evaluation`. The mails are those of
[corpus/heldout](../../corpus/DATASHEET.md): invented, written by other hands than the training mails, never trained on.
Intervals hold 95 of 100 times. Labels as scripts see them: objection to marketing and to automated decisions count as
objection, wiping a chat as erasure.
"""


def write_page(found: Evaluation, folder: Path) -> None:
    """Write the page and its pictures; raises SettingsError where matplotlib is missing."""
    try:
        from classify.training import pictures  # noqa: PLC0415 - matplotlib is there for development only
    except ImportError as error:
        raise SettingsError("--report draws pictures and needs matplotlib: pip install matplotlib") from error
    folder.mkdir(parents=True, exist_ok=True)
    pictures.draw_labels(found, folder / "labels.png")
    pictures.draw_reliability(found, folder / "reliability.png")
    pictures.draw_registers(found, folder / "registers.png")
    (folder / "README.md").write_text("\n".join(_page(found)) + "\n", encoding="utf-8")


def _page(found: Evaluation) -> Iterator[str]:
    yield _INTRODUCTION
    yield f"Model {found.model_version}, {found.mails} mails, {found.requests} of them rights requests.\n"
    yield "## In short\n"
    yield _in_short(found)
    yield "\nThe peers learn from the same training mails and see the same cleaned text."
    yield "Nothing of theirs goes to a person.\n"
    yield from _labels(found)
    yield from _registers(found)
    yield from _chances(found)
    yield from _fields(found)
    yield "\n## What is taken for what\n"
    yield "The commonest errors; `-` means that a label was missed, or said in addition, with nothing in its place.\n"
    rows = [(true, said, str(count)) for true, said, count in found.confusions]
    yield markdown_table(("true", "said", "mails"), rows)


def _in_short(found: Evaluation) -> str:
    low, high = found.macro_f1_range
    ours = (
        "**rightsdesk**",
        f"**{found.macro_f1:.3f}** ({low:.3f} to {high:.3f})",
        share_cell(found.flagged.hits, found.flagged.true),
        f"{found.missed} at {percent(found.review_rate)} review",
        share_cell(found.flagged.hits, found.flagged.said),
        f"{found.milliseconds_per_mail:.1f}",
    )
    peers = [
        (
            peer.name,
            f"{peer.macro_f1:.3f} ({peer.macro_f1_range[0]:.3f} to {peer.macro_f1_range[1]:.3f})",
            share_cell(peer.flagged.hits, peer.flagged.true),
            f"{peer.flagged.missed} without review",
            share_cell(peer.flagged.hits, peer.flagged.said),
            f"{peer.milliseconds_per_mail:.1f}",
        )
        for peer in found.peers
    ]
    head = ("", "macro-F1", "requests recognised", "requests missed", "rightly taken for one", "ms a mail")
    return markdown_table(head, [ours, *peers])


def _labels(found: Evaluation) -> Iterator[str]:
    yield "## By label\n\n![F1 of each label](labels.png)\n"
    languages = list(found.macro_f1_by_language)
    rows = [
        (
            label,
            str(by["all"].true),
            share_cell(by["all"].hits, by["all"].said),
            share_cell(by["all"].hits, by["all"].true),
            f"**{by['all'].f1:.2f}**",
            *(_f1(by[code]) for code in languages),
        )
        for label, by in found.counts.items()
    ]
    total = ("macro-F1", "", "", "", f"**{found.macro_f1:.2f}**")
    rows.append((*total, *(f"{found.macro_f1_by_language[code]:.2f}" for code in languages)))
    yield markdown_table(("label", "mails", "precision", "recall", "F1", *languages), rows)


def _registers(found: Evaluation) -> Iterator[str]:
    yield "\n## By the way it is written\n\n![Requests found by register](registers.png)\n"
    yield "Rights requests recognised or shown to a person. [What the registers are](../../corpus/GUIDE.md).\n"
    rows = [(name, str(one.true), share_cell(one.hits, one.true)) for name, one in found.found_by_register.items()]
    yield markdown_table(("register", "requests", "found or shown"), rows)
    leak = percent(found.quote_leak)
    yield f"\nWith a request quoted below them, {leak} of the mails that ask for nothing became one.\n"
    registers = list(found.found_by_register)
    table = [
        (label, *(_f1(by[name]) if name in by else "-" for name in registers))
        for label, by in found.counts_by_register.items()
    ]
    yield "F1 by label and register, where there is any such mail:\n"
    yield markdown_table(("label", *registers), table)


def _chances(found: Evaluation) -> Iterator[str]:
    yield "\n## What probabilities are worth\n\n![Reliability](reliability.png)\n"
    rows = [(f"{tenth.chance:.2f}", f"{tenth.true:.2f}", str(tenth.count)) for tenth in found.reliability]
    yield markdown_table(("probability, mean", "came true", "label and mail"), rows)
    yield f"\nExpected calibration error: {found.calibration_error:.3f}."


def _fields(found: Evaluation) -> Iterator[str]:
    yield "\n## Fields\n"
    yield f"The language is right in {percent(found.language_right)} of mails of six words or more.\n"
    rows = [
        (name, str(one.true), share_cell(one.hits, one.said), share_cell(one.hits, one.true))
        for name, one in found.fields.items()
    ]
    yield markdown_table(("field", "noted", "precision", "recall"), rows)
    yield "\nHints: what staff should know before they handle a mail.\n"
    rows = [
        (name, str(one.true), share_cell(one.hits, one.said), share_cell(one.hits, one.true))
        for name, one in found.hints.items()
    ]
    yield markdown_table(("hint", "marked", "precision", "recall"), rows)


def _f1(counts: Counts) -> str:
    return f"{counts.f1:.2f}" if counts.true or counts.extra else "-"
