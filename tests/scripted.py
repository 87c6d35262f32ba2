"""A server that says what a test tells it to: for answers that no real server can be made to give."""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Self

Answer = bytes | Callable[[str], bytes] | None
"""What precedes the tagged OK; or the whole answer, made from the tag; or the end of the line."""


class Scripted:
    """Greets, then answers each line by the longest command of the script in it; silent where there is none."""

    def __init__(self, script: Mapping[str, Answer], *, greeting: bytes = b"* OK ready\r\n") -> None:
        self.script = script
        self.greeting = greeting
        self.lines: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.port: int = self._server.getsockname()[1]

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        for line in self._open:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
        self._thread.join()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._server.accept()
                self._open.append(line)
                with line, suppress(OSError):
                    self._converse(line)

    def _converse(self, line: socket.socket) -> None:
        line.sendall(self.greeting)
        with line.makefile("rb") as file:
            for raw in file:
                said = raw.decode().rstrip("\r\n")
                self.lines.append(said)
                found = max((key for key in self.script if key in said), key=len, default=None)
                if found is None:
                    continue
                answer, tag = self.script[found], said.partition(" ")[0]
                if answer is None:
                    return
                line.sendall(answer(tag) if callable(answer) else answer + f"{tag} OK done\r\n".encode())
