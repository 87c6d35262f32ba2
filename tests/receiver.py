"""A real HTTP server on loopback that takes web hooks as another program would: checks signatures, fails when told."""

import base64
import hashlib
import hmac
import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    secret: bytes
    tls: ssl.SSLContext | None = None
    answers: list[int] = field(default_factory=list)
    """For the next events: the status to answer with; 0 = cut the line, -1 = no answer until `patience` is set."""
    got: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    """What was taken: number and body."""
    offered: list[str] = field(default_factory=list)
    patience: threading.Event = field(default_factory=threading.Event)
    before_answer: Callable[[], None] = lambda: None
    """Called with every event that is taken, before the sender hears of it."""

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = receiver.take(self.headers, body)  # type: ignore[arg-type]
                if status <= 0:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        if self.tls:
            self.server.socket = self.tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        scheme, host = ("https", "localhost") if self.tls else ("http", "127.0.0.1")
        return f"{scheme}://{host}:{self.server.server_port}/hooks/secret-path"

    def stop(self) -> None:
        self.patience.set()
        self.server.shutdown()
        self.server.server_close()

    def take(self, headers: dict[str, str], body: bytes) -> int:
        number, at = headers["webhook-id"], headers["webhook-timestamp"]
        digest = hmac.new(self.secret, f"{number}.{at}.".encode() + body, hashlib.sha256).digest()
        assert f"v1,{base64.b64encode(digest).decode()}" in headers["webhook-signature"].split()
        self.offered.append(number)
        status = self.answers.pop(0) if self.answers else 204
        if status == -1:
            self.patience.wait(60)
        if 200 <= status < 300:
            self.got.append((number, json.loads(body)))
            self.before_answer()
        return status

    @property
    def types(self) -> list[str]:
        return [body["type"] for _, body in self.got]
