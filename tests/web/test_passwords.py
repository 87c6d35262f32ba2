"""Which passwords are taken: long ones of words, none that is guessed first."""

import pytest
from argon2 import extract_parameters

from models.errors import NotAllowed
from web.desk.passwords import NOBODY, check_password, fits, hashed


@pytest.mark.parametrize(
    "password",
    [
        *("passwordpassword", "P@ssw0rd-P@ssw0rd-1", "correct horse battery staple", "qwertyuiop asdfgh"),
        *(
            "Summer2026Summer2026",
            "1q2w3e4r5t6y7u8i9o",
            "2026-03-04 2025-03-04",
            "abcdefghijklmnopq",
            "abcabcabcabcabcabc",
        ),
        *("mara lind 2026!!", "Brightmail-2026-x", "rightsdesk-2026-ab", "motdepasse bonjour", "ab ab ab ab ab ab ab"),
    ],
)
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    with pytest.raises(NotAllowed, match="too easy to guess"):
        check_password(password, ("Mara Lind", "brightmail Brightmail Ltd"))


@pytest.mark.parametrize(
    "password", ["three green kettles sing", "a kettle of seven fish", "ñandúes comen tréboles", "x8K2-qq91-LmZ0-"]
)
def test_passwords_of_a_few_words_are_taken(password: str) -> None:
    check_password(password, ("Mara Lind", "brightmail Brightmail Ltd"))


def test_a_name_that_nobody_has_takes_as_long_as_one_with_a_password() -> None:
    kept = hashed("seven grey herons wait")
    assert extract_parameters(NOBODY) == extract_parameters(kept)
    assert fits(kept, "seven grey herons wait")
    assert not fits("", "seven grey herons wait")
