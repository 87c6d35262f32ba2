"""A postal address in a text: in a form line, in a block of lines, or inside a sentence.

In: text, its form lines, the name found. Out: the address on one line, None where none is found. It is built around
the post code of the countries our writers live in, and grows to the left over what looks like a street or a house.
"""

import re

from classify.footers import is_in_a_footer
from classify.form_lines import FormLines
from classify.unposted import TOWN, address_without_code

_AFTER = re.compile(
    rf"""
    (?<![\w./-])(?:
      (?:[A-Z]{{1,2}}-)?\d{{5}}(?:-\d{{3}})?\s{TOWN}                      # ES FR DE IT BR MX
    | (?<!\d\ )(?:[A-Z]{{1,2}}-)?\d{{4}}(?:\s?[A-Z]{{2}}(?=\s))?\s{TOWN}  # AT CH BE LU NL DK
    | (?<!\d\ )\d{{4}}-\d{{3}}\s{TOWN} | (?<!\d\ )\d\d-\d{{3}}\s{TOWN} # PT PL
    | C\.?\s?P\.?\s?\d{{5}},?\s{TOWN}                                   # MX
    | [A-Z]\d{{4}}(?:[A-Z]{{3}})?\s{TOWN}                                 # AR
    )""",
    re.VERBOSE,
)
_BEFORE = re.compile(
    r"""
    (?<![\w-])(?:
      [A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}                          # GB
    | [A-Z]\d[\dW]\s?[A-Z]\d?[A-Z\d]{2,3}                        # IE
    | [A-Z]{2}\s\d{5}(?:-\d{4})?               # US
    | (?:[A-Z]{2}\s)?[A-Z]\d[A-Z]\s?\d[A-Z]\d                    # CA
    | (?:NSW|VIC|QLD|WA|SA|TAS|ACT|NT)\s\d{4}                    # AU
    | [A-Z]{3}\s\d{4}                                            # MT
    | \d{5}-\d{3}(?=\s*(?:[.,;]|\n|$))                          # BR
    | (?<=[a-zà-ÿ]\s)(?:\d{4}|\d{6})(?=\.?\s*(?:\n|$)) | (?<=[a-zà-ÿ],\s)\d{4}(?=\.?\s*(?:\n|$))  # NZ IN ZA
    )(?![\w-])""",
    re.VERBOSE,
)
_STREET = re.compile(
    r"""(?i)(?:
    \b(?:street|road|lane|avenue|ave|drive|close|court|crescent|terrace|place|square|gardens?|grove|mews|way
    |hill|park|rise|parade|boulevard|blvd|row|walk|wharf|flat|apt|apartment|unit|house|cottage|suite|st|rd|ln|dr
    |depto|dpto|calle|c/|avda?|avenida|plaza|pza|paseo|pº|camino|camí|carrer|carretera|ronda|travesía|urb|urbanización|rúa
    |bulevar|piso|puerta|esc|barrio|pasaje|praceta|polígono|quartier|lieu-dit|cra|carrera|col
    |rue|allée|impasse|chemin|place|quai|cours|route|bd|bât|appt|résidence|square|ruelle|hameau|venelle|passage|esplanade|lotissement
    |faubourg|hent|montée|rang|bourg
    |via|viale|piazza|corso|vicolo|vico|salita|rua|travessa|praça|largo|estrada|alameda|ul|ulica|aleja|al|plac|os
    |am|an\sder|im|zum|zur|unter|auf|neuer|obere|untere)\b
    |\w*(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee|ring|damm|ufer|graben|steig|hof|markt|chaussee|gürtel|tor
    |anger|berg|höhe|halde|straat|laan|plein|gracht|kade|singel)\b
    )""",
    re.VERBOSE,
)
_CLOSING = re.compile(
    r"(?i)^(?:(?:kind|best|warm|many|with)?\s?(?:regards|wishes|thanks)|thank|yours|sincerely|cheers"
    r"|un (?:cordial )?saludo|saludos|atentamente|gracias|cordialement|bien à|salutations|merci|avec"
    r"|veuillez"
    r"|mit freundlich|freundliche|viele|beste|herzliche|gruß|grüße|danke|mfg|lg|cordiali|distinti|grazie"
    r"|obrigad|cumprimentos|met vriendelijke|groet|pozdraw|z poważ|tel|phone|mobil|e-?mail|from|date|name"
    r"|nom)\b"
)
MOST_PARTS = 7
LONGEST_LINE = 48
_SEPARATOR = re.compile(r"\s*(?:,|\s[·|–]\s?|\s-\s(?![A-Z]{2}\b))\s*")
_SMALL = """
    de la las los del dels el le les du des d' do da dos rue avenue allée cours quai place chemin impasse
    route boulevard ruelle square résidence calle avenida plaza paseo
    carrer camino carretera rua travessa via piazza viale ul. an der am im zum zur den núm. nº no. apto apt.
    piso bajo dcha. dcha izq. izda. izq ext. esc. ático àtic atico chambre bte bât bis ter # il y bât. straße
    str. hent ar interno int. scala sc. r/c dto. dto dt. frente casa ap. m. lok. bus bte. km s/n lote bloco
    esq. esq dir. dir dta. - – lt. bl. n.º n.o nº. d' mail
    escalera escal. portal planta puerta pta pta. bloque bloc blq. torre casa local edificio manzana mz. lote depto
    depto. dpto dpto. app. app appt appt. étage bâtiment entrée porte stiege tür top etage kamer bus. klatka
    mieszkanie lok. na nad di della dello dei degli delle del borgo contrada località loc. frazione fraz.
    piano sítio lugar caserío montée venelle faubourg esplanade hameau lieu-dit barrio ronda largo
    praça estrada alameda urb.
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_LEADING_WORDS = (
    "de la las los del dels el le les du des do da dos den der im am an zum zur al di della dello dei degli delle"
)
_LEADING = frozenset(_LEADING_WORDS.split())
_LABELLED = re.compile(r"(?i)^(?:address|adresse|anschrift|dirección|domicilio|indirizzo|endereço|morada|adres)$")
_WAY = re.compile(
    r"(?i)(?:\b(?:street|road|lane|avenue|calle|c/|avda?\.|avenida|plaza|paseo|camino|carrer|rambla|rue"
    r"|rua|travessa|praceta|via|viale|vicolo|corso|pasaje|chaussée"
    r"|allée|impasse|sentier|quai|chemin|cours|boulevard"
    r"|résidence|via|piazza|rua|ul\.|carrera)(?=\W)|\b[\w-]*(?:stra(?:ß|ss)e|str\.|weg|gasse|platz|allee)(?=\W))"
)
_ENDS_BEFORE_A_WAY = re.compile(
    r"(?i)^\D*\b(?:an|in|der|im|am|auf|nach|von|de|de la|es|sería|to|is|on|na|przy|di|haus|è|é|est)\s+$"
)
"""The sentence goes on up to the street: "piso de la ...", "wohne in der ..."."""
_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ0-9]{4})(?<![sS]tr)(?<!pto)[.!?]+\s+")
_TURNED_TO = re.compile(r":\s+|\ban:?\s(?!de[rnm]\b)")
"""The sentence names the address: "Post an Kirchgasse 3"; "an der" belongs to the street."""
_NOT_PLACE = re.compile(
    r"(?i)\b(?:frau|herrn?|mrs?|ms|miss|mme|d\.?ª?|don|doña|sra?|client\w*|mandant\w*|klient\w*|mitglied)\b"
    r"|\b(?:AG|KG|GmbH|Ltd|S\.L\.|OOD|OHG|SA)\b"
)


def address_in(text: str, form: FormLines, name: str | None) -> str | None:
    """Return the address of a form line, else the first complete one of the text."""
    given = form.get("address")
    if given is not None and re.search(r"\d", given):
        return given
    codes = [(match, False) for match in _AFTER.finditer(text)] + [(match, True) for match in _BEFORE.finditer(text)]
    for match, is_town_first in sorted(codes, key=lambda code: code[0].start()):
        found = _grown(text, match, name, is_town_first=is_town_first)
        if found is not None and not is_in_a_footer(text, match):
            return found
    return address_without_code(text)


def _grown(text: str, code: re.Match[str], name: str | None, *, is_town_first: bool) -> str | None:
    """Return post code and town with the parts before them, None where these don't make an address."""
    line_start = text.rfind("\n", 0, code.start()) + 1
    line = text[line_start : code.start()]
    parts, is_whole_line = _parts_of(line)
    last = re.sub(r"\s+", " ", code[0]).strip(" .,")
    if is_town_first and parts and not line.rstrip().endswith(","):
        last = f"{parts.pop()} {last}"
    if is_whole_line and len(parts) < 2:
        parts = [*_lines_above(text, line_start, name), *parts]
    if not any(_is_street(part) for part in parts) and not (is_town_first and len(parts) >= 2):
        return None
    if len(parts) > 1 and not _is_street(parts[0]) and re.search(r"\d", parts[1]) and _STREET.search(parts[1]):
        parts = parts[1:]
    if len(parts) > 1 and (_NOT_PLACE.search(parts[0]) or _is_person(parts[0], name)):
        parts = parts[1:]
    return ", ".join([*parts[-MOST_PARTS:], last])


