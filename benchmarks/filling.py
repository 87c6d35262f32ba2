"""A case file of any size, written by the database itself: invented people, a tenth of the cases not ended.

What is written has the shape of what the program writes: cases with items, words, mails, letters and timeline. The
mails of a few cases are really there, sealed, so that their pages show what pages show; others have a ledger row. The
chain is not a real one: its entries stand behind where the program begins to write.
"""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from models.case import Case
from models.message import Message
from service.made_messages import message_bytes
from store.database import Database
from store.vault import Vault

FIRST = tuple(
    f"{stem}{end}"
    for stem in ("Mar", "Jon", "Ayl", "Pier", "In", "Tom", "Gra", "Luc", "Fem", "Rui")
    for end in ("a", "el", "is", "on", "ur")
)
LAST = tuple(
    f"{stem}{end}"
    for stem in ("Garc", "Lop", "Fisch", "Mart", "Ross", "Now", "Jans", "Silv", "Okaf", "Lind")
    for end in ("ak", "er", "in", "os", "um")
)
"""Fifty each: every name is one in fifty, as the most frequent ones of a country are."""
KINDS = ("access", "erasure", "objection_marketing", "access", "rectification", "complaint", "access", "erasure")
IS_OPEN = "(n % 10 = 0 OR (n <= 1000 AND n % 5 = 0))"
"""One case in ten is not ended. Of the first thousand it is one in five, and sixty of them are alike in each way that
is asked for, so that a list fills its page at every size: a full page is compared with a full page."""
ALIKE = "(n <= 300 AND n % 5 = 0)"
RARE, IS_RARE = "post_mortem", f"{ALIKE} OR n % 2000 = 0"
WORDS = ("'rd'", "'n' || n", "'gdpr'", "'rights'", "'request'")
PERSONS = ("lower(first)", "lower(last)", "lower(first) || n", "'mail'", "'example'")
FACTS = {
    **{f"'{name}:' || {name}": "true" for name in ("mailbox", "language", "identity", "kind")},
    "'of:' || organisation": "true",
    "'owner:' || assigned_to": "true",
    "'state:' || status": "true",
    "'review:1'": "needs_review",
    "'result:fulfilled'": "NOT is_open",
    "'target:' || {target}": "is_open AND (n % 70 > 0 OR is_alike)",
    "'files:some'": "is_alike OR n % 4 = 0",
    "'files:pdf'": "is_alike OR n % 4 = 0",
    "'unsure:' || kind": "is_alike OR n % 6 = 0",
    "'confidence:' || CASE WHEN is_alike OR n % 6 = 0 THEN 'less_sure' ELSE 'sure' END": "true",
}
"""What is kept among the words of a case, and of which cases."""
TEXTS = 40
"""So many of those that are not ended have their mails."""

_NUMBERS = {
    "sqlite": "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < :count) SELECT n FROM t",
    "postgresql": "SELECT generate_series(1, CAST(:count AS int)) AS n",
}
_PARTS = """
  n, {is_open} AS is_open, {alike} AS is_alike,
  {first} AS first, {last} AS last, {kind} AS kind
"""
_STATEMENTS = (
    """INSERT INTO "case" (id, reference, organisation, mailbox, status, requester_address, requester_name, subject,
    language, received_at, opened_at, needs_review, review_reason, proposed_received, acknowledged_at, channel,
    assigned_to, tags, first_opened_at, identity, identity_level, identity_method, has_standing, hints,
    second_country, answered_at,
    closed_at, queue_on, kinds)
    SELECT n, 'RD-' || n, 'example', 'contact',
    CASE WHEN NOT is_open THEN 'closed' WHEN n % 70 = 0 AND NOT is_alike THEN 'waiting' ELSE 'open' END,
    lower(first) || n || '@mail.example', first || ' ' || last, 'GDPR Rights Request', 'en', {received}, {received},
    n % 330 = 0, '', '', {received}, 'email',
    CASE WHEN is_alike OR n % 3 = 0 THEN 'ana' WHEN n % 3 = 1 THEN 'ben' ELSE '' END, '[]',
    {received}, 'none', 0, '', false, '[]', '',
    CASE WHEN is_open THEN NULL ELSE {closed} END, CASE WHEN is_open THEN NULL ELSE {closed} END,
    CASE WHEN NOT is_open THEN '9999-12-31' WHEN n % 70 = 0 AND NOT is_alike THEN '9999-12-30' ELSE {due} END,
    '|' || kind || '|' FROM filling""",
    """INSERT INTO request_item (id, case_id, kind, received_at, due_on, due_at, result, decided_at, decided_by,
    told_at)
    SELECT n, n, kind, {received}, CASE WHEN is_open AND n % 70 = 0 AND NOT is_alike THEN NULL ELSE {due} END, {due_at},
    CASE WHEN is_open THEN NULL ELSE 'fulfilled' END, CASE WHEN is_open THEN NULL ELSE {closed} END, 'ana',
    CASE WHEN is_open THEN NULL ELSE {closed} END FROM filling""",
    *(
        f"""INSERT INTO case_word (word, queue_on, case_id, names_person)
        SELECT {word}, queue_on, id, {word in PERSONS} FROM filling JOIN "case" ON id = n WHERE {of_which}
        ORDER BY 1, 2, 3"""
        for word, of_which in (dict.fromkeys((*WORDS, *PERSONS), "true") | FACTS).items()
    ),
    """INSERT INTO message (organisation, mailbox, folder, uidvalidity, uid, received_at, stored_at, size, sha256,
    message_id, outcome, reason, case_id, labels, needs_review, attempts)
    SELECT 'example', 'contact', 'INBOX', 1, n, {received}, {received}, 2000, 'x' || n, '<' || n || '@mail.example>',
    'case', '', n, '["access"]', false, 1 FROM filling ORDER BY n""",
    *(
        f"""INSERT INTO audit_entry (seq, at, actor, action, case_id, details, digest)
        SELECT 3 * n + 1000000 - {part}, {{received}}, 'ana', '{action}', n, '{{{{}}}}', '' FROM filling"""
        for part, action in ((2, "case_opened"), (1, "case_assigned"), (0, "case_tagged"))
    ),
)


