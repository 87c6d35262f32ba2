"""people and offices: log-in by an identity provider, sessions people recognise, organisations and mailboxes of the desk."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("totp_pending", sa.LargeBinary(), nullable=True),
        sa.Column("oidc_issuer", sa.String(), nullable=False, server_default=""),
        sa.Column("oidc_subject", sa.String(), nullable=True),
    ):
        op.add_column("staff_member", column)
    op.create_index("uq_staff_subject", "staff_member", ["oidc_issuer", "oidc_subject"], unique=True)
    op.add_column("staff_session", sa.Column("browser", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "made_organisation",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("slug"),
    )
    op.create_table(
        "made_mailbox",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("imap_password", sa.LargeBinary(), nullable=True),
        sa.Column("smtp_password", sa.LargeBinary(), nullable=True),
        sa.Column("ca_pem", sa.String(), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
