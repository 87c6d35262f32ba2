"""A program that calls the interface over a real socket."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from typing import Any
from urllib.parse import urlsplit


@dataclass
class Answer:
    status: int
    headers: HTTPMessage
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def rows(self) -> Any:
        return self.json["rows"]


@dataclass
class Program:
    url: str
    token: str

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, body: object = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, json.dumps(body or {}).encode(), {"Content-Type": "application/json"} | named)

    def ask(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        own = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        line.request(method, path if path.startswith("/calendar") else f"/api/v1{path}", body, own | (headers or {}))
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        line.close()
        return Answer(answer.status, answer.headers, text)

    def walk(self, path: str) -> list[Any]:
        """Every row of a list, page by page."""
        rows: list[Any] = []
        link: str | None = path
        while link:
            page = self.get(link.removeprefix("/api/v1")).json
            rows += page["rows"]
            link = page["next"]
        return rows