def fill(database: Database, vault: Vault, count: int, now: datetime) -> list[str]:
    """Write so many cases into an empty database; return the references of those that have their mails."""
    dialect = "sqlite" if database.is_sqlite else "postgresql"
    with database.transaction() as session:
        connection = session.connection()
        connection.execute(text(f"CREATE TEMPORARY TABLE numbers AS {_NUMBERS[dialect]}"), {"count": count})
        names = {"first": _one_of(FIRST, "n"), "last": _one_of(LAST, "n / 7"), "kind": _kind()}
        parts = _PARTS.format(is_open=IS_OPEN, alike=ALIKE, **names)
        connection.execute(text(f"CREATE TEMPORARY TABLE filling AS SELECT {parts} FROM numbers"))
        for statement in _STATEMENTS:
            connection.execute(text(statement.format(**_times(dialect, count, now))))
    with database.transaction() as session:
        references = _write_mails(session, vault, now)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE")
    return references


def _one_of(values: tuple[str, ...], number: str) -> str:
    cases = " ".join(f"WHEN {place} THEN '{value}'" for place, value in enumerate(values))
    return f"CASE ({number}) % {len(values)} {cases} END"


def _kind() -> str:
    return f"CASE WHEN {IS_RARE} THEN '{RARE}' ELSE {_one_of(KINDS, 'n')} END"


def _times(dialect: str, count: int, now: datetime) -> dict[str, str]:
    """Return receipts spread over three years for ended cases, over five weeks for open ones, in SQL."""
    ended = f"(1100 - n * 1000.0 / {count})"
    days = f"CASE WHEN is_alike THEN 33 WHEN is_open THEN (n / 10) % 35 ELSE {ended} END"

    def ago(offset: int, kind: str) -> str:
        moment = now + timedelta(days=offset)
        if dialect == "sqlite":
            form = "'%Y-%m-%d'" if kind == "date" else "'%Y-%m-%d %H:%M:%f'"
            return f"strftime({form}, '{moment:%Y-%m-%d %H:%M:%S}', '-' || ({days}) || ' days')"
        return f"CAST(timestamp '{moment:%Y-%m-%d %H:%M:%S}' - ({days}) * interval '1 day' AS {kind})"

    stamp = "timestamp"
    return {"received": ago(0, stamp), "due": ago(31, "date"), "due_at": ago(32, stamp), "closed": ago(20, stamp)} | {
        "target": ago(28, "date")
    }


def _write_mails(session: Session, vault: Vault, now: datetime) -> list[str]:
    cases = session.exec(
        select(Case).where(col(Case.status) == "open").order_by(col(Case.id).desc()).limit(TEXTS)
    ).all()
    words = "I would like to have a copy of all that you keep about me.\n\n" * 6
    for case in cases:
        first = session.exec(select(Message).where(col(Message.case_id) == case.id)).one()
        raw = message_bytes(f"{case.requester_name} <{case.requester_address}>", case.subject, words, (), ())
        first.sealed_id = vault.keep(session, raw)
        for number in (1, 2):
            at = now - timedelta(days=number)
            later = Message(
                organisation=case.organisation,
                mailbox=case.mailbox,
                folder="INBOX",
                received_at=at.astimezone(UTC),
                stored_at=at.astimezone(UTC),
                size=len(raw),
                outcome="thread",
                case_id=case.id,
                sealed_id=vault.keep(session, raw),
            )
            session.add(later)
    return [case.reference for case in cases]
