from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.passages import MAX_WORDS, passage_spans


def passages(text: str) -> list[str]:
    return [text[start:end] for start, end in passage_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello. Delete me! Now?", ["Hello.", "Delete me!", "Now?"]),
        ("Dear Dr. Hall, see Art. 15 GDPR.", ["Dear Dr. Hall, see Art. 15 GDPR."]),
        ("Am 3. Mai war es z. B. kalt. Danke.", ["Am 3. Mai war es z. B. kalt.", "Danke."]),
        ("Karen Doyle\n14 Larch Close\nLeeds", ["Karen Doyle", "14 Larch Close", "Leeds"]),
        ("One:\n- two\n- three", ["One:", "- two", "- three"]),
        ("«Ya no.» Gracias.", ["«Ya no.»", "Gracias."]),
        ("\n\n  \n--\n", []),
        ("", []),
    ],
)
def test_text_is_cut_where_its_sentences_and_lines_end(text: str, expected: list[str]) -> None:
    assert passages(text) == expected


def test_lines_that_a_mail_program_wrapped_are_one_sentence() -> None:
    text = "I would like to know which of my personal data you still hold and\nwho else has seen them. Thanks."
    assert len(passages(text)) == 2


def test_a_mail_without_a_full_stop_is_cut_into_pieces() -> None:
    pieces = passages("please delete me, " * 60)
    assert len(pieces) > 3
    assert all(len(piece.split()) <= MAX_WORDS + 1 for piece in pieces)


def test_a_hundred_thousand_words_without_a_stop_are_no_trouble() -> None:
    assert len(passages("word " * 100_000)) >= 100_000 // MAX_WORDS


@given(st.text(max_size=400))
def test_passages_are_in_order_and_lose_no_letter(text: str) -> None:
    spans = passage_spans(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    inside = {place for start, end in spans for place in range(start, end)}
    assert all(place in inside for place, letter in enumerate(text) if letter.isalnum())
