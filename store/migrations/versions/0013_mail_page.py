"""mail page: the ledger in the order of receipt and by what a mail is taken for; charsets chosen by hand; blocked senders."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ORDERS = {
    "ix_message_received": ["received_at", "id"],
    "ix_message_of_organisation": ["organisation", "received_at", "id"],
    "ix_message_of_mailbox": ["mailbox", "received_at", "id"],
    "ix_message_of_outcome": ["outcome", "received_at", "id"],
}


def upgrade() -> None:
    op.add_column("message", sa.Column("charset", sa.String(), nullable=False, server_default=""))
    op.drop_index("ix_message_message_id", table_name="message")
    op.create_index("ix_message_message_id", "message", ["message_id", "organisation"])
    for name, columns in _ORDERS.items():
        op.create_index(name, "message", columns)
    op.create_table(
        "message_label",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", "label"),
    )
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    each = "json_array_elements_text(labels) AS one(value)" if is_postgresql else "json_each(labels) AS one"
    op.execute(
        "INSERT INTO message_label (message_id, label, received_at) "  # noqa: S608 - constants of this file
        f"SELECT DISTINCT message.id, one.value, message.received_at FROM message, {each}"
    )
    op.create_index("ix_message_label", "message_label", ["label", "received_at", "message_id"])
    op.create_table(
        "blocked_sender",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation", "name", name="uq_blocked_sender"),
    )
