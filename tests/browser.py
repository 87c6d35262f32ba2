"""A browser without a screen: keeps cookies, does not follow where it is sent, fills forms as they stand on the page."""

import re
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlencode, urlsplit


@dataclass
class Page:
    status: int
    headers: HTTPMessage
    text: str
    raw: bytes = b""

    @property
    def words(self) -> str:
        """The text without tags, in one line."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def goes_to(self) -> str:
        return self.headers.get("Location") or ""

    def hidden(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        return unescape(found[1]) if found else ""


@dataclass
class Browser:
    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    """Sent with each request: what a proxy adds, or what the browser says it is."""

    def get(self, path: str) -> Page:
        return self._ask("GET", path, b"", {})

    def post(self, path: str, origin: str = "", **values: object) -> Page:
        pairs = [
            (name, one) for name, value in values.items() for one in (value if isinstance(value, list) else [value])
        ]
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Origin": origin} if origin else {})
        return self._ask("POST", path, urlencode(pairs).encode(), headers)

    def log_in(self, name: str, password: str, code: str = "") -> Page:
        return self.post("/login", name=name, password=password, code=code, next="/")

    def choose_password(self, name: str, given: str, own: str) -> Page:
        """Log in with a password that was given to somebody, and have them choose one of their own."""
        self.log_in(name, given)
        csrf = self.get("/password").hidden("csrf")
        return self.post("/password", csrf=csrf, old=given, new=own, again=own)

    def fill(self, reference: str, deed: str, **values: object) -> Page:
        """Do a deed with the form as it stands on the case's page."""
        page = self.get(f"/cases/{reference}")
        hidden = {"csrf": page.hidden("csrf"), "version": page.hidden("version")}
        return self.post(f"/cases/{reference}/{deed}", **(hidden | values))

    def upload(self, reference: str, deed: str, files: dict[str, bytes], **values: object) -> Page:
        """Do a deed with files that go along."""
        page = self.get(f"/cases/{reference}")
        fields = {"csrf": page.hidden("csrf"), "version": page.hidden("version")} | values
        return self.send(f"/cases/{reference}/{deed}", files, **fields)

    def send(self, path: str, files: dict[str, bytes], **values: object) -> Page:
        """Send a form with files that go along."""
        part = '--seam\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n'
        pieces = [part.format(name, "").encode() + str(value).encode() for name, value in values.items()]
        pieces += [part.format("files", f'; filename="{name}"').encode() + content for name, content in files.items()]
        body = b"\r\n".join([*pieces, b"--seam--\r\n"])
        return self._ask("POST", path, body, {"Content-Type": "multipart/form-data; boundary=seam"})

    def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Page:
        headers = self.headers | headers
        line = HTTPConnection(urlsplit(self.url).netloc, timeout=20)
        if self.cookies:
            headers = headers | {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        raw = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        line.close()
        return Page(answer.status, answer.headers, raw.decode("utf-8", "replace"), raw)
