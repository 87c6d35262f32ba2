"""figures: what was counted, and the requests that were not answered in time."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "measure", "dimension", "on", "member", "value"),
    )
    op.create_table(
        "counted_case",
        sa.Column("case_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
    )
    op.create_index("ix_counted_case_look_on", "counted_case", ["look_on"])
    op.create_table(
        "tally_book",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mail_seq", sa.Integer(), nullable=False),
        sa.Column("cases_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "breach",
        sa.Column("item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("cause_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["request_item.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id"),
    )
    op.create_index("ix_breach_due", "breach", ["organisation", "due_on", "cause"])
    op.create_index("ix_breach_received", "breach", ["organisation", "received_on", "cause"])
    op.create_index("ix_breach_case", "breach", ["case_id"])
