"""The deeds of a requester on their page, by the name in the address; each returns why it was not done, or None."""

from collections.abc import Callable, Mapping

from cases.handing_in import choose_language, hand_in_files, withdraw, write_message
from cases.office import Office
from cases.proving import enter_code
from models.person import Refusal
from web.person.file_check import checked_file
from web.person.form import PersonForm


def _files(office: Office, form: PersonForm) -> None:
    hand_in_files(office, [checked_file(name, content) for name, content in form.files])


def _message(office: Office, form: PersonForm) -> None:
    write_message(office, form.word("message"), form.word("form"))


def _withdraw(office: Office, _: PersonForm) -> None:
    withdraw(office)


def _language(office: Office, form: PersonForm) -> None:
    choose_language(office, form.word("language"))


def _code(office: Office, form: PersonForm) -> Refusal | None:
    return enter_code(office, form.word("code"))


ACTS: Mapping[str, Callable[[Office, PersonForm], Refusal | None]] = {
    "files": _files,
    "message": _message,
    "withdraw": _withdraw,
    "contact_language": _language,
    "code": _code,
}
