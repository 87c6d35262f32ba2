"""The menu of the desk: where one can go, and who is shown the way.

A page that is not in the menu is reached from one that is. Whether somebody may see a page is decided by the page.
"""

from dataclasses import dataclass

from models.staff import Role


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the menu."""

    label: str
    path: str
    needs: Role = Role.AUDITOR


MENU = (
    Entry("Queue", "/"),
    Entry("Mail", "/mail"),
    Entry("Dashboard", "/dashboard"),
    Entry("Reports", "/reports"),
    Entry("Tokens", "/tokens", Role.ADMINISTRATOR),
    Entry("Web hooks", "/webhooks", Role.ADMINISTRATOR),
    Entry("Administration", "/admin", Role.ADMINISTRATOR),
)


def menu_for(role: Role) -> list[Entry]:
    """Return the places that a role is shown."""
    return [entry for entry in MENU if role.covers(entry.needs)]
