"""The labelled mails in `corpus/`, read into frozen rows.

In: a folder `<part>/<language>/<topic>.mails` as `corpus/GUIDE.md` describes it. Out: `CorpusMail`. A malformed
block is refused with its file and line; nothing is guessed, because a wrong label is learnt as if it were true.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from models.errors import PermanentFailure
from models.verdict import Hint, Label

SINGLE_KEYS = frozenset(
    {
        *("labels", "scenario", "register", "from", "subject", "attachments", "name", "account_email"),
        *("address", "phone", "deadline", "company", "authority", "regulation", "hints"),
    }
)
REQUIRED_KEYS = ("labels", "scenario", "register", "from", "subject")
FIELD_KEYS = ("name", "account_email", "address", "phone", "deadline", "company", "authority", "regulation")
CORRECTED = "correction"
"""The register of mails that staff have corrected: their labels are known, their fields are not."""
REGULATIONS = frozenset({"GDPR", "UK GDPR", "CCPA", "LGPD", "DSG", "PIPEDA"})
ALONE = frozenset({Label.OTHER, Label.AUTO, Label.SPAM})
"""Labels that never stand beside another one."""


class CorpusError(PermanentFailure):
    """A corpus file breaks the format; the message names the file, the line and the rule."""


@dataclass(frozen=True, slots=True)
class CorpusMail:
    """One labelled mail; `fields` holds what the annotator found, by the keys of the format."""

    id: str
    language: str
    labels: tuple[Label, ...]
    scenario: str
    register: str
    sender: str
    subject: str
    body: str
    attachments: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    hints: frozenset[Hint] = frozenset()

    def annotated(self, key: str) -> str | None:
        """Return an annotated field, None where the mail has none."""
        return next((value for name, value in self.fields if name == key), None)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands, for messages."""

    path: Path
    line: int

    def error(self, rule: str, offset: int = 0) -> CorpusError:
        """Return the error of a broken rule, with the place of the block."""
        return CorpusError(f"{self.path}:{self.line + offset}: {rule}")


def read_corpus(folder: Path) -> tuple[CorpusMail, ...]:
    """Return every mail under `folder`, in the order of file names; raise `CorpusError` at the first fault."""
    mails: list[CorpusMail] = []
    seen: dict[str, _Place] = {}
    for path in sorted(folder.rglob("*.mails")):
        for place, mail in _read_file(path):
            if mail.id in seen:
                first = seen[mail.id]
                raise place.error(f"id {mail.id} stands already in {first.path}:{first.line}")
            seen[mail.id] = place
            mails.append(mail)
    if not mails:
        raise CorpusError(f"no .mails file with a mail under {folder}")
    return tuple(mails)


def _read_file(path: Path) -> Iterator[tuple[_Place, CorpusMail]]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CorpusError(f"{path}: not UTF-8 at byte {error.start}") from error
    block: list[str] = []
    place = _Place(path, 1)
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith("=== "):
            yield from _finished(place, block)
            block, place = [], _Place(path, number)
        block.append(line)
    yield from _finished(place, block)


def _finished(place: _Place, block: list[str]) -> Iterator[tuple[_Place, CorpusMail]]:
    """Yield the mail of a block; text before the first mark of a file must be blank."""
    if block and block[0].startswith("=== "):
        yield place, _mail(place, block)
    elif any(line.strip() for line in block):
        raise place.error("text before the first '=== id' line")


def _mail(place: _Place, block: list[str]) -> CorpusMail:
    if "---" not in block:
        raise place.error("no '---' line between the keys and the body")
    end = block.index("---")
    values, headers = _keys(place, block[1:end])
    for key in REQUIRED_KEYS:
        if key not in values:
            raise place.error(f"no {key}: line")
    return CorpusMail(
        id=block[0][4:].strip(),
        language=place.path.parent.name,
        labels=_labels(place, values["labels"]),
        scenario=values["scenario"],
        register=values["register"],
        sender=values["from"],
        subject=values["subject"],
        body="\n".join(block[end + 1 :]).strip("\n"),
        attachments=tuple(name.strip() for name in values.get("attachments", "").split(",") if name.strip()),
        headers=headers,
        fields=_fields(place, values),
        hints=_hints(place, values.get("hints", "")),
    )


def _keys(place: _Place, lines: list[str]) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    values: dict[str, str] = {}
    headers: list[tuple[str, str]] = []
    for offset, line in enumerate(lines, start=1):
        key, colon, value = line.partition(":")
        if key == "header" and ":" in value:
            name, _, content = value.partition(":")
            headers.append((name.strip(), content.strip()))
        elif colon and key in SINGLE_KEYS and key not in values:
            values[key] = value.strip()
        else:
            fault = "repeated" if key in values else "unknown"
            raise place.error(f"{fault} key {key[:30]!r}", offset)
    return values, tuple(headers)


def _labels(place: _Place, text: str) -> tuple[Label, ...]:
    try:
        labels = tuple(Label(word.strip()) for word in text.split(","))
    except ValueError as error:
        raise place.error(f"unknown label: {error}") from error
    if len(labels) > 1 and ALONE.intersection(labels):
        raise place.error("other, auto and spam stand alone")
    return tuple(dict.fromkeys(labels))


def _hints(place: _Place, text: str) -> frozenset[Hint]:
    try:
        return frozenset(Hint(word.strip()) for word in text.split(",") if word.strip())
    except ValueError as error:
        raise place.error(f"unknown hint: {error}") from error


def _fields(place: _Place, values: dict[str, str]) -> tuple[tuple[str, str], ...]:
    regulation = values.get("regulation")
    if regulation and regulation not in REGULATIONS:
        raise place.error(f"regulation must be one of {', '.join(sorted(REGULATIONS))}")
    return tuple((key, values[key]) for key in FIELD_KEYS if values.get(key))
