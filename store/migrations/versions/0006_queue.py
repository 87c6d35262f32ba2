"""queue: where a case stands in the queue, the words it is found by, saved views, deeds on many cases."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

from store.case_index import tag_word, words_in

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_OWED = (
    "(result IS NULL OR (told_at IS NULL AND result IN ('fulfilled','partly','no_data','refused','not_identified')))"
)


def upgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("queue_on", sa.Date(), nullable=False, server_default="9999-12-30"))
        batch_op.add_column(sa.Column("kinds", sa.String(), nullable=False, server_default=""))
    op.execute(
        f"""UPDATE "case" SET queue_on = coalesce((SELECT min(due_on) FROM request_item
            WHERE case_id = "case".id AND {_OWED}), '9999-12-30')"""  # noqa: S608 - constants of this file
    )
    is_over = "status IN ('answered', 'closed') AND queue_on = '9999-12-30'"
    op.execute(f"""UPDATE "case" SET queue_on = '9999-12-31' WHERE {is_over}""")  # noqa: S608 - a constant of this file
    kinds = "string_agg" if op.get_bind().dialect.name == "postgresql" else "group_concat"
    op.execute(
        f"""UPDATE "case" SET kinds = coalesce((SELECT '|' || {kinds}(kind, '|') || '|' FROM
            (SELECT DISTINCT kind FROM request_item WHERE case_id = "case".id ORDER BY kind) AS k), '')"""  # noqa: S608 - constants of this file
    )
    with op.batch_alter_table("case", schema=None) as batch_op:
        columns = ["queue_on", "id", "organisation", "status", "kinds", "assigned_to", "needs_review"]
        batch_op.create_index("ix_case_queue", columns)
        batch_op.create_index("ix_case_status", ["status", "queue_on"])
        batch_op.create_index("ix_case_assigned", ["assigned_to", "queue_on"])
        batch_op.create_index("ix_case_review", ["needs_review", "queue_on"])
    op.create_table(
        "case_word",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "word"),
    )
    with op.batch_alter_table("case_word", schema=None) as batch_op:
        batch_op.create_index("ix_case_word", ["word", "case_id"])
    _fill_words()
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "bulk_deed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("deed", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    for table in ("saved_view", "bulk_deed"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(f"ix_{table}_member_id", ["member_id"])


def _fill_words() -> None:
    """Keep the words of the cases that are there, as the program would."""
    connection = op.get_bind()
    texts = ("id", "reference", "requester_name", "requester_address", "subject")
    cases = sa.table("case", *(sa.column(name) for name in texts), sa.column("tags", sa.JSON()))
    table = sa.table("case_word", sa.column("case_id"), sa.column("word"))
    last = 0
    while True:
        query = sa.select(*cases.c).where(cases.c.id > last)
        part = connection.execute(query.order_by(cases.c.id).limit(1000)).all()
        if not part:
            return
        for row in part:
            words = {word for text in row[1:5] for word in words_in(text)} | {tag_word(tag) for tag in row[5]}
            if words:
                connection.execute(table.insert(), [{"case_id": row[0], "word": word} for word in words])
        last = part[-1][0]
