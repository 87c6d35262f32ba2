"""Digests by which a mail is known again."""

import hashlib


def raw_digest(raw: bytes) -> str:
    """Return the sha256 of a mail's bytes as served, in hex."""
    return hashlib.sha256(raw).hexdigest()


def identity_digest(message_id: str, body_digest: str) -> str | None:
    """Return what a copy by another route shares with the original.

    None where the mail has no Message-ID or no readable body.
    """
    if not message_id or not body_digest:
        return None
    return hashlib.sha256(f"{message_id}\n{body_digest}".encode()).hexdigest()
