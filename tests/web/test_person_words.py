"""The words of the requester's page: the same in number, and with the same values, in each language."""

import re

import pytest

from cases.person_view import ItemStanding, LetterSort, Standing
from models.casework import PauseReason
from models.person import Refusal, SubmissionSort
from web.person.acts import ACTS
from web.person.words import LANGUAGES, page_words

NEEDED = {
    "standing": {*Standing},
    "item": {*ItemStanding},
    "letter": {*LetterSort},
    "submission": {*SubmissionSort},
    "question": {*PauseReason, "since"},
}


def values(sentence: str) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", sentence))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence_with_its_values(language: str) -> None:
    english, own = page_words("en").own, page_words(language).own
    assert {section: set(words) for section, words in own.items()} == {
        section: set(words) for section, words in english.items()
    }
    for section, words in english.items():
        for key, sentence in words.items():
            assert values(own[section][key]) == values(sentence), (section, key)
            assert language == "en" or own[section][key] != sentence or sentence in ("File", "Message")
    for section, keys in NEEDED.items():
        assert set(own[section]) == keys
    assert set(Refusal) <= set(own["problem"])
    assert all("done" in own[act] for act in ACTS)
