"""The program that reads one suspicious mail: mail on standard input, pickled answer on standard output.

Started by `isolated.answer_of` only. It limits its own memory and time before it looks at the mail.
"""

import pickle
import resource
import sys
import threading

from ingest.isolated import MAX_SECONDS
from ingest.parse import content_here, face_here, read_here, read_plainly
from models.mail import ParsedMail, RichFace

MAX_MEMORY = 3 * 1024**3
STACK = 512 * 1024**2
RECURSION = 30_000


def main(arguments: list[str]) -> None:
    """Answer for the mail on standard input."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS + 1, MAX_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.setrecursionlimit(RECURSION)
    threading.stack_size(STACK)
    raw = sys.stdin.buffer.read()
    worker = threading.Thread(target=_write_answer, args=(raw, arguments))
    worker.start()
    worker.join()


def _write_answer(raw: bytes, arguments: list[str]) -> None:
    pickle.dump(_answer(raw, arguments), sys.stdout.buffer)
    sys.stdout.buffer.flush()


def _answer(raw: bytes, arguments: list[str]) -> ParsedMail | RichFace | bytes | None:
    match arguments:
        case ["attachment", number]:
            return content_here(raw, int(number))
        case ["html", charset]:
            return face_here(raw, charset)
        case ["plain", charset]:
            return read_plainly(raw, charset)
        case _:
            return read_here(raw, arguments[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