def _parts_of(line: str) -> tuple[list[str], bool]:
    """Return the parts at the end of a line that can belong to an address, and whether they are all of it."""
    kept: list[str] = []
    for part in reversed([part for part in _SEPARATOR.split(line) if part.strip()]):
        ending = _address_words(part) if part.count(")") <= part.count("(") else ""
        is_town_of_the_sentence = ending != part.strip() and kept and _WAY.search(kept[0]) and not _is_street(ending)
        if ending and not is_town_of_the_sentence:
            kept.insert(0, ending)
        if ending != part.strip() or len(kept) == MOST_PARTS:
            return kept, False
    return kept, True


def _address_words(part: str) -> str:
    """Return the end of a part that is made of names, numbers and words of streets."""
    part = _TURNED_TO.split(_SENTENCE_END.split(part)[-1])[-1]
    way = _WAY.search(part)
    start = part.rfind(" ", 0, way.start() + 1) + 1 if way else len(part)
    head, tail = part[:start], part[start:].strip()
    if tail and (tail[0] == "(" or _ENDS_BEFORE_A_WAY.search(head)):
        return tail.lstrip("(")
    kept: list[str] = []
    for word in reversed(head.split()):
        bare = word if word.endswith(")") else word.lstrip("(")
        if not _belongs(bare, is_last=not (kept or tail)):
            break
        kept.insert(0, bare)
        if bare != word:
            break
    while kept and (kept[0] in _LEADING or _LABELLED.match(kept[0])):
        kept.pop(0)
    return " ".join([*kept, tail]).strip()


