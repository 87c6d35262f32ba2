"""Encrypted connections: one way to verify servers, for mail coming in and going out."""

import ssl
from pathlib import Path

from models.errors import SettingsError


def verified_tls(ca_file: Path | None) -> ssl.SSLContext:
    """Return a context that verifies certificate and host name with TLS 1.2 or newer (RFC 8314).

    `ca_file` replaces the system's authorities; raises SettingsError where it cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    except (OSError, ssl.SSLError) as error:
        msg = f"ca_file: {ca_file} is no file of certificates (PEM)"
        raise SettingsError(msg) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
