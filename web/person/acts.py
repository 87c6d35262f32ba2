"""The deeds of a requester on their page, by the name in the address.

Each looks at the form first, which may take a while, and returns what is then done in the case in one transaction.
"""

from collections.abc import Callable, Mapping

from cases.handing_in import choose_language, hand_in_files, withdraw, write_message
from cases.office import Office
from cases.proving import enter_code
from web.person.file_check import checked_file
from web.person.form import PersonForm

PersonDeed = Callable[[Office], object]
"""Returns a `Refusal` where what was tried is counted and not done."""


def _files(form: PersonForm) -> PersonDeed:
    files = [checked_file(name, content) for name, content in form.files]
    return lambda office: hand_in_files(office, files)


def _message(form: PersonForm) -> PersonDeed:
    return lambda office: write_message(office, form.word("message"), form.word("form"))


def _withdraw(_: PersonForm) -> PersonDeed:
    return withdraw


def _language(form: PersonForm) -> PersonDeed:
    return lambda office: choose_language(office, form.word("language"))


def _code(form: PersonForm) -> PersonDeed:
    return lambda office: enter_code(office, form.word("code"))


ACTS: Mapping[str, Callable[[PersonForm], PersonDeed]] = {
    "files": _files,
    "message": _message,
    "withdraw": _withdraw,
    "contact_language": _language,
    "code": _code,
}
