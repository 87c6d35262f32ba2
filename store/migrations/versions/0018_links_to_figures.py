"""links by which people without an account look at figures."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ends = sa.Enum("not", "revoked", "maker", name="linkend", native_enum=False, length=32)
    op.create_table(
        "figure_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("organisations", sa.JSON(), nullable=False),
        sa.Column("span", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("last_opened_at", UTCDateTime(), nullable=True),
        sa.Column("ended", ends, nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["staff_member.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_figure_link_member_id", "figure_link", ["member_id"])
