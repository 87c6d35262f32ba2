"""told items: an item knows when the person was told of its result."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("told_at", UTCDateTime(), nullable=True))
    op.execute(
        'UPDATE request_item SET told_at = (SELECT answered_at FROM "case" WHERE "case".id = request_item.case_id)'
        " WHERE result IS NOT NULL"
    )
