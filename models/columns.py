"""How enums and references to sealed mail are stored, alike on every database."""

from enum import StrEnum

from sqlalchemy import Column, Enum, ForeignKey, String

BYTEWISE = String().with_variant(String(collation="C"), "postgresql")
"""Text that sorts by its bytes on every database, so that an index finds all that begins alike."""


def stored_enum(kind: type[StrEnum]) -> Enum:
    """Return the column type that keeps an enum by value in a text column, without a database type of its own."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


def sealed_key(*, primary_key: bool = False, nullable: bool = False, ondelete: str | None = None) -> Column[str]:
    """Return a column that names a sealed mail; checked at commit, so that rows may be written in any order."""
    target = ForeignKey("sealed_mail.id", ondelete=ondelete, deferrable=True, initially="DEFERRED")
    return Column("sealed_id", String, target, primary_key=primary_key, nullable=nullable)
