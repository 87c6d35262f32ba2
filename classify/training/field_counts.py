"""How well fields and hints are found: against what annotators wrote down.

Annotators noted fields for about half of the mails only. A field found in a mail without any note counts for nothing;
in a mail with notes, one that is not noted counts as extra. Mails of machines and advertisers are left out: nobody asks
whose they are.
"""

import re
from collections.abc import Sequence

from classify.training.counting import Counts
from classify.training.seen import Seen
from models.verdict import Hint, Label

NOTED = {
    "full_name": "name",
    "account_email": "account_email",
    "postal_address": "address",
    "phone": "phone",
    "deadline_mentioned": "deadline",
    "authority_named": "authority",
    "customer_company": "company",
    "regulation": "regulation",
}
"""Field of a verdict → key of the corpus."""
_NOBODYS = frozenset({Label.AUTO, Label.SPAM})
_FILLING = re.compile(r"[\s,.;:]+")


def field_counts(seen: Sequence[Seen]) -> dict[str, Counts]:
    """Return hits (alike but for case, blanks and punctuation), extra and missed ones of each field."""
    noted = [one for one in seen if one.mail.fields and not _NOBODYS.intersection(one.mail.labels)]
    return {field: _counts(noted, field, key) for field, key in NOTED.items()}


def hint_counts(seen: Sequence[Seen]) -> dict[str, Counts]:
    """Return hits, extra and missed ones of each hint; annotators marked them in every mail."""
    return {
        hint.value: Counts(
            sum(hint in one.mail.hints and hint in one.verdict.hints for one in seen),
            sum(hint not in one.mail.hints and hint in one.verdict.hints for one in seen),
            sum(hint in one.mail.hints and hint not in one.verdict.hints for one in seen),
        )
        for hint in Hint
    }


def _counts(noted: Sequence[Seen], field: str, key: str) -> Counts:
    hits = extra = missed = 0
    for one in noted:
        true, found = one.mail.annotated(key), getattr(one.verdict.fields, field)
        is_hit = bool(true and found and _plain(true) == _plain(found))
        hits += is_hit
        extra += bool(found) and not is_hit
        missed += bool(true) and not is_hit
    return Counts(hits, extra, missed)


def _plain(text: str) -> str:
    return _FILLING.sub(" ", text).strip().casefold()
