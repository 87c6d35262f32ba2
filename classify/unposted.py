"""Postal addresses without a post code, or written all in small letters.

In: text. Out: the address as written, None where none is found: a street with its number, and a town.
"""

import re

from classify.footers import is_in_a_footer

TOWN = (
    r"(?:St\.\s)?[A-ZÀ-ÞĄĆŁŚŹŻČŠŽİ][\w'’-]*(?:/[A-ZÀ-Þ][\w'’-]*)?"
    r"(?:[ -](?:(?:de|del|dels|la|las|los|el|am|an|der|im|in|bei|ob"
    r"|sur|sous|les|lès"
    r"|en|do|da|das|dos|aan|den|di|upon|on|by|le|auf|vor|na|nad|pod|w)\s){0,2}(?:[A-ZÀ-ÞŁŚŻŹĆ][\w'’-]*"
    r"|\([A-ZÀ-Þ][\w ]*\))){0,3}"
    r"(?:,\s(?:[A-Z][a-z]{1,3}\.|[A-Z]\.\s?[A-Z]\.))?"
)
_A_TOWN = rf"(?=[A-ZÀ-ÞŁŚŻ][\w'’-]{{2}})(?!(?:I|You|We|The|My|En|El|La|Le|Et|Und|Ich|Bitte)\b){TOWN}(?:\sD\.\s?C\.)?"
_DETAIL = (
    r"(?:,\s?(?:(?:apto?|piso|int|puerta|local|casa|bât|bte|flat|apt|lok|m)\.?\s?[\w-]{1,4}"
    r"|\d{1,2}[.ºª°]{0,2}\s?[\w.]{0,5}))"
)
_WITHOUT_CODE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?i:\b(?:calle|c/|avda?\.|avenida|av\.|plaza|paseo|pasaje|carrera|carrer|camino|rua|travessa"
        rf"|praceta|via|viale"
        rf"|piazza|corso|ul\.|al\.|os\.))\s?(?:[\w.'’-]+\s){{1,5}}?(?:n\.?[ºo°]\s?"
        rf"|#\s?)?\d[\w/-]*(?:\s?(?:-|#|m\.|lok\.)\s?\d+)?"
        rf"{_DETAIL}{{0,2}}(?:,\s|\sin\s|\sa\s|\sem\s|\sen\s|\sw\s|\s(?=[A-ZŁŚŻ])){_A_TOWN}",
        rf"\b\d{{1,4}}[a-zA-Z]?(?:\s[bt]is|\ster)?,?\s(?i:rue|avenue|allée|chemin|impasse|place|quai"
        rf"|boulevard|route)\s[^,.\n\d]{{3,40}},\s{_A_TOWN}",
        rf"(?<![\d.])\b\d{{1,4}}[A-Za-z]?\s(?:[A-Z][\w'’]+\s){{1,3}}(?:Street|Road|Lane|Avenue|Drive|Close"
        rf"|Court|Crescent"
        rf"|Terrace|Place|Square|Gardens|Grove|Way|Hill|Row|Walk|Mews)\b,\s{_A_TOWN}(?:,\s{_A_TOWN})?(?:,?\s\d{{4,6}}\b(?!\s?\d))?",
        r"(?i:\bP\.?\s?O\.?\sBox\s\d+),\s[A-Z]\w+(?:\s\d{4,6})?",
        r"(?i)\b\d{1,4}[a-z]?\s(?:bis\s)?(?:rue|avenue|chemin|allée"
        r"|impasse)\s[^,.\n\d]{3,40}\s\d{5}\s[a-zà-ÿ-]{3,}",
        r"(?i)(?<![\w-])[a-zäöüß-]{3,30}(?:str(?:aße|asse|\.)?|weg|platz|gasse"
        r"|allee)\s\d{1,3}[a-z]?,?\s(?:in\s)?\d{5}\s[a-zäöüß-]{3,}",
        r"(?i)\b(?:calle|c/|via|rua|ul\.?)\s[^,.\n\d]{3,40}\s\d{1,4}[a-z]?,?\s(?:\d{5}|\d{2}-\d{3}"
        r"|\d{4}-\d{3})\s[a-zà-ÿąćęłńóśźż-]{3,}",
    )
)
"""By language: streets with a town and no code, or all in small letters."""


def address_without_code(text: str) -> str | None:
    """Return the first street with a number and a town outside a footer, None where there is none."""
    for pattern in _WITHOUT_CODE:
        found = pattern.search(text)
        if found is not None and not is_in_a_footer(text, found):
            return re.sub(r"\s+", " ", found[0]).strip(" ,").removesuffix("." if not found[0].endswith(".C.") else "")
    return None
