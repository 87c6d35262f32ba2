"""Encrypted connections: one way to verify servers, for mail coming in and going out."""

import ssl
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from models.errors import SettingsError


def verified_tls(ca_file: Path | None, ca_pem: str = "") -> ssl.SSLContext:
    """Return a context that verifies certificate and host name with TLS 1.2 or newer (RFC 8314).

    `ca_file` or `ca_pem` replace the system's authorities; raises SettingsError where they cannot be read.
    """
    try:
        context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None, cadata=ca_pem or None)
    except (OSError, ssl.SSLError, ValueError) as error:
        msg = f"ca_file: {ca_file} is no file of certificates (PEM)" if ca_file else "these are no certificates (PEM)"
        raise SettingsError(msg) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def looking_tls() -> ssl.SSLContext:
    """Return a context that verifies nothing: for looking at a certificate that was refused, and for nothing else."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def certificate_words(der: bytes) -> str:
    """Return for whom a certificate is, who issued it and how long it holds; raises ValueError for no certificate."""
    found = x509.load_der_x509_certificate(der)
    whom, by = _name(found.subject), _name(found.issuer)
    issued = "by itself" if found.subject == found.issuer else f"by {by}"
    names = _host_names(found) or whom
    return f"It is for {names}, was issued {issued}, and holds until {found.not_valid_after_utc:%Y-%m-%d}"


def _host_names(found: x509.Certificate) -> str:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ""
    return ", ".join(str(name.value) for name in names)[:200]


def _name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if found := name.get_attributes_for_oid(kind):
            return str(found[0].value)[:200]
    return name.rfc4514_string()[:200] or "somebody unnamed"
