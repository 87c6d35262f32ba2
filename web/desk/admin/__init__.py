"""Administration: who may log in, what is read and answered, and what the desk rests on."""

from web.desk.admin.audit_pages import AuditPages
from web.desk.admin.directory_pages import DirectoryPages
from web.desk.admin.ground_pages import GroundPages
from web.desk.admin.index_pages import IndexPages
from web.desk.admin.office_pages import OfficePages
from web.desk.admin.people_pages import PeoplePages
from web.desk.pages import Pages, Part


def admin_pages(pages: Pages) -> tuple[Part, ...]:
    """Return all pages of administration."""
    return (
        IndexPages(pages),
        PeoplePages(pages),
        OfficePages(pages),
        DirectoryPages(pages),
        GroundPages(pages),
        AuditPages(pages),
    )
