"""How long judging takes: ours, spaCy's text categorizer and TF-IDF with logistic regression, on the same mails.

Usage: python benchmarks/classifying.py [--mails N] [--runs N]
Mails of 150 words, made by joining held-out mails of a language, are judged in batches of 64 on one core. The peers
learn from corpus/train first, which is not timed. Prints the median processor time a mail, and the memory of a process
that does nothing but judge.

`ingest.py` beside this file would hide our package of that name: the path is mended before any import of ours.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path = [str(HERE.parent), *(path for path in sys.path if Path(path).resolve() != HERE)]

from threadpoolctl import threadpool_limits  # noqa: E402

from classify.corpus import CorpusMail, read_corpus  # noqa: E402
from classify.folding import folded  # noqa: E402
from classify.judge import Judge  # noqa: E402
from classify.reading import read  # noqa: E402
from ingest.parse import parse  # noqa: E402
from models.mail import ParsedMail  # noqa: E402
from service.made_messages import message_bytes  # noqa: E402

WORDS, BATCH = 150, 64


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long judging takes.")
    parser.add_argument("--mails", type=int, default=256, help="how many mails (256)")
    parser.add_argument("--runs", type=int, default=5, help="how often, to take the median of (5)")
    parser.add_argument("--memory", action="store_true", help="judge only, and print the memory it took in MB")
    options = parser.parse_args()
    mails = list(_mails(options.mails))
    if options.memory:
        _in_batches(mails, Judge.load().judge_many)
        print(_most_memory())
        return
    with threadpool_limits(1):
        _print_times(mails, options.runs)
    alone = [sys.executable, str(HERE / "classifying.py"), "--memory", "--mails", str(options.mails)]
    done = subprocess.run(alone, capture_output=True, text=True, check=True)
    print(f"memory of a process that judges: {done.stdout.strip()} MB")


def _most_memory() -> int:
    """Return the most memory this process ever had, in MB; what getrusage tells may be that of who started it."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) // 1024


def _print_times(mails: Sequence[ParsedMail], runs: int) -> None:
    from classify.training.peers import spacy_categorizer, tfidf_regression  # what trains would count as our memory
    from service.training import as_mail

    learnt = read_corpus(HERE.parent / "corpus" / "train")
    readings, labels = [read(as_mail(mail)) for mail in learnt], [folded(mail.labels) for mail in learnt]
    judges: dict[str, Callable[[Sequence[ParsedMail]], object]] = {"rightsdesk": Judge.load().judge_many}
    for peer in (spacy_categorizer(readings, labels), tfidf_regression(readings, labels)):
        judges[peer.name] = lambda batch, peer=peer: peer.label([read(mail) for mail in batch])  # type: ignore[misc]
    times: dict[str, list[float]] = {name: [] for name in judges}
    for _ in range(runs + 1):  # the first round loads what loads at first use
        for name, judge in judges.items():
            began = time.process_time()
            _in_batches(mails, judge)
            times[name].append((time.process_time() - began) / len(mails) * 1000)
    ours = statistics.median(times["rightsdesk"][1:])
    print(f"{len(mails)} mails of {WORDS} words, batches of {BATCH}, one core, median of {runs} runs")
    for name, values in times.items():
        median = statistics.median(values[1:])
        print(f"{name:30} {median:6.2f} ms a mail   {ours / median:5.1f} x its time is ours")


def _in_batches(mails: Sequence[ParsedMail], judge: Callable[[Sequence[ParsedMail]], object]) -> None:
    for start in range(0, len(mails), BATCH):
        judge(mails[start : start + BATCH])


def _mails(count: int) -> Iterator[ParsedMail]:
    """Yield mails of 150 words: the words of held-out mails of one language, joined and cut."""
    heldout = read_corpus(HERE.parent / "corpus" / "heldout")
    languages = sorted({mail.language for mail in heldout})
    words = {code: _words([mail for mail in heldout if mail.language == code]) for code in languages}
    for number in range(count):
        code = languages[number % len(languages)]
        text = [next(words[code]) for _ in range(WORDS)]
        lines = "\n".join(" ".join(text[start : start + 12]) for start in range(0, WORDS, 12))
        yield parse(message_bytes("Ida Holm <ida@mail.example>", f"Mail {number}", lines, (), ()))


def _words(mails: Sequence[CorpusMail]) -> Iterator[str]:
    while True:
        for mail in mails:
            yield from mail.body.split()


if __name__ == "__main__":
    main()
