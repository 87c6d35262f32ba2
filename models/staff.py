"""Who works on cases: names and roles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    """What somebody may do, least first; a higher role may do all that a lower one may, an auditor only looks."""

    AUDITOR = "auditor"
    AGENT = "agent"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"

    def covers(self, needed: "Role") -> bool:
        """Tell whether this role may do what needs that one."""
        order = list(Role)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person, or the program itself, that does something."""

    name: str
    role: Role


REQUESTER = Actor("requester", Role.AGENT)
"""The person on their own page, which lets them do a few deeds and no others."""

GUEST = "guest"
"""Who looks at figures by a link, as the audit chain calls them."""


@dataclass(frozen=True, slots=True)
class LoginRules:
    """What a desk asks of those who log in."""

    requires_codes: bool = False
    """Everybody who logs in with a password needs one-time codes, too."""
    is_local: bool = True
    """Names and passwords of this desk count."""


PLAIN_RULES = LoginRules()
"""Those of a desk that nobody configured: of the demo, and of tests."""


@dataclass(frozen=True, slots=True)
class OidcRules:
    """How to reach an identity provider, and what its claims mean here."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]
    claim: str
    """The claim with somebody's groups."""
    roles: Mapping[str, Role]
    """By group; the highest counts."""
    organisations: Mapping[str, str]
    """By group: whose cases they see, '' for all. Empty: everybody sees all."""
    button: str
    ca_file: Path | None = None
