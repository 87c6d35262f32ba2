"""words in order: each word of a case carries its place in the queue; facts are words; replies and mentions unseen."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from store.case_index import tag_word, words_in

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_WORD = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TEXTS = ("reference", "subject", "requester_name", "requester_address")
_FACTS = {"of": "organisation", "mailbox": "mailbox", "language": "language", "state": "status"}
_FACTS |= {"owner": "assigned_to", "identity": "identity"}
_STOPPED = """SELECT DISTINCT 'stopped:' || reason, queue_on, "case".id, false FROM clock_fact
    JOIN request_item ON request_item.id = item_id JOIN "case" ON "case".id = case_id
    WHERE sort = 'pause' AND answered_on IS NULL AND reason IS NOT NULL AND "case".status = 'waiting'"""
_OF_ITEMS = """SELECT DISTINCT '{name}:' || {name}, queue_on, "case".id, false FROM request_item
    JOIN "case" ON "case".id = case_id WHERE {name} IS NOT NULL"""


def upgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replied_at", UTCDateTime(), nullable=True))
        batch_op.add_column(sa.Column("mentioned", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "queue_layout",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("member_id"),
    )
    for name in ("ix_case_queue", "ix_case_assigned", "ix_case_review"):
        op.drop_index(name, "case")
    op.create_index("ix_case_queue", "case", ["queue_on", "id", "received_at"])
    op.drop_table("case_word")
    op.create_table("case_word_new", *_columns())
    _fill()
    op.create_table(
        "case_word",
        *_columns(),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("word", "queue_on", "case_id"),
        sqlite_with_rowid=False,
    )
    # In the order of the key, so that the tree is written once from left to right.
    op.execute("INSERT INTO case_word SELECT * FROM case_word_new ORDER BY word, queue_on, case_id")
    op.drop_table("case_word_new")
    op.create_index("ix_case_word_case", "case_word", ["case_id", "word"])


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("word", _WORD, nullable=False),
        sa.Column("queue_on", sa.Date(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("names_person", sa.Boolean(), nullable=False),
    ]


def _fill() -> None:
    """Keep the words of the cases that are there, as the program would."""
    connection = op.get_bind()
    plain = ("id", *_TEXTS, *_FACTS.values(), "queue_on", "needs_review", "customer_id", "merged_into_id")
    cases = sa.table("case", *(sa.column(name) for name in plain), sa.column("tags", sa.JSON()))
    table = sa.table("case_word_new", *(sa.column(column.name) for column in _columns()))
    last = 0
    while part := connection.execute(
        sa.select(*cases.c).where(cases.c.id > last).order_by(cases.c.id).limit(1000)
    ).all():
        connection.execute(table.insert(), [row for case in part for row in _rows(case)])
        last = part[-1].id
    for name in ("kind", "result"):
        op.execute(f"INSERT INTO case_word_new {_OF_ITEMS.format(name=name)}")
    op.execute(f"INSERT INTO case_word_new {_STOPPED}")


def _rows(case: sa.Row[tuple[object, ...]]) -> Iterator[dict[str, object]]:
    found = dict.fromkeys(_facts(case), False)
    found |= dict.fromkeys(words_in(f"{case.reference} {case.subject}"), False)
    found |= dict.fromkeys(words_in(f"{case.requester_name} {case.requester_address}"), True)
    for word, names_person in found.items():
        yield {"word": word, "queue_on": case.queue_on, "case_id": case.id, "names_person": names_person}


def _facts(case: sa.Row[tuple[object, ...]]) -> Iterator[str]:
    yield from (f"{name}:{getattr(case, column)}" for name, column in _FACTS.items())
    yield from (tag_word(tag) for tag in case.tags)
    if case.needs_review:
        yield "review:1"
    if case.customer_id:
        yield "role:processor"
    if case.merged_into_id:
        yield "merged:1"
