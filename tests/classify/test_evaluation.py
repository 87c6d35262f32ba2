"""Measuring: figures are counted as a person would count them, and the page shows them."""

from pathlib import Path

import pytest

from classify.corpus import CorpusMail
from classify.reading import read
from classify.training.counting import Counts, macro_f1_range, reliability, share_range
from classify.training.field_counts import field_counts
from classify.training.page import write_page
from classify.training.peers import spacy_categorizer, tfidf_regression
from classify.training.seen import Seen
from classify.training.tables import terminal_report
from models.verdict import Doubt, Fields, Label, Verdict
from service.training import as_mail, evaluate

HELD_OUT = """=== xx-1
labels: erasure
scenario: leaving
register: plain
from: Ida Holm <ida@mail.example>
subject: Please delete my data
name: Ida Holm
---
Please delete all the personal data you hold about me.

Ida Holm

=== xx-2
labels: other
scenario: invoice
register: plain
from: Ole Berg <ole@mail.example>
subject: Invoice
---
Could you send me the invoice for order 4711 again? The one you sent does not open.

Ole Berg
"""


def seen(fields: Fields, **noted: str) -> Seen:
    mail = CorpusMail(
        "xx-1", "en", (Label.ACCESS,), "s", "plain", "a@mail.example", "", "text", fields=tuple(noted.items())
    )
    verdict = Verdict("en", (Label.ACCESS,), {Label.ACCESS: 0.9}, Doubt.NONE, "1", fields)
    return Seen(mail, read(as_mail(mail)), (Label.ACCESS,), (Label.ACCESS,), verdict)


def test_a_field_is_right_whatever_its_case_and_commas() -> None:
    right = seen(Fields(postal_address="14 larch close Leeds,  LS7 3QT"), address="14 Larch Close, Leeds LS7 3QT")
    assert field_counts([right])["postal_address"] == Counts(1, 0, 0)


def test_a_wrong_field_is_both_missed_and_said_too_much() -> None:
    assert field_counts([seen(Fields(phone="112"), phone="0113 496 0182")])["phone"] == Counts(0, 1, 1)


def test_a_mail_without_notes_says_nothing_about_fields() -> None:
    assert field_counts([seen(Fields(phone="112"))])["phone"] == Counts(0, 0, 0)


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (5, 10), (10, 10), (1, 3)])
def test_an_interval_holds_the_share_it_is_about(hits: int, of: int) -> None:
    low, high = share_range(hits, of)
    assert 0 <= low <= hits / of <= high <= 1
    assert low < high


def test_macro_f1_of_faultless_labels_has_no_doubt_about_it() -> None:
    assert macro_f1_range([((Label.ACCESS,), (Label.ACCESS,)), ((Label.OTHER,), (Label.OTHER,))]) == (1.0, 1.0)


def test_tenths_tell_what_came_true() -> None:
    (low, high) = reliability([(0.05, False), (0.07, False), (0.95, True), (0.97, False)])
    assert (low.count, low.true, high.count, high.true) == (2, 0, 2, 0.5)


def test_peers_learn_what_a_few_plain_mails_say() -> None:
    texts = [("Please erase my data", Label.ERASURE), ("When do you open on Monday?", Label.OTHER)] * 12
    readings = [
        read(as_mail(CorpusMail(str(number), "en", (label,), "s", "plain", "a@mail.example", "", text)))
        for number, (text, label) in enumerate(texts)
    ]
    labels = [(label,) for _, label in texts]
    for learn in (tfidf_regression, spacy_categorizer):
        assert learn(readings, labels).label(readings[:2]) == labels[:2]


@pytest.mark.slow
def test_the_page_has_every_table_and_picture(tmp_path: Path) -> None:
    folder = tmp_path / "corpus" / "en"
    folder.mkdir(parents=True)
    (folder / "few.mails").write_text(HELD_OUT)
    found = evaluate(tmp_path / "corpus")
    assert found.counts["erasure"]["all"] == Counts(1, 0, 0)
    assert "macro-F1" in terminal_report(found)
    write_page(found, tmp_path / "page")
    page = (tmp_path / "page" / "README.md").read_text()
    assert "keyword matcher" in page
    for picture in ("labels.png", "reliability.png", "registers.png"):
        assert f"({picture})" in page
        assert (tmp_path / "page" / picture).read_bytes().startswith(b"\x89PNG")
