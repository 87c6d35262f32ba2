"""Invented people who write to a desk: some through the whole of casework, very many as rows alone."""

from datetime import timedelta
from random import Random

from sqlmodel import Session, col, select
from story import BEN, Story

from cases.arranging import assign
from cases.reference import new_reference
from models.case import ENDED_STATES, Case, CaseState, ItemResult, RequestItem
from models.verdict import Kind, Label
from store.case_index import index_case

GIVEN = "Ada Bruno Chiara Dmitri Elif Farid Greta Hugo Inès João Katarzyna Liesbeth Milan Nadia Oskar Péter Rosa Sven Tomás Zoë"
FAMILY = "Abendroth Bianchi Castellanos Dąbrowski Eriksen Fontaine Girard Hoekstra Ivanova Jansen Kowalczyk Lindqvist Moreira Nowak Oliveira Petit Quintana Rossi Schäfer Ückermann"
ASKED = {
    "en": "Please send me a copy of the data you hold about me.",
    "de": "Bitte löschen Sie alle Daten, die Sie über mich haben.",
    "fr": "Je ne souhaite plus recevoir vos publicités.",
    "es": "Solicito la rectificación de mi dirección.",
}
LABELS = (
    Label.ACCESS,
    Label.ERASURE,
    Label.OBJECTION_MARKETING,
    Label.RECTIFICATION,
    Label.COMPLAINT,
    Label.PORTABILITY,
)


def let_write(story: Story, count: int, chance: Random) -> None:
    """Let people write, in several languages, over the last weeks."""
    for number in range(count):
        language = chance.choice(list(ASKED))
        story.language = language
        story.now += timedelta(hours=chance.randrange(1, 9))
        case = story.receives(chance.choice(LABELS), sender=f"person{number}@postbag.example", text=ASKED[language])
        owner = chance.choice(("", "ana", "ben"))
        if owner:
            story.does(BEN, case, lambda office, owner=owner: assign(office, owner))
    story.post()


def add_rows(session: Session, count: int, story: Story, chance: Random) -> None:
    """Add cases as rows, without mails and letters."""
    now = story.now
    for number in range(count):
        received = now - timedelta(days=chance.randrange(0, 60), hours=chance.randrange(24))
        case = Case(
            reference=new_reference(),
            organisation=story.mailbox.organisation.slug,
            mailbox=story.mailbox.name,
            status=chance.choice([*CaseState, CaseState.OPEN, CaseState.OPEN]),
            requester_address=f"row{number}@postbag.example",
            language=chance.choice(list(ASKED)),
            received_at=received,
            opened_at=received,
            assigned_to=chance.choice(["", "ana", "ben", "dora"]),
        )
        session.add(case)
        session.flush()
        due = (received + timedelta(days=31)).date()
        item = RequestItem(case_id=case.id or 0, kind=chance.choice(list(Kind)), received_at=received, due_on=due)
        if case.status in ENDED_STATES:
            item.result, item.decided_at, item.told_at = ItemResult.FULFILLED, now, now
        session.add(item)


def name_everybody(session: Session, chance: Random) -> None:
    """Give everybody a name, and their cases the place and the words that go with it."""
    for case in session.exec(select(Case).order_by(col(Case.id))):
        case.requester_name = f"{chance.choice(GIVEN.split())} {chance.choice(FAMILY.split())}"
        index_case(session, case)
