"""The vault: raw mail, encrypted with AES-256-GCM under a key of its own.

Comes in: bytes. Goes out: the same bytes, or PermanentFailure where they were altered. Each mail's key is wrapped
by the master
key, which lives in a file outside the database; forgetting the row of a mail forgets its key (GDPR Art. 17, 32(1)(a)).
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlmodel import Session, col, select

from models.errors import PermanentFailure, SettingsError
from models.message import SealedChunk, SealedMail

CHUNK = 1024 * 1024
_NONCE = 12
_PREFIX = "rightsdesk-key-1"


class MasterKey:
    """The key that wraps all others."""

    def __init__(self, secret: bytes) -> None:
        """Take 32 random bytes."""
        self._secret = secret
        self.key_id = hashlib.sha256(b"rightsdesk key id" + secret).hexdigest()[:16]

    def derived(self, purpose: str) -> bytes:
        """Return a 32-byte key for one purpose (HKDF, RFC 5869)."""
        return HKDF(hashes.SHA256(), 32, salt=None, info=f"rightsdesk {purpose}".encode()).derive(self._secret)


def write_key_file(path: Path) -> None:
    """Create a key file that only its owner can read; raises SettingsError where one exists."""
    line = f"{_PREFIX}:{base64.b64encode(secrets.token_bytes(32)).decode()}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        msg = f"{path.name} exists already: a new key would make all stored mail unreadable"
        raise SettingsError(msg) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> MasterKey:
    """Return the master key of a file; raises SettingsError where it is missing or no key."""
    try:
        prefix, _, encoded = path.read_text(encoding="ascii").strip().partition(":")
        secret = base64.b64decode(encoded, validate=True)
    except FileNotFoundError as error:
        msg = f"vault.key_file: there is no {path}: restore it from its backup, or run `rightsdesk init` for a new desk"
        raise SettingsError(msg) from error
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        msg = f"vault.key_file: {path} cannot be read as a key ({type(error).__name__})"
        raise SettingsError(msg) from error
    if prefix != _PREFIX or len(secret) != 32:
        msg = f"vault.key_file: {path} is not a rightsdesk key"
        raise SettingsError(msg)
    return MasterKey(secret)


class Vault:
    """Keeps mail sealed."""

    def __init__(self, master: MasterKey) -> None:
        """Take the master key."""
        self._master = master
        self._wrapper = AESGCM(master.derived("mail keys"))
        self._key_id = master.key_id

    def keep(self, session: Session, raw: bytes) -> str:
        """Seal bytes into the database and return their id."""
        key, sealed_id = AESGCM.generate_key(256), secrets.token_hex(16)
        wrapped = _seal(self._wrapper, key, sealed_id.encode())
        session.add(SealedMail(id=sealed_id, wrapped_key=wrapped, master_key_id=self._key_id, size=len(raw)))
        cipher, view = AESGCM(key), memoryview(raw)
        for position, start in enumerate(range(0, max(len(raw), 1), CHUNK)):
            ciphertext = _seal(cipher, view[start : start + CHUNK], _place(position, len(raw)))
            session.add(SealedChunk(sealed_id=sealed_id, position=position, ciphertext=ciphertext))
            if position:
                session.flush()  # a large mail goes to the database piece by piece
        return sealed_id

    def open(self, session: Session, sealed_id: str) -> bytes:
        """Return sealed bytes; raises PermanentFailure where they are gone, altered or under another key."""
        sealed, cipher = self._cipher(session, sealed_id)
        query = select(SealedChunk.ciphertext).where(col(SealedChunk.sealed_id) == sealed_id)
        chunks = session.exec(query.order_by(col(SealedChunk.position)))
        raw = b"".join(_unseal(cipher, chunk, _place(position, sealed.size)) for position, chunk in enumerate(chunks))
        if len(raw) != sealed.size:
            msg = f"sealed mail {sealed_id} is incomplete"
            raise PermanentFailure(msg)
        return raw

    def seal_beside(self, session: Session, sealed_id: str, data: bytes) -> bytes:
        """Return data encrypted under the key of a sealed mail, to be kept in a column and forgotten with it."""
        _, cipher = self._cipher(session, sealed_id)
        return _seal(cipher, data, b"beside")

    def open_beside(self, session: Session, sealed_id: str, data: bytes) -> bytes:
        """Return what `seal_beside` sealed; raises PermanentFailure where it was altered."""
        _, cipher = self._cipher(session, sealed_id)
        return _unseal(cipher, data, b"beside")

    def seal_secret(self, secret: bytes) -> bytes:
        """Return a secret of the desk itself, encrypted under the master key."""
        return _seal(self._wrapper, secret, b"secret")

    def open_secret(self, sealed: bytes) -> bytes:
        """Return what `seal_secret` sealed; raises PermanentFailure where it was altered."""
        return _unseal(self._wrapper, sealed, b"secret")

    def signature(self, purpose: str, data: bytes) -> bytes:
        """Return 32 bytes (HMAC-SHA256) that only who has the master key can make, for one purpose each."""
        return hmac.new(self._master.derived(purpose), data, hashlib.sha256).digest()

    def shred(self, session: Session, sealed_id: str) -> None:
        """Forget a mail and its key."""
        sealed = session.get(SealedMail, sealed_id)
        if sealed is not None:
            session.delete(sealed)

    def _cipher(self, session: Session, sealed_id: str) -> tuple[SealedMail, AESGCM]:
        sealed = session.get(SealedMail, sealed_id)
        if sealed is None:
            msg = f"sealed mail {sealed_id} does not exist"
            raise PermanentFailure(msg)
        if sealed.master_key_id != self._key_id:
            msg = f"sealed mail {sealed_id} was sealed under another vault key: vault.key_file is not the right one"
            raise PermanentFailure(msg)
        return sealed, AESGCM(_unseal(self._wrapper, sealed.wrapped_key, sealed_id.encode()))


def _place(position: int, size: int) -> bytes:
    # Binds each chunk to its place and to the length of the whole: no reordering, no cutting.
    return f"{position}/{size}".encode()


def _seal(cipher: AESGCM, data: bytes | memoryview, place: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + cipher.encrypt(nonce, data, place)


def _unseal(cipher: AESGCM, data: bytes, place: bytes) -> bytes:
    try:
        return cipher.decrypt(data[:_NONCE], data[_NONCE:], place)
    except (InvalidTag, ValueError) as error:
        msg = "sealed bytes were altered, or belong to another key"
        raise PermanentFailure(msg) from error
