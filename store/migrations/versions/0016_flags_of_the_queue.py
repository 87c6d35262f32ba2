"""flags of the queue: sorts of files of a mail, how sure an item is, by when we want to have answered, stuck letters."""

import sqlalchemy as sa
from alembic import op

from models.files import sort_of

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_LETTERS = """INSERT INTO case_word (word, queue_on, case_id, names_person)
    SELECT DISTINCT '{word}', queue_on, "case".id, false FROM outbox_mail JOIN "case" ON "case".id = case_id
    WHERE state = '{state}'"""
_HANDED_IN = """SELECT DISTINCT case_id, queue_on, content_type, question FROM submission
    JOIN "case" ON "case".id = case_id WHERE sort = 'file' AND sealed_id IS NOT NULL"""


def upgrade() -> None:
    op.add_column("message", sa.Column("files", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("request_item", sa.Column("target_on", sa.Date(), nullable=True))
    op.add_column("request_item", sa.Column("confidence", sa.Float(), nullable=True))
    for word, state in (("bounced:1", "failed"), ("held:1", "held")):
        op.execute(_LETTERS.format(word=word, state=state))
    _fill_handed_in()


def _fill_handed_in() -> None:
    """Keep what came by the requester's page; which files came with older mails nobody noted."""
    statement = sa.text(_HANDED_IN).columns(queue_on=sa.Date())
    found = {
        (f"files:{sort}", row.queue_on, row.case_id)
        for row in op.get_bind().execute(statement)
        for sort in ("some", sort_of(row.content_type), *(["identity"] if row.question == "identity" else []))
    }
    table = sa.table(
        "case_word",
        sa.column("word", _WORD),
        sa.column("queue_on", sa.Date()),
        sa.column("case_id", sa.Integer()),
        sa.column("names_person", sa.Boolean()),
    )
    rows = [{"word": word, "queue_on": on, "case_id": case, "names_person": False} for word, on, case in sorted(found)]
    if rows:
        op.bulk_insert(table, rows)
