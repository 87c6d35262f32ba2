"""bulk plans: a deed on many cases is written down before it is confirmed, with the state each case was in.

Cases that were closed by correcting their mail get the moment of it, by which retention counts.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("bulk_deed", schema=None) as batch_op:
        for name in ("versions", "filled", "refused"):
            batch_op.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("begun_at", UTCDateTime(), nullable=True))
    op.execute("UPDATE bulk_deed SET begun_at = at")
    op.execute(
        """UPDATE "case" SET closed_at = (SELECT max(at) FROM audit_entry
           WHERE audit_entry.case_id = "case".id AND action = 'case_closed')
           WHERE status = 'closed' AND closed_at IS NULL"""
    )
