"""The measuring: rounds in which every contender takes its turn, on an empty mailbox and on the full one.

What is timed is a whole process, from its start to its end. The empty mailbox shows what starting costs.
"""

import resource
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contenders import Contender, Task
from letterbox import Count
from machine import fsync_seconds
from mailbag import BenchmarkMail
from stage import Stage

PATIENCE = 900.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One contender's turn in one round."""

    name: str
    round: int
    seconds: float
    """From the start of the process to its end."""
    start_seconds: float
    """The same on an empty mailbox."""
    cpu_seconds: float
    """Of the contender's processes; the servers' are not in it."""
    stored: int
    letters: Count
    fsync_ms: float
    """What the disk took to keep a small write, just before."""

    @property
    def warm_seconds(self) -> float:
        return self.seconds - self.start_seconds


def play(
    contenders: Sequence[Contender], mails: Sequence[BenchmarkMail], stage: Stage, rounds: int, folder: Path
) -> Iterator[Turn]:
    """Yield the turns; each round begins with another contender, so that none always has the quietest moment."""
    for number in range(rounds):
        first = number % len(contenders)
        for contender in [*contenders[first:], *contenders[:first]]:
            yield _turn(contender, mails, stage, number, folder / contender.name)


def _turn(contender: Contender, mails: Sequence[BenchmarkMail], stage: Stage, number: int, folder: Path) -> Turn:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    stage.deliver([])
    task = contender.task(folder)
    task.run(PATIENCE)  # fills the caches of the file system
    start_seconds, _, _ = _timed(task)
    stage.deliver(mails)
    before, fsync_ms = stage.letterbox.count, round(fsync_seconds(folder) * 1000, 2)
    seconds, cpu_seconds, output = _timed(task)
    letters, stored = stage.letterbox.count.since(before), contender.stored(folder, output)
    shutil.rmtree(folder)
    return Turn(contender.name, number, seconds, start_seconds, cpu_seconds, stored, letters, fsync_ms)


def _timed(task: Task) -> tuple[float, float, str]:
    began, cpu_began = time.perf_counter(), _cpu_of_ended_processes()
    output = task.run(PATIENCE)
    return time.perf_counter() - began, _cpu_of_ended_processes() - cpu_began, output


def _cpu_of_ended_processes() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
