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
from classify.decision import Decision, has_right
from classify.form_lines import FormLines, read_form_lines
from classify.hint_phrases import means_own_address
from classify.name_choice import NameChooser, Situation
from classify.names import candidates, is_full_name, without_title
from classify.phones import phone_in
from classify.reading import Reading
from classify.regulations import regulation_named
from models.mail import Address
from models.verdict import Fields, Label

_IN_PASSING = frozenset({Label.OTHER, Label.JOB_APPLICATION})
"""Who asks for a panel, an advice or a job mentions authorities without turning to one."""


class FieldReader:
    """Reads fields with a learnt choice of names and the list of authorities."""

    def __init__(self, chooser: NameChooser, authorities: Authorities) -> None:
        self.chooser = chooser
        self._authorities = authorities

    def of_person(
        self,
        reading: Reading,
        language: str,
        decision: Decision,
        situation: Situation,
        customers: Sequence[str] = (),
    ) -> Fields:
        """Return the fields of a mail that a person wrote."""
        text = f"{reading.written}\n{reading.mail.body.signature}".strip()
        form = read_form_lines(text)
        company = customer_company(reading.text, language, customers)
        name = self._name(reading, form, company, situation)
        writer = reading.mail.from_[0].name if reading.mail.from_ else ""
        means_own = decision.means_own_address or means_own_address(reading.text, language)
        return Fields(
            full_name=name,
            account_email=account_email(
                reading,
                form,
                f"{name or ''} {writer}",
                means_own=means_own,
                uses_right=has_right(set(decision.labels)),
            ),
            postal_address=address_in(text, form, name),
            phone=phone_in(text, language, form),
            has_id_document=has_identity_document(reading.mail.attachments),
            deadline_mentioned=deadline_in(reading.written, language),
            authority_named=self._authority(reading, decision),
            customer_company=company,
            regulation=_regulation(reading, language),
        )

    def _name(self, reading: Reading, form: FormLines, company: str | None, situation: Situation) -> str | None:
        given = without_title(form.get("name") or "")
        if is_full_name(given):
            return given
        found = [one for one in candidates(reading) if one.name not in (company or "")]
        return self.chooser.best(found, situation)

    def _authority(self, reading: Reading, decision: Decision) -> str | None:
        """Return the authority that writes, else the one that the text names; none that is mentioned in passing.

        Who writes is told by the domain, in official mail by display name and signature, too: those of others may
        name an authority that they are registered with. What is said of one counts where the mail is about rights.
        """
        sender = reading.mail.from_[0] if reading.mail.from_ else Address("", "")
        is_official, listed = Label.AUTHORITY in decision.labels, self._authorities
        found = listed.of_domain(sender.address.partition("@")[2]) or (is_official and listed.named(sender.name))
        if not found and not _IN_PASSING.issuperset(decision.labels):
            found = listed.named(reading.text)
        return found or (is_official and listed.named(reading.mail.body.signature)) or None


def fields_of_machine(reading: Reading) -> Fields:
    """Return what may be said of an automatic mail or an advertisement: it has no writer."""
    return Fields(has_id_document=has_identity_document(reading.mail.attachments))


def _regulation(reading: Reading, language: str) -> str | None:
    """Return the law named; the agreed subject of a request names none by itself."""
    named = regulation_named(reading.written, language)
    return named if named or reading.is_rights_form else regulation_named(reading.subject, language)
