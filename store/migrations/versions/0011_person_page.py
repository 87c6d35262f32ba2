"""person page: links to a requester's page, what was handed in there, proofs by code."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SORTS = ("file", "message", "withdrawal")
QUESTIONS = ("identity", "mandate", "clarification", "fee")


def upgrade() -> None:
    op.create_table(
        "person_link",
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("revoked_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("nonce"),
    )
    op.create_index("ix_person_link_case_id", "person_link", ["case_id"], unique=False)
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.Enum(*SORTS, name="submissionsort", native_enum=False, length=32), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("once_key", sa.String(), nullable=True),
        sa.Column("sealed_id", sa.String(), nullable=True),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=True),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("question", sa.Enum(*QUESTIONS, name="pausereason", native_enum=False, length=32), nullable=True),
        sa.Column("checked_at", UTCDateTime(), nullable=True),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["sealed_id"], ["sealed_mail.id"], initially="DEFERRED", deferrable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "once_key", name="uq_submission_once"),
    )
    op.create_index("ix_submission_case", "submission", ["case_id"], unique=False)
    op.create_table(
        "address_proof",
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=False),
        sa.Column("codes_shown", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(), nullable=False),
        sa.Column("code_until", UTCDateTime(), nullable=True),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("proven_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("nonce"),
    )
    op.create_index("ix_address_proof_case_id", "address_proof", ["case_id"], unique=False)
