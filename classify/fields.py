"""What a mail says about its writer and the matter, gathered from the modules that look for each.

In: a reading, its language, what the heads say. Out: `Fields`; None where nothing was found. Mails of machines and
advertisements have no writer worth looking for.
"""

from collections.abc import Sequence

from classify.accounts import account_email
from classify.addresses import address_in
from classify.attachments import has_identity_document
from classify.authorities import Authorities
from classify.companies import customer_company
from classify.deadlines import deadline_in
from classify.form_lines import FormLines, read_form_lines
from classify.names import NameChooser, candidates, is_full_name, without_title
from classify.phones import phone_in
from classify.reading import Reading
from classify.regulations import regulation_named
from models.verdict import Fields

ACCOUNT_LIKELY = 0.4
"""From here on the sender's address counts as that of an account: more of them found, somewhat fewer rightly."""


class FieldReader:
    """Reads fields with a learnt choice of names and the list of authorities."""

    def __init__(self, chooser: NameChooser, authorities: Authorities) -> None:
        self.chooser = chooser
        self._authorities = authorities

    def of_person(
        self, reading: Reading, language: str, account_chance: float, customers: Sequence[str] = ()
    ) -> Fields:
        """Return the fields of a mail that a person wrote."""
        text = f"{reading.written}\n{reading.mail.body.signature}".strip()
        form = read_form_lines(text)
        name = self._name(reading, form)
        domain = reading.mail.from_[0].address.partition("@")[2] if reading.mail.from_ else ""
        return Fields(
            full_name=name,
            account_email=account_email(reading, form, has_account=account_chance >= ACCOUNT_LIKELY),
            postal_address=address_in(text, form, name),
            phone=phone_in(text, language, form),
            has_id_document=has_identity_document(reading.mail.attachments),
            deadline_mentioned=deadline_in(reading.written, language),
            authority_named=self._authorities.named(reading.text) or self._authorities.of_domain(domain),
            customer_company=customer_company(reading.text, language, customers),
            regulation=_regulation(reading, language),
        )

    def _name(self, reading: Reading, form: FormLines) -> str | None:
        given = without_title(form.get("name") or "")
        return given if is_full_name(given) else self.chooser.best(candidates(reading))


def fields_of_machine(reading: Reading) -> Fields:
    """Return what may be said of an automatic mail or an advertisement: it has no writer."""
    return Fields(has_id_document=has_identity_document(reading.mail.attachments))


def _regulation(reading: Reading, language: str) -> str | None:
    """Return the law named; the agreed subject of a request names none by itself."""
    named = regulation_named(reading.written, language)
    return named if named or reading.is_rights_form else regulation_named(reading.subject, language)
