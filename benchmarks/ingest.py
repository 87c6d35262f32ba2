"""How fast a full mailbox is worked off: rightsdesk, the limit of the machine, and two peers, in one run on loopback.

Usage: python benchmarks/ingest.py [--mails N] [--runs N] [--seed N] [--requests SHARE] [--only NAME ...]
                                   [--databases FOLDER]
Prints a table and writes a JSON file to benchmarks/results. See README.md beside this file for what is compared.

This file hides our package of the same name from the modules beside it: they must not import `ingest`.
"""

import argparse
import hashlib
import json
import os
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from contenders import NAMES, make_contender
from machine import machine_facts, versions
from mailbag import BenchmarkMail, make_mails
from report import as_json, results, show
from rounds import Turn, play
from stage import opened_stage

HERE = Path(__file__).parent
RESULTS = HERE / "results"
MOST_MAILS, MOST_RUNS = 5000, 15


def main() -> None:
    RESULTS.mkdir(exist_ok=True)
    options = _options()
    mails = make_mails(options.mails, options.seed, HERE.parent / "corpus", requests=options.requests)
    began, facts = datetime.now(UTC), machine_facts(options.databases)
    turns = _measure(options, mails)
    found = results(turns, len(mails))
    show(found, len(mails))
    file = RESULTS / f"ingest-{began:%Y%m%dT%H%M%S}.json"
    report = {
        "began_at": began.isoformat(timespec="seconds"),
        "machine": facts | {"load_after": round(os.getloadavg()[0], 2)},
        "versions": versions([name for name in options.only if name.startswith("django")]),
        "mails": _mail_facts(mails, options),
        "results": as_json(found),
        "turns": [asdict(turn) for turn in turns],
    }
    file.write_text(json.dumps(report, indent=1) + "\n")
    print(f"\n{facts['cores']} cores, {facts['cpu']}, Python {facts['python']}, fsync {facts['fsync_ms']} ms; in full:")
    print(file)


def _measure(options: argparse.Namespace, mails: list[BenchmarkMail]) -> list[Turn]:
    turns: list[Turn] = []
    with opened_stage() as stage, tempfile.TemporaryDirectory(dir=options.databases, prefix="run-") as folder:
        contenders = [make_contender(name, stage, mails, RESULTS) for name in options.only]
        for turn in play(contenders, mails, stage, options.runs, Path(folder)):
            print(f"round {turn.round + 1}: {turn.name} {turn.seconds:.2f} s", file=sys.stderr, flush=True)
            turns.append(turn)
    return turns


def _mail_facts(mails: list[BenchmarkMail], options: argparse.Namespace) -> dict[str, object]:
    return {
        "count": len(mails),
        "requests": sum(mail.is_request for mail in mails),
        "bytes": sum(len(mail.raw) for mail in mails),
        "seed": options.seed,
        "sha256": hashlib.sha256(b"".join(mail.raw for mail in mails)).hexdigest(),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure how fast a full mailbox is worked off.")
    parser.add_argument("--mails", type=int, default=500, help=f"how many mails, at most {MOST_MAILS} (500)")
    parser.add_argument("--runs", type=int, default=3, help=f"rounds to take the median of, at most {MOST_RUNS} (3)")
    parser.add_argument("--seed", type=int, default=1, help="which mails (1)")
    parser.add_argument("--requests", type=float, default=0.6, help="share of mails that are owed a letter (0.6)")
    parser.add_argument("--only", nargs="+", choices=NAMES, default=list(NAMES), help="which contenders (all)")
    parser.add_argument(
        "--databases", type=Path, default=RESULTS, help="where databases lie: /dev/shm leaves out the disk"
    )
    options = parser.parse_args()
    if not (10 <= options.mails <= MOST_MAILS and 1 <= options.runs <= MOST_RUNS and 0 <= options.requests <= 1):
        parser.error(f"10 to {MOST_MAILS} mails, 1 to {MOST_RUNS} runs, requests between 0 and 1")
    return options


if __name__ == "__main__":
    main()
