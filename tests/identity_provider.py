"""A small OpenID provider on loopback that signs real tokens, and can be told to answer wrongly."""

import base64
import hashlib
import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import trustme
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "rightsdesk", "s/cret:+"


class IdentityProvider:
    def __init__(self, authority: trustme.CA, now: Callable[[], int]) -> None:
        self.now = now
        self.key = RSAKey.generate_key(2048, {"kid": "one"}, auto_kid=False)
        self.person: dict[str, Any] = {"sub": "u-1", "preferred_username": "Petra", "groups": ["privacy-team"]}
        self.claims: dict[str, Any] = {}
        """Laid over those of a right token."""
        self.signs_with: Any = None
        self.algorithm = "RS256"
        self.names_itself = ""
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(urlsplit(self.path).path)
                self._tell(provider.documents.get(urlsplit(self.path).path))

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self._tell(
                    provider.token({name: value[0] for name, value in form.items()}, self.headers["Authorization"])
                )

            def _tell(self, found: object) -> None:
                body = json.dumps(found).encode()
                self.send_response(200 if found is not None else 400)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.issuer = f"https://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def documents(self) -> dict[str, object]:
        return {
            "/.well-known/openid-configuration": {
                "issuer": self.names_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            },
            "/keys": {"keys": [self.key.as_dict(private=False, use="sig", alg="RS256")]},
        }

    def visit(self, address: str) -> str:
        """Log the person in, as they would; return where the browser is sent back to."""
        query = {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        back = urlsplit(query["redirect_uri"])
        return f"{back.path}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str | None) -> object:
        query = self.codes.pop(form.get("code", ""), None)
        own = base64.b64encode(b"rightsdesk:s%2Fcret%3A%2B").decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(
            b"="
        )
        if query is None or authorization != f"Basic {own}" or query["code_challenge"] != challenge.decode():
            return None
        if form["redirect_uri"] != query["redirect_uri"]:
            return None
        now = self.now()
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": query["nonce"]}
        key = self.signs_with or self.key
        header = {"alg": self.algorithm, "kid": key.kid if not isinstance(key, OctKey) else "one"}
        whole = {name: value for name, value in (claims | self.person | self.claims).items() if value is not None}
        is_signed = self.algorithm != "none"
        token = jwt.encode(header, whole, key, algorithms=[self.algorithm]) if is_signed else _unsigned(header, whole)
        return {"access_token": "opaque", "token_type": "Bearer", "id_token": token}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _unsigned(*parts: dict[str, Any]) -> str:
    return "".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") + "." for one in parts)