def _belongs(word: str, *, is_last: bool) -> bool:
    """Tell whether a word can stand in an address: a name, a number, a small word; not the end of a sentence."""
    if word.endswith((":", "!", "?", ";")) or re.match(r"\d+\.$|[JjLl]['’]\w", word):
        return False
    if re.search(r"^[^(]*\d\)$", word):
        return False
    if word.endswith(".") and len(word) > 5 and not is_last and not _STREET.search(word):
        return False
    return word[:1].isupper() or word[:1].isdigit() or word[:1] in "(#" or word.lower() in _SMALL_WORDS


def _lines_above(text: str, place: int, name: str | None) -> list[str]:
    """Return up to three short lines right above that can be house and street."""
    lines: list[str] = []
    for line in reversed(text[:place].split("\n")[:-1][-3:]):
        bare = line.strip(" ,")
        if not bare or len(bare) > LONGEST_LINE or _CLOSING.match(bare) or _is_person(bare, name) or bare[-1] in ":!?":
            break
        if _address_words(bare) != bare:
            break
        lines.insert(0, bare)
        if re.search(r"\d", bare):
            break
    return lines


def _is_street(part: str) -> bool:
    return bool(re.search(r"\d", part) or _STREET.search(part))


def _is_person(part: str, name: str | None) -> bool:
    return bool(name) and str(name).lower() in part.lower()
