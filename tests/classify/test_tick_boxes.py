"""Forms with boxes: what is left unticked is not asked for."""

import pytest

from classify.tick_boxes import without_unticked


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("[x] Show me my data\n[ ] Delete my data", "[x] Show me my data\n"),
        ("I am [x] a customer [ ] a visitor [X] a patient", "I am [x] a customer [X] a patient"),
        ("Access: ☒\nErasure: ☐", "Access: ☒\n"),
        ("Accès [x]   Effacement [ ]   Opposition [ ]", "Accès [x]"),
        ("1. ( ) Löschung\n2. (x) Auskunft", "1. \n2. (x) Auskunft"),
        ("☐ Supresión ☑ Acceso\n\nGracias, Inés", "☑ Acceso\n\nGracias, Inés"),
    ],
)
def test_an_unticked_option_is_left_out(written: str, left: str) -> None:
    assert without_unticked(written) == left


@pytest.mark.parametrize("written", ["[ ] Access\n[ ] Erasure", "Please delete it (all of it) [see below].", ""])
def test_where_nothing_is_ticked_all_stays(written: str) -> None:
    assert without_unticked(written) == written
