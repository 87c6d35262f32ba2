"""Case references: easy to read out, hard to guess, and a slip shows."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.reference import new_reference, references_in


def test_references_differ_and_have_no_letters_that_people_mistake() -> None:
    many = {new_reference() for _ in range(2000)}
    assert len(many) == 2000
    assert not set("".join(reference.removeprefix("RD-") for reference in many)) & set("0158AEIOULZSB")


@pytest.mark.parametrize("written", ["{}", "[{}]", "Re: [{}] hello", "({})", "ref:{}", "{}."])
def test_a_reference_is_found_in_running_text(written: str) -> None:
    reference = new_reference()
    assert list(references_in(written.format(reference))) == [reference]


def test_one_wrong_character_is_noticed() -> None:
    reference = new_reference()
    letters = "234679CDFGHJKMNPQRTVWXY"
    for place, letter in itertools.product(range(3, len(reference)), letters):
        slip = reference[:place] + letter + reference[place + 1 :]
        if reference[place] != "-" and slip != reference:
            assert list(references_in(slip)) == []


def test_two_swapped_characters_are_noticed() -> None:
    reference = new_reference()
    for place in (3, 4, 7, 8, 11, 12):
        swapped = list(reference)
        if place + 1 < len(swapped) and "-" not in swapped[place : place + 2] and swapped[place] != swapped[place + 1]:
            swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
            assert list(references_in("".join(swapped))) == []


@given(st.text(max_size=300))
def test_any_text_is_searched_without_complaint(text: str) -> None:
    assert all(reference.startswith("RD-") for reference in references_in(text))
