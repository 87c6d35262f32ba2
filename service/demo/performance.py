"""The course of the demo: mails come in one after another, and the service is watched until the last one is settled."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from threading import Event

from models.message import Outcome
from service.demo.display import Display
from service.demo.overview import Overview, Row
from service.demo.samples import Sample
from service.demo.servers import MailProvider
from service.desk import Desk

_LOOK_EVERY = 0.2
_PATIENCE = 60.0

Condition = Callable[[Sequence[Row]], bool]


@dataclass(frozen=True, slots=True)
class Review:
    """How it went; `problems` is empty where every mail came to its expected end."""

    summary: str
    problems: tuple[str, ...]


class Performance:
    """Delivers samples to a provider and watches a desk handle them."""

    def __init__(self, provider: MailProvider, desk: Desk, display: Display, stop: Event) -> None:
        """Take where mails go, who handles them, where it is shown, and what ends it early."""
        self._provider = provider
        self._desk = desk
        self._display = display
        self._stop = stop
        self._overview = Overview(desk)
        self._delivered: list[tuple[Sample, int]] = []

    def play(self, samples: Sequence[Sample], pause: float) -> Review:
        """Deliver the samples with a pause after each; return how they ended."""
        began = time.monotonic()
        for sample in samples:
            if not self._watch_until(lambda rows, file=sample.after: self._is_settled(rows, file)):  # type: ignore[misc]
                break
            self._deliver(sample)
            self._watch_for(pause)
        else:
            self._watch_until(self._are_all_settled)
        return self._review(samples, time.monotonic() - began)

    def rows(self) -> list[Row]:
        """Return how things stand."""
        return self._overview.rows()

    def stay(self) -> None:
        """Tell of each further mail, until the end is asked for."""
        while not self._stop.wait(_LOOK_EVERY):
            self._display.tell_new(self._overview.rows())

    def _deliver(self, sample: Sample) -> None:
        predecessor = self._row_of(self._overview.rows(), sample.after)
        now = self._desk.now()
        raw = sample.as_delivered(
            now,
            acknowledgement=predecessor.acknowledgement_id if predecessor else "",
            reference=predecessor.reference if predecessor else "",
        )
        self._delivered.append((sample, self._provider.deliver(sample.address, raw, now)))

    def _watch_for(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        self._watch_until(lambda _rows: time.monotonic() >= end)

    def _watch_until(self, condition: Condition) -> bool:
        """Show how things stand until a condition holds; false where the end was asked for or nothing moves."""
        last: list[Row] = []
        deadline = time.monotonic() + _PATIENCE
        while not self._stop.is_set() and time.monotonic() < deadline:
            rows = self._overview.rows()
            self._display.watch(rows)
            if condition(rows):
                return True
            if rows != last:
                last, deadline = rows, time.monotonic() + _PATIENCE
            self._stop.wait(_LOOK_EVERY)
        return False

    def _is_settled(self, rows: Sequence[Row], file: str) -> bool:
        row = self._row_of(rows, file)
        return not file or (row is not None and row.is_settled)

    def _are_all_settled(self, rows: Sequence[Row]) -> bool:
        return len(rows) >= len(self._delivered) and all(row.is_settled for row in rows)

    def _row_of(self, rows: Sequence[Row], file: str) -> Row | None:
        for sample, uid in self._delivered:
            if sample.file == file:
                return _at(rows, sample.mailbox, uid)
        return None

    def _review(self, samples: Sequence[Sample], seconds: float) -> Review:
        rows = self._overview.rows()
        written, arrived = self._overview.letter_ids(), self._provider.letters_arrived()
        with self._desk.database.reading() as session:
            chain = self._desk.audit.verify(session)
        summary = (
            f"{len(rows)} mails, {sum(row.outcome is Outcome.CASE for row in rows)} cases, "
            f"{len(written & arrived)} acknowledgements, {seconds:.1f} seconds; "
            f"audit chain of {chain.entries} entries {'BROKEN' if chain.problem else 'intact'}"
        )
        if self._stop.is_set():
            return Review(summary, (f"ended early, after {len(self._delivered)} of {len(samples)} sample mails",))
        missing = f"{len(written - arrived)} of {len(written)} acknowledgements did not arrive"
        told = ([missing] if written - arrived else []) + ([chain.problem] if chain.problem else [])
        return Review(summary, (*self._unexpected(samples, rows), *told))

    def _unexpected(self, samples: Sequence[Sample], rows: Sequence[Row]) -> Iterator[str]:
        """Tell of each sample that did not come to its expected end."""
        uids = {(sample.file, sample.mailbox): uid for sample, uid in self._delivered}
        for sample in samples:
            uid = uids.get((sample.file, sample.mailbox))
            row = _at(rows, sample.mailbox, uid) if uid else None
            if row is None or row.outcome not in sample.ends_as:
                became = f"became {row.outcome}" if row else "was never read"
                yield f"{sample.file}: expected {' or '.join(sample.ends_as)}, {became}"


def _at(rows: Sequence[Row], mailbox: str, uid: int) -> Row | None:
    return next((row for row in rows if (row.mailbox, row.uid) == (mailbox, uid)), None)
