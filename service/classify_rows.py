"""The machine form of classification: JSON rows or .eml files in, answers out, in order and as they are ready.

A bad row gives `{"id", "error"}` and the rest goes on. Rows become real messages and are parsed like live mail.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from classify.folding import WIDE_RIGHTS, folded, folded_scores
from classify.judge import Judging
from ingest.parse import parse
from models.mail import ParsedMail
from models.verdict import Verdict
from service.made_messages import message_bytes

BATCH = 64
Answer = dict[str, object]


class BadRow(Exception):
    """A row cannot be understood; the message says why, without repeating its content."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, read: a mail, or the reason why there is none."""

    id: object
    mail: ParsedMail | None = None
    error: str = ""


def classified_rows(judge: Judging, lines: Iterable[str]) -> Iterator[Answer]:
    """Answer JSON rows, one a line; blank lines are passed over."""
    return _answers(judge, (_row(line) for line in lines if line.strip()))


def classified_files(judge: Judging, paths: Iterable[Path]) -> Iterator[Answer]:
    """Answer .eml files; the id is the path as given."""
    return _answers(judge, (_file(path) for path in paths))


def answer_of(row_id: object, verdict: Verdict) -> Answer:
    """Return a verdict in the machine form: wide labels, rounded scores."""
    labels = folded(verdict.labels)
    reasons = dict.fromkeys((folded([reason.label])[0], reason.sentence) for reason in verdict.reasons)
    return {
        "id": row_id,
        "language": verdict.language,
        "labels": [label.value for label in labels],
        "scores": {label.value: round(score, 4) for label, score in folded_scores(verdict.scores).items()},
        "is_rights_request": bool(set(labels).intersection(WIDE_RIGHTS)),
        "needs_review": verdict.needs_review,
        "fields": asdict(verdict.fields),
        "reasons": [{"label": label.value, "sentence": sentence} for label, sentence in reasons],
        "hints": [{"hint": hint.value, "sentence": sentence} for hint, sentence in verdict.hints.items()],
    }


def _answers(judge: Judging, rows: Iterator[_Row]) -> Iterator[Answer]:
    while batch := list(islice(rows, BATCH)):
        verdicts = iter(judge.judge_many([row.mail for row in batch if row.mail is not None]))
        for row in batch:
            yield {"id": row.id, "error": row.error} if row.mail is None else answer_of(row.id, next(verdicts))


def _row(line: str) -> _Row:
    row_id: object = None
    try:
        values = json.loads(line)
        if not isinstance(values, dict):
            raise BadRow("the row is not an object")
        row_id = values.get("id")
        return _Row(row_id, _mail(values))
    except BadRow as error:
        return _Row(row_id, error=str(error))
    except (ValueError, RecursionError):
        return _Row(None, error="the row is not JSON")


def _mail(values: dict[str, object]) -> ParsedMail:
    if not isinstance(values.get("id"), str | int):
        raise BadRow("the row has no id")
    if "subject" not in values and "body" not in values:
        raise BadRow("the row has neither subject nor body")
    raw = message_bytes(
        _text(values, "from"), _text(values, "subject"), _text(values, "body"), _names(values.get("attachments"))
    )
    return _readable(raw)


def _text(values: dict[str, object], key: str) -> str:
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        raise BadRow(f"{key} is not a text")
    return value or ""


def _names(value: object) -> Sequence[str]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise BadRow("attachments is not a list of names")
    return value


def _readable(raw: bytes) -> ParsedMail:
    mail = parse(raw)
    if mail.unreadable:
        raise BadRow(mail.unreadable)
    return mail


def _file(path: Path) -> _Row:
    try:
        return _Row(str(path), _readable(path.read_bytes()))
    except OSError as error:
        return _Row(str(path), error=f"the file cannot be read: {error.strerror}")
    except BadRow as error:
        return _Row(str(path), error=str(error))
