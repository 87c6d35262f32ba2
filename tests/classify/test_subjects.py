import pytest

from classify.subjects import bare_subject, is_forward, is_reply, is_rights_form


@pytest.mark.parametrize(
    "subject",
    [
        "GDPR Rights Request",
        "gdpr rights request",
        "Re: GDPR Rights Request",
        "AW: GDPR-Rights-Request",
        "Fwd: [EXT] GDPR rights request",
        "GDPR Rights Reqest",
        "GDPR Rights Request - Karen Doyle",
        "Solicitud de derechos RGPD",
        "Exercice de droits RGPD",
        "DSGVO-Betroffenenanfrage",
        "DSGVO Betroffenenanfrage",
    ],
)
def test_the_agreed_subject_is_known_in_its_near_forms(subject: str) -> None:
    assert is_rights_form(subject)


@pytest.mark.parametrize(
    "subject",
    ["", "Invoice", "GDPR", "Your GDPR obligations as a company", "GDPR webinar on data rights for managers", "Data"],
)
def test_other_subjects_are_not_taken_for_it(subject: str) -> None:
    assert not is_rights_form(subject)


@pytest.mark.parametrize(
    ("subject", "marks", "bare"),
    [
        ("Re: Invoice", {"reply"}, "Invoice"),
        ("RE: AW: Rechnung", {"reply"}, "Rechnung"),
        ("Fwd: Re: hello", {"forward"}, "hello"),
        ("TR : facture", {"forward"}, "facture"),
        ("[EXTERNAL] RV: hola", {"reply", "forward"}, "hola"),
        ("Regarding my order", set(), "Regarding my order"),
    ],
)
def test_marks_of_answers_and_forwards_are_read_and_taken_off(subject: str, marks: set[str], bare: str) -> None:
    found = {mark for mark, is_there in (("reply", is_reply(subject)), ("forward", is_forward(subject))) if is_there}
    assert (found, bare_subject(subject)) == (marks, bare)
