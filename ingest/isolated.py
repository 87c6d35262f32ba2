"""A suspicious mail is read in a process of its own, which may run out of time or memory without harm to ours.

The process gets the mail on its standard input, no secrets in its environment, and gives its answer back pickled.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

MAX_SECONDS = 10
"""For each of the readings that are tried."""

_KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR")


class Exhausted(Exception):
    """The process needed more time or memory than it is allowed."""


def answer_of(module: str, raw: bytes, arguments: Sequence[str]) -> Any:
    """Return what a module, run as a program under limits, answers for a mail. Raises Exhausted."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    environment = {name: value for name in _KEPT if (value := os.environ.get(name))}
    environment["PYTHONPATH"] = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109 - text wanted
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=raw,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MAX_SECONDS,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise Exhausted from error
    return pickle.loads(done.stdout)  # noqa: S301 - written by our own module
