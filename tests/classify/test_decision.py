import pytest

from classify.decision import Policy, decide
from classify.heads import TARGETS
from classify.reading import read
from models.verdict import Doubt, Label

POLICY = Policy(dict.fromkeys(TARGETS, 0.35), review_from=0.15)


def chances(**given: float) -> dict[str, float]:
    return {target: given.get(target, 0.01) for target in TARGETS}


@pytest.fixture
def plain(letter):  # type: ignore[no-untyped-def]
    return read(letter("Hello", "Something that was written."))


def test_a_label_above_its_threshold_stands(plain) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(erasure=0.9, rights=0.9), plain, "en", POLICY)
    assert (found.labels, found.doubt) == ((Label.ERASURE,), Doubt.NONE)


def test_several_rights_stand_together_most_probable_first(plain) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(erasure=0.6, access=0.9, complaint=0.2, rights=0.9), plain, "en", POLICY)
    assert found.labels == (Label.ACCESS, Label.ERASURE)


@pytest.mark.parametrize("alone", ["other", "auto", "spam"])
def test_other_auto_and_spam_stand_alone(plain, alone: str) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(**{alone: 0.8, "complaint": 0.5}), plain, "en", POLICY)
    assert found.labels == (Label(alone),)


def test_labels_are_never_empty(plain) -> None:  # type: ignore[no-untyped-def]
    assert decide(chances(), plain, "en", POLICY).labels


def test_a_mail_that_is_likely_a_request_gets_its_likeliest_right(plain) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(other=0.5, access=0.3, rights=0.7), plain, "en", POLICY)
    assert found.labels == (Label.ACCESS,)


def test_a_mail_that_may_be_a_request_is_shown_to_a_person(plain) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(other=0.8, rights=0.25), plain, "en", POLICY)
    assert (found.labels, found.doubt) == ((Label.OTHER,), Doubt.REQUEST)


def test_a_plain_other_mail_is_not_shown_to_anybody(plain) -> None:  # type: ignore[no-untyped-def]
    assert decide(chances(other=0.95, rights=0.02), plain, "en", POLICY).doubt is Doubt.NONE


def test_a_request_of_which_no_right_is_likely_is_unsure_in_its_kinds(plain) -> None:  # type: ignore[no-untyped-def]
    found = decide(chances(rights=0.9, access=0.08), plain, "en", POLICY)
    assert (found.labels, found.doubt) == ((Label.ACCESS,), Doubt.KINDS)


def test_a_language_we_do_not_read_goes_to_a_person(plain) -> None:  # type: ignore[no-untyped-def]
    assert decide(chances(other=0.95, rights=0.01), plain, "sv", POLICY).doubt is Doubt.REQUEST


def test_an_advertisement_in_a_language_we_do_not_read_does_not(plain) -> None:  # type: ignore[no-untyped-def]
    assert decide(chances(spam=0.95), plain, "sv", POLICY).doubt is Doubt.NONE
