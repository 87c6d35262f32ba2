"""Whose name is found: that of the person whom the mail is for."""

import pytest

from classify.judge import Judge

ERASURE = "please delete my account and everything that you hold about me."


@pytest.mark.parametrize(
    ("sender", "body", "name"),
    [
        ('"Doyle, Karen" <karen.doyle@mill.example>', f"Hello, {ERASURE}", "Karen Doyle"),
        ("k <timo.buescher@mail.example>", "Löscht bitte mein Konto und alle Daten. timo büscher", "timo büscher"),
        ("Lou <lou@mail.example>", f"{ERASURE} thanks, lou martin", "lou martin"),
        (
            "Svea Thormählen <svea@mail.example>",
            "Guten Tag, mein Bruder Jannes Thormählen ist im März verstorben. Bitte löschen Sie sein Konto.\n\nSvea Thormählen",
            "Jannes Thormählen",
        ),
        (
            "Rosalie Brandl <rosalie@mail.example>",
            "Guten Tag, ich bin die Mutter. Bitte löschen Sie alle Bilder und Daten von meiner Tochter Mathilda Brandl, 9 Jahre.\n\n"
            "Rosalie Brandl",
            "Mathilda Brandl",
        ),
        (
            "Begoña Sarrió <bsarrio@mail.example>",
            "Hola. Soy Begoña Sarrió Monfort. Quiero que borren mi cuenta y todos mis datos.",
            "Begoña Sarrió Monfort",
        ),
    ],
)
def test_the_person_is_found_however_they_are_named(
    judge: Judge,
    letter,  # type: ignore[no-untyped-def]
    sender: str,
    body: str,
    name: str,
) -> None:
    assert judge.judge(letter("", body, sender=sender)).fields.full_name == name


@pytest.mark.parametrize(
    "office", ["Accounts Payable", "Ufficio Acquisti", "Équipe sécurité", "Supplier Assurance", "Sekretariat Nord"]
)
def test_an_office_is_nobodys_name(judge: Judge, letter, office: str) -> None:  # type: ignore[no-untyped-def]
    mail = letter("Invoice 4711", "The invoice is still open, please pay.", sender=f"{office} <office@mill.example>")
    assert judge.judge(mail).fields.full_name is None
