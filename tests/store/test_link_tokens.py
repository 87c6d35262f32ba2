"""Tokens of links: only ours open anything, and only what they were made for."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.link_tokens import LinkPurpose, new_nonce, nonce_in, token_of
from store.vault import MasterKey, Vault

VAULT = Vault(MasterKey(b"k" * 32))


def test_a_token_leads_back_to_its_number_and_looks_like_nothing() -> None:
    nonce = new_nonce()
    token = token_of(VAULT, LinkPurpose.PAGE, nonce)
    assert nonce_in(VAULT, LinkPurpose.PAGE, token) == nonce
    assert len(token) == 43
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert nonce not in token


def test_a_token_opens_only_what_it_was_made_for_and_only_under_its_key() -> None:
    nonce = new_nonce()
    token = token_of(VAULT, LinkPurpose.PAGE, nonce)
    assert nonce_in(VAULT, LinkPurpose.PROOF, token) is None
    assert nonce_in(Vault(MasterKey(secrets.token_bytes(32))), LinkPurpose.PAGE, token) is None


def test_the_number_alone_makes_no_token() -> None:
    nonce = new_nonce()
    assert nonce_in(VAULT, LinkPurpose.PAGE, nonce) is None
    assert nonce_in(VAULT, LinkPurpose.PAGE, nonce + nonce) is None


@pytest.mark.parametrize("place", range(43))
def test_a_token_altered_anywhere_is_none(place: int) -> None:
    token = token_of(VAULT, LinkPurpose.PAGE, "00112233445566778899aabbccddeeff")
    for other in "AaZz09-_":
        altered = token[:place] + other + token[place + 1 :]
        assert altered == token or nonce_in(VAULT, LinkPurpose.PAGE, altered) is None


@given(st.text(max_size=100))
def test_whatever_is_tried_never_raises(token: str) -> None:
    assert nonce_in(VAULT, LinkPurpose.PAGE, token) is None
