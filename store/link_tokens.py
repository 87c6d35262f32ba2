"""Links that carry their own proof: a random number, signed under a key that is not in the database.

Comes in: the number as the database keeps it, and what the link is for. Goes out: the token of a link, and the number
again from a token that is really ours. Whoever has the database alone can make no link from it; a token that was not
signed here costs no look into the database.
"""

import base64
import binascii
import hmac
import secrets
from enum import StrEnum

from store.vault import Vault

_NUMBER, _SIGNATURE = 16, 16
LONGEST = 64
"""Characters of a token that is worth looking at."""


class LinkPurpose(StrEnum):
    """What a link opens; one never opens the other."""

    PAGE = "page"
    PROOF = "proof"


def new_nonce() -> str:
    """Return a random number of 128 bits, as the database keeps it."""
    return secrets.token_hex(_NUMBER)


def token_of(vault: Vault, purpose: LinkPurpose, nonce: str) -> str:
    """Return the token of a link: the number and its signature, fit for an address."""
    number = bytes.fromhex(nonce)
    return base64.urlsafe_b64encode(number + _signature(vault, purpose, number)).decode().rstrip("=")


def nonce_in(vault: Vault, purpose: LinkPurpose, token: str) -> str | None:
    """Return the number in a token, None where the token was not made here for this purpose."""
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    number, signature = raw[:_NUMBER], raw[_NUMBER:]
    is_ours = len(number) == _NUMBER and hmac.compare_digest(signature, _signature(vault, purpose, number))
    # One number has one token: other spellings of the last character are not it.
    return number.hex() if is_ours and token == token_of(vault, purpose, number.hex()) else None


def _signature(vault: Vault, purpose: LinkPurpose, number: bytes) -> bytes:
    return vault.signature(f"{purpose} link", number)[:_SIGNATURE]
