"""The desk's pages: log-in, queue, case, mail. Server-rendered; every act works without a script.

Each page asks who is there, shows them only what their organisation and role let them see, and answers forms only with
the secret of their log-in. Nothing is loaded from anywhere else.
"""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from web.desk.account_pages import AccountPages
from web.desk.admin import admin_pages
from web.desk.blocking_pages import BlockingPages
from web.desk.case_export import ExportPages
from web.desk.case_pages import CasePages
from web.desk.dashboard_pages import DashboardPages
from web.desk.figure_link_pages import FigureLinkPages
from web.desk.foreseeing_pages import ForeseeingPages
from web.desk.hand_pages import HandPages
from web.desk.headers import with_headers
from web.desk.hook_form_pages import HookFormPages
from web.desk.ledger_pages import LedgerPages
from web.desk.letter_pages import LetterPages
from web.desk.login_pages import LoginPages
from web.desk.mail_files import MailFiles
from web.desk.mail_pages import MailPages
from web.desk.many.pages import ManyPages
from web.desk.oidc_pages import OidcPages
from web.desk.pages import Pages, Part
from web.desk.parts import DeskParts
from web.desk.person_part import PersonPart
from web.desk.problems import add_problems
from web.desk.queue_pages import QueuePages
from web.desk.redact_pages import RedactPages
from web.desk.report_pages import ReportPages
from web.desk.set_up_pages import SetUpPages
from web.desk.shared_page import SharedPage
from web.desk.token_pages import TokenPages
from web.desk.webhook_pages import WebhookPages


def add_desk(app: FastAPI, parts: DeskParts) -> None:
    """Add the desk to an application."""
    pages = Pages(parts)
    app.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"), name="static")
    add_problems(app, pages)
    app.middleware("http")(with_headers)
    for part in _parts(pages):
        part.add_to(app)


def _parts(pages: Pages) -> Sequence[Part]:
    """Return the parts of the desk; of two that an address fits, the first has it."""
    return (
        LoginPages(pages),
        OidcPages(pages),
        SetUpPages(pages),
        AccountPages(pages),
        QueuePages(pages),
        ManyPages(pages),
        ExportPages(pages),
        HandPages(pages),
        RedactPages(pages),
        CasePages(pages),
        LedgerPages(pages),
        BlockingPages(pages),
        ForeseeingPages(pages),
        MailPages(pages),
        LetterPages(pages),
        PersonPart(pages),
        MailFiles(pages, "mail"),
        MailFiles(pages, "letters"),
        DashboardPages(pages),
        FigureLinkPages(pages),
        SharedPage(pages),
        ReportPages(pages),
        TokenPages(pages),
        WebhookPages(pages),
        HookFormPages(pages),
        *admin_pages(pages),
    )
