"""The second factor: one-time codes of an authenticator (RFC 6238) and recovery codes for when it is lost.

Comes in: a member and what they typed. Goes out: whether it fits; each code counts once. A new secret counts
only after a code of it was typed, so that nobody locks themselves out with an authenticator that does not work.
"""

import hashlib
import io
import secrets
from datetime import datetime

import pyotp
import segno

from models.accounts import StaffMember
from models.errors import NotAllowed
from store.vault import Vault

_RECOVERY_CODES = 8
_WRONG = "this code does not fit: is the clock of the device right, and the code of the entry just added?"


def digest(token: str) -> str:
    """Return what is kept of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def recovery_codes() -> tuple[list[str], list[str]]:
    """Return fresh codes for when the device with the one-time codes is lost, and what is kept of them."""
    codes = [secrets.token_hex(5) for _ in range(_RECOVERY_CODES)]
    return codes, [digest(code) for code in codes]


def code_fits(member: StaffMember, vault: Vault, code: str, now: datetime) -> bool:
    """Tell whether a one-time or recovery code is right; each counts once (RFC 6238, 5.2)."""
    if member.totp_sealed is None:
        return True
    plain = code.replace(" ", "").strip()
    step = _step(vault.open_secret(member.totp_sealed).decode(), plain, now, member.totp_used_step)
    if step is not None:
        member.totp_used_step = step
        return True
    typed = digest(plain.lower())
    if typed in member.recovery_hashes:
        member.recovery_hashes = [kept for kept in member.recovery_hashes if kept != typed]
        return True
    return False


def provisioning_address(secret: str, name: str) -> str:
    """Return what an authenticator reads (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name="rightsdesk")


def new_secret() -> str:
    """Return a fresh secret of one-time codes."""
    return pyotp.random_base32()


def enrol(member: StaffMember, vault: Vault, secret: str, code: str, now: datetime) -> list[str]:
    """Let a secret count from now on, if a code of it fits; return fresh recovery codes. Raises NotAllowed."""
    step = _step(secret, code.replace(" ", "").strip(), now, 0)
    if step is None:
        raise NotAllowed(_WRONG)
    codes, member.recovery_hashes = recovery_codes()
    member.totp_sealed, member.totp_used_step, member.totp_pending = vault.seal_secret(secret.encode()), step, None
    return codes


def picture(address: str) -> str:
    """Return a QR code as SVG that needs no style of its own: dark on light, whatever the page."""
    target = io.BytesIO()
    segno.make(address, error="m").save(
        target,
        kind="svg",
        scale=5,
        xmldecl=False,
        svgns=False,
        nl=False,
        dark="#000",
        light="#fff",
        border=4,
        lineclass=None,
    )
    return target.getvalue().decode()


def _step(secret: str, plain: str, now: datetime, used: int) -> int | None:
    """Return the time step whose code this is, the one before and after included; None where it is none or was used."""
    totp = pyotp.TOTP(secret)
    steps = (totp.timecode(now) + offset for offset in (-1, 0, 1))
    typed = plain.encode()
    fitting = (
        step for step in steps if step > used and secrets.compare_digest(totp.generate_otp(step).encode(), typed)
    )
    return next(fitting, None)
