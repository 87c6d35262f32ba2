"""The limit of this machine for the same work with the same libraries, and nothing of ours.

One thread fetches by imapclient, parses by mail-parser, commits each mail to SQLite (WAL, synchronous FULL) and sends
the letters that are due over one SMTP connection.

Usage: limit.py ORDER, a JSON file with the servers, the database and the Message-IDs of the mails owed a letter.
"""

import asyncio
import json
import sqlite3
import ssl
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from typing import Any

import aiosmtplib
import mailparser
from imapclient import IMAPClient

_BATCH_MAILS, _BATCH_BYTES = 50, 8 * 1024 * 1024
_TEXT = """Dear {name},

thank you for your message. We received it on 2 March 2026 and have opened a case for it. Its reference is {reference}.

What happens now

You asked us for access to your personal data. We will answer by 2 April 2026 at the latest. If your request is complex,
or if there are many of them, the law lets us take up to two further months, until 2 June 2026; should that be needed,
we will tell you before the first date has passed, and why.

What we need from you

So that we find all of your data and give it to nobody else, please tell us, where you have not done so yet, your full
name and the e-mail address of your account with us. Please do not send a copy of your passport or identity card unless
we ask you for it. You need not give reasons for your request, and it is free of charge.

Your rights

You may at any time ask us to correct, erase or restrict your data, object to its use, or take back a consent. If you
are unhappy with how we handle your request, please tell us, so that we can put it right. You may also complain to the
supervisory authority of the place where you live or work, or where you think the law was broken, and go to court.

How to reach us

Just reply to this message, and leave the reference in its subject. This message was written automatically; a person
reads your reply.

Example Ltd, 1 High Street, London
"""
_HEAD = """<html lang="en"><head><meta charset="utf-8"><style>
body { margin: 0; padding: 0; background: #ffffff; color: #202020; }
.letter { max-width: 40rem; margin: 0 auto; padding: 1rem 1rem 2rem; font-family: sans-serif; line-height: 1.5; }
p { margin: 0 0 1rem; } ul { margin: 0 0 1rem; padding: 0 0 0 1.5rem; } a { color: #0a4fc0; }
@media (prefers-color-scheme: dark) { body { background: #101010; color: #e0e0e0; } a { color: #80b0f0; } }
</style></head><body><div class="letter"><p>"""


def _batches(client: IMAPClient) -> Iterator[list[int]]:
    uids = sorted(client.search(["ALL"]))
    sizes = client.fetch(uids, ["RFC822.SIZE"]) if uids else {}
    batch: list[int] = []
    total = 0
    for uid in uids:
        size = sizes[uid][b"RFC822.SIZE"]
        if batch and (len(batch) == _BATCH_MAILS or total + size > _BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(uid)
        total += size
    if batch:
        yield batch


def _letter(to: str, message_id: str, number: int) -> bytes:
    letter = EmailMessage(policy=SMTP)
    letter["From"], letter["To"], letter["Subject"] = "contact@example.org", to, f"Your request [{number:06d}]"
    letter["Message-ID"], letter["In-Reply-To"], letter["Auto-Submitted"] = make_msgid(), message_id, "auto-replied"
    text = _TEXT.format(name=to.partition("@")[0], reference=f"{number:06d}")
    letter.set_content(text)
    html = _HEAD + text.replace("\n\n", "</p>\n<p>") + "</p></div></body></html>"
    letter.add_alternative(html, subtype="html")
    return letter.as_bytes()


def _database(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute(
        "CREATE TABLE IF NOT EXISTS mail (uid INTEGER PRIMARY KEY, received, sender, subject, body, raw BLOB)"
    )
    return database


def _connect(order: dict[str, Any], context: ssl.SSLContext) -> IMAPClient:
    client = IMAPClient("127.0.0.1", order["imap_port"], ssl=False)
    client.starttls(context)
    client.login(order["imap_user"], order["imap_password"])
    client.select_folder("INBOX", readonly=True)
    return client


async def work(order: dict[str, Any]) -> dict[str, int]:
    context, owed = ssl.create_default_context(cafile=order["ca_file"]), set(order["owed"])
    client, database = _connect(order, context), _database(order["database"])
    smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=order["smtp_port"], start_tls=True, tls_context=context)
    await smtp.connect()
    stored = sent = 0
    for batch in _batches(client):
        for uid, answer in client.fetch(batch, ["BODY.PEEK[]", "INTERNALDATE"]).items():
            raw = answer[b"BODY[]"]
            mail = mailparser.parse_from_bytes(raw)
            sender, body = mail.from_[0][1], "\n".join(mail.text_plain or mail.text_html)
            row = (uid, answer[b"INTERNALDATE"].isoformat(), sender, mail.subject, body, raw)
            database.execute("INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?)", row)  # a commit of its own: autocommit
            stored += 1
            if mail.message_id in owed:
                sent += 1
                await smtp.sendmail("contact@example.org", [sender], _letter(sender, mail.message_id, sent))
    await smtp.quit()
    client.logout()
    return {"stored": stored, "sent": sent}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(work(json.loads(Path(sys.argv[1]).read_text())))))
