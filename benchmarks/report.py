"""From turns to figures: medians over the rounds, and ratios taken within each round."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from contenders import Rightsdesk
from rich.console import Console
from rich.table import Table
from rounds import Turn


@dataclass(frozen=True, slots=True)
class Result:
    """One contender's figures."""

    name: str
    mails_per_second: float
    seconds: float
    start_seconds: float
    warm_mails_per_second: float
    warm_seconds: float
    cpu_seconds: float
    stored: int
    letters: int
    smtp_connections: int
    letter_bytes: int
    """On average."""
    our_speed: float | None
    """Ours divided by theirs, 1.5 = we do half as many again; None where ours was not measured."""
    our_warm_speed: float | None


def results(turns: Sequence[Turn], mails: int) -> list[Result]:
    names = list(dict.fromkeys(turn.name for turn in turns))
    return [_result([turn for turn in turns if turn.name == name], turns, mails) for name in names]


def _result(own: Sequence[Turn], turns: Sequence[Turn], mails: int) -> Result:
    seconds, warm = _median(own, lambda turn: turn.seconds), _median(own, lambda turn: turn.warm_seconds)
    last = own[-1]
    return Result(
        name=last.name,
        mails_per_second=round(mails / seconds, 1),
        seconds=round(seconds, 2),
        start_seconds=round(_median(own, lambda turn: turn.start_seconds), 2),
        warm_mails_per_second=round(mails / warm, 1),
        warm_seconds=round(warm, 2),
        cpu_seconds=round(_median(own, lambda turn: turn.cpu_seconds), 2),
        stored=min(turn.stored for turn in own),
        letters=min(turn.letters.letters for turn in own),
        smtp_connections=last.letters.connections,
        letter_bytes=round(last.letters.size / max(last.letters.letters, 1)),
        our_speed=_ratio(own, turns, lambda turn: turn.seconds),
        our_warm_speed=_ratio(own, turns, lambda turn: turn.warm_seconds),
    )


def _median(turns: Sequence[Turn], of: Callable[[Turn], float]) -> float:
    return median(of(turn) for turn in turns)


def _ratio(theirs: Sequence[Turn], turns: Sequence[Turn], of: Callable[[Turn], float]) -> float | None:
    """Return the median over the rounds, since the machine may be busier in one round than in another."""
    ours = {turn.round: turn for turn in turns if turn.name == Rightsdesk.name}
    pairs = [(turn, ours[turn.round]) for turn in theirs if turn.round in ours]
    return round(median(of(turn) / of(our) for turn, our in pairs), 2) if pairs else None


def show(found: Sequence[Result], mails: int) -> None:
    table = Table(
        "", "mails/s", "seconds", "start", "warm mails/s", "CPU s", "stored", "letters", "ours is", "ours is, warm",
        box=None, header_style="bold", pad_edge=False,
    )  # fmt: skip
    for each in found:
        table.add_row(
            each.name,
            f"{each.mails_per_second:.1f}",
            f"{each.seconds:.2f}",
            f"{each.start_seconds:.2f}",
            f"{each.warm_mails_per_second:.1f}",
            f"{each.cpu_seconds:.2f}",
            str(each.stored) if each.stored == mails else f"{each.stored} of {mails}!",
            str(each.letters),
            _times(each.our_speed),
            _times(each.our_warm_speed),
        )
    Console(width=120).print(table)


def as_json(found: Sequence[Result]) -> list[dict[str, object]]:
    return [asdict(each) for each in found]


def _times(ratio: float | None) -> str:
    return "-" if ratio is None else f"{ratio:.2f} x"
