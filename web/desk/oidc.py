"""Logging in by an identity provider (OpenID Connect Core 1.0): authorization code with PKCE, state and nonce.

Comes in: what is configured, and what the provider answers. Goes out: who somebody is, from an ID token whose
signature, issuer, audience, time and nonce hold; everything else is refused in words. Connections go to the provider
alone, TLS verified.
"""

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from models.errors import NotAllowed
from models.staff import OidcRules, Role
from store.tls import verified_tls
from store.vault import Vault

_SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""By a key pair: never `none`, and never by a secret that others know, too."""
_TIMEOUT = 10.0
_KEPT_SECONDS = 3600.0
_LEEWAY = 60
_AT_MOST = timedelta(minutes=10)
_MOST_USED = 10_000
_REFUSED = "the identity provider's answer does not hold"


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody is, by a token that holds."""

    issuer: str
    subject: str
    name: str
    role: Role
    organisation: str


class Provider:
    """One identity provider."""

    def __init__(self, rules: OidcRules, vault: Vault) -> None:
        """Take the rules; nothing is connected yet."""
        self.rules = rules
        self._vault = vault
        self._lock = Lock()
        self._kept: dict[str, tuple[float, dict[str, Any]]] = {}
        self._used: dict[str, datetime] = {}

    def begin(self, back: str, target: str, now: datetime) -> tuple[str, str]:
        """Return the address to send a browser to, and what it must bring back, sealed; raises NotAllowed."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        query = {
            "response_type": "code",
            "client_id": self.rules.client_id,
            "redirect_uri": back,
            "scope": " ".join(self.rules.scopes),
            "state": state,
            "nonce": nonce,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
        }
        address = self._endpoint("authorization_endpoint")
        kept = json.dumps([state, nonce, verifier, target, now.timestamp()])
        whole = f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"
        return whole, self._vault.seal_secret(kept.encode()).hex()

    def finish(self, sealed: bytes, query: Mapping[str, str], back: str, now: datetime) -> tuple[Claimed, str]:
        """Return who came back and where to; raises NotAllowed, and PermanentFailure for a forged seal."""
        state, nonce, verifier, target, begun = json.loads(self._vault.open_secret(sealed))
        if not secrets.compare_digest(query.get("state", "").encode(), state.encode()):
            raise NotAllowed("this log-in was not begun in this browser: begin again")
        if now.timestamp() - begun > _AT_MOST.total_seconds():
            raise NotAllowed("this log-in took too long: begin again")
        self._use(state, now)
        if "code" not in query:
            raise NotAllowed("the identity provider did not let you in")
        claims = self._claims(self._token(query["code"], verifier, back), nonce, now)
        return self._claimed(claims), target

    def _use(self, state: str, now: datetime) -> None:
        """Let a state count once; raises NotAllowed."""
        with self._lock:
            self._used = {one: at for one, at in self._used.items() if now - at < _AT_MOST}
            if state in self._used or len(self._used) >= _MOST_USED:
                raise NotAllowed("this log-in was used already: begin again")
            self._used[state] = now

    def _token(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        own = (quote(self.rules.client_id, safe=""), quote(self.rules.client_secret, safe=""))
        auth = own if self.rules.client_secret else None
        if auth is None:
            form["client_id"] = self.rules.client_id
        return self._asked("POST", self._endpoint("token_endpoint"), data=form, auth=auth)

    def _claims(self, token: Mapping[str, Any], nonce: str, now: datetime) -> Mapping[str, Any]:
        """Return the claims of an ID token that holds; raises NotAllowed."""
        try:
            read = self._read(str(token.get("id_token", "")))
            options = {"iss": {"essential": True, "value": self.rules.issuer}}
            options["aud"] = {"essential": True, "value": self.rules.client_id}
            params = {"nonce": nonce, "client_id": self.rules.client_id, "access_token": token.get("access_token")}
            claims = CodeIDToken(read.claims, read.header, options, params)
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotAllowed(f"{_REFUSED} ({type(error).__name__})") from error
        if not secrets.compare_digest(str(read.claims.get("nonce", "")).encode(), nonce.encode()):
            raise NotAllowed(f"{_REFUSED} (nonce)")
        return read.claims

    def _read(self, token: str) -> jwt.Token:
        """Return a token whose signature holds; keys are fetched anew where the provider signs with another one."""
        for is_last in (False, True):
            document: Any = self._document(self._endpoint("jwks_uri"), is_fresh=is_last)
            try:
                keys = KeySet.import_key_set(document)
                return jwt.decode(token, keys, algorithms=list(_SIGNED_BY))
            except (JoseError, ValueError):
                if is_last:
                    raise
        raise AssertionError

    def _claimed(self, claims: Mapping[str, Any]) -> Claimed:
        found = claims.get(self.rules.claim, [])
        listed = found if isinstance(found, list) else [found]
        groups = [one for one in listed if isinstance(one, str)]
        roles = [self.rules.roles[group] for group in groups if group in self.rules.roles]
        if not roles:
            raise NotAllowed("you are known, but none of your groups may work here: ask who administrates the desk")
        names = (claims.get(key) for key in ("preferred_username", "name", "email"))
        name = next((one for one in names if isinstance(one, str) and one.strip()), str(claims["sub"]))
        role = max(roles, key=list(Role).index)
        return Claimed(self.rules.issuer, str(claims["sub"]), name, role, self._organisation(groups))

    def _organisation(self, groups: list[str]) -> str:
        if not self.rules.organisations:
            return ""
        found = {self.rules.organisations[group] for group in groups if group in self.rules.organisations}
        if "" in found:
            return ""
        if len(found) != 1:
            raise NotAllowed("your groups name no organisation here, or several: ask who administrates the desk")
        return found.pop()

    def _endpoint(self, name: str) -> str:
        """Return an address of the provider; raises NotAllowed where its own description does not hold."""
        metadata = self._document(f"{self.rules.issuer.rstrip('/')}/.well-known/openid-configuration")
        address = metadata.get(name)
        if metadata.get("issuer") != self.rules.issuer or not isinstance(address, str):
            raise NotAllowed(f"the identity provider describes itself otherwise than [oidc] issuer says ({name})")
        if urlsplit(address).scheme != "https" and urlsplit(self.rules.issuer).scheme == "https":
            raise NotAllowed("the identity provider names an address without TLS")
        return address

    def _document(self, address: str, *, is_fresh: bool = False) -> dict[str, Any]:
        """Return a document of the provider, kept for an hour."""
        with self._lock:
            read_at, kept = self._kept.get(address, (0.0, None))
        if kept is not None and not is_fresh and time.monotonic() - read_at < _KEPT_SECONDS:
            return kept
        found = self._asked("GET", address)
        with self._lock:
            self._kept[address] = (time.monotonic(), found)
        return found

    def _asked(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            with httpx.Client(verify=verified_tls(self.rules.ca_file), timeout=_TIMEOUT, trust_env=False) as client:
                answer = client.request(method, address, **more)
            found = answer.json() if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError) as error:
            raise NotAllowed(f"the identity provider cannot be reached now ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise NotAllowed(f"the identity provider refused (it answered {answer.status_code})")
        return found
