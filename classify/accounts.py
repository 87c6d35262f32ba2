"""The address of the writer's account.

In: a reading, its form lines, what the heads say. Out: the address as written, None where nothing speaks of one.
"""

import re

from classify.form_lines import FormLines
from classify.reading import Reading

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ELSEWHERE = re.compile(
    r"(?i)(?:write|mail|send|sent|contact|reply|escr[ií]b\w+|contact\w+|envi\w+|écri\w+|contact\w+"
    r"|schreib\w*|kontakt\w*|anfrag\w*|rückfrag\w*)[^.\n]{0,30}$"
)


def account_email(reading: Reading, form: FormLines, *, means_own: bool) -> str | None:
    """Return the account's address: of a form line, of the text, else the sender's where the writer means that one."""
    given = _EMAIL.search(form.get("email") or "")
    if given is not None:
        return given[0].rstrip(".")
    sender = reading.mail.from_[0].address if reading.mail.from_ else ""
    ours = {address.address.lower() for address in (*reading.mail.to, *reading.mail.cc)}
    for match in _EMAIL.finditer(reading.written):
        address = match[0].rstrip(".")
        before = reading.written[max(0, match.start() - 60) : match.start()]
        if address.lower() in ours or (_ELSEWHERE.search(before) and address.lower() != sender.lower()):
            continue
        return address
    return sender if means_own and sender else None
