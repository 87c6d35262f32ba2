import pytest

from classify.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Please tell me which personal data you hold about me.", "en"),
        ("Por favor, decidme qué datos personales tenéis sobre mí.", "es"),
        ("Merci de me dire quelles données vous détenez sur moi.", "fr"),
        ("Bitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben.", "de"),
        ("Vorrei sapere quali dati personali conservate su di me.", "it"),
        ("Gostaria de saber que dados pessoais guardam sobre mim.", "pt"),
        ("Ik wil graag weten welke persoonsgegevens u van mij bewaart.", "nl"),
        ("Proszę o informację, jakie moje dane osobowe Państwo przetwarzają.", "pl"),
        ("Jag vill att ni raderar alla mina personuppgifter omgående.", "sv"),
        ("delete my data", "en"),
        ("bitte löschen", "de"),
        ("BORRAD MIS DATOS POR FAVOR", "es"),
    ],
)
def test_the_language_of_a_mail_is_told(text: str, language: str) -> None:
    assert language_of(text, "") == language


def test_the_subject_helps_where_the_text_is_short() -> None:
    assert language_of("ok", "Bitte löschen Sie alle meine Daten aus Ihrem System") == "de"


@pytest.mark.parametrize("text", ["", "???", "12345", "https://x.example/a/b", "\n \n"])
def test_what_cannot_be_told_is_undetermined(text: str) -> None:
    assert language_of(text, "") == "und"
