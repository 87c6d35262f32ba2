"""casework: clock facts, third parties, tasks, notes, links, customers.

Columns are added without building a table anew: on SQLite that would delete the rows that point to it.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GROUNDS = (
    "unfounded", "excessive", "legal_duty", "legal_claims", "free_expression", "public_interest", "rights_of_others",
    "contract", "compelling_grounds", "data_correct", "not_portable", "not_identifiable", "no_standing", "national_law",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("domains", sa.JSON(), nullable=False),
        sa.Column("administrator", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("organisation", "name", name="uq_customer_name"),
    )
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "other_id", name="uq_case_link"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("sealed_id", sa.String(), nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_mail.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index("ix_note_case", ["case_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["request_item.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_case", ["case_id"], unique=False)

    op.create_table(
        "clock_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "sort",
            sa.Enum("pause", "extension", "aware", "date_set", name="factsort", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum("identity", "mandate", "clarification", "fee", name="pausereason", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("at", UTCDateTime(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("proofs", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["request_item.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox_mail.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("clock_fact", schema=None) as batch_op:
        batch_op.create_index("ix_clock_fact_item", ["item_id"], unique=False)
        batch_op.create_index("ix_clock_fact_letter", ["letter_id"], unique=False)

    op.create_table(
        "third_party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("customer", "recipient", "partner", "authority", name="partyrole", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("chased_on", sa.Date(), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["letter_id"], ["outbox_mail.id"], ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("third_party", schema=None) as batch_op:
        batch_op.create_index("ix_third_party_case", ["case_id"], unique=False)

    op.create_table(
        "raised_alarm",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    with op.batch_alter_table("raised_alarm", schema=None) as batch_op:
        batch_op.create_index("ix_raised_alarm_case_id", ["case_id"], unique=False)

    enums = {"native_enum": False, "length": 32}
    channels = ("email", "phone", "post", "chat", "form", "in_person")
    identities = ("none", "asked", "confirmed", "failed")
    for column in (
        sa.Column("channel", sa.Enum(*channels, name="channel", **enums), nullable=False, server_default="email"),
        sa.Column("assigned_to", sa.String(), nullable=False, server_default=""),
        sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("first_opened_at", UTCDateTime(), nullable=True),
        sa.Column("identity", sa.Enum(*identities, name="identity", **enums), nullable=False, server_default="none"),
        sa.Column("identity_level", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("identity_method", sa.String(), nullable=False, server_default=""),
        sa.Column("has_standing", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("hints", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("second_country", sa.String(), nullable=False, server_default=""),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("erase_on", sa.Date(), nullable=True),
        sa.Column("contents_erased_at", UTCDateTime(), nullable=True),
    ):
        op.add_column("case", column)
    op.execute('ALTER TABLE "case" ADD COLUMN customer_id INTEGER REFERENCES customer (id)')
    op.execute('ALTER TABLE "case" ADD COLUMN merged_into_id INTEGER REFERENCES "case" (id)')
    op.add_column("request_item", sa.Column("ground", sa.Enum(*GROUNDS, name="ground", **enums), nullable=True))
    op.add_column("request_item", sa.Column("decided_at", UTCDateTime(), nullable=True))
    op.add_column("request_item", sa.Column("decided_by", sa.String(), nullable=False, server_default=""))
