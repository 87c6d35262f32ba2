"""Footers of businesses and offices below a mail.

In: text and a place in it. Out: whether the place lies in such a footer. What stands there is where somebody works.
"""

import re

_BUSINESS = re.compile(
    r"\b(?:Ltd|LLP|LLC|PLC|plc|Inc|g?GmbH|AG|KG|OHG|UG|GbR|mbB|SE|PartG|S\.?L\.?P?|S\.?A\.?|SARL|SAS|SRL"
    r"|S\.r\.l|BV|B\.V|NV"
    r"|Sp\.?\s?z|sp\.?\s?z|e\.?\s?V|NZOZ|MV)\b"
    r"|\b(?i:company|group|solicitors?|clinic\w*|klini\w+|kanzlei|notar\w*|rechtsanw\w+|anwält\w*"
    r"|steuerberat\w+|praxis|geschäftsführ\w*|leiter\w*|leitung|vertrieb|abteilung|compliance|manager\w*"
    r"|director\w*"
    r"|officer|head\sof|consult\w*|studio|bufete|despacho|abogad\w+|gerente|responsable|administraci\w+"
    r"|notaría|notaires?|barreau|marketing|procuradora?|cabinet|avocate?s?|maître|étude|gérante?|directeur|directrice|société|association|mairie"
    r"|avv|avvocat\w+"
    r"|direttore|direttrice|ufficio|amministrat\w+|advogad\w+|diretor\w*|lda|gerência|zaakvoerder"
    r"|advocat\w*|notaris"
    r"|praktijk|kancelari\w+|adw|radca|dyrektor\w*|prezes\w*|kierownik\w*|oddział|biuro|hospital"
    r"|ziekenhuis|naczelnik"
    r"|szpital|universit\w+|hochschule|ministerium|\w*behörde|\w*gericht|policía|polizei|\w*logistik|\w*dienst"
    r"|übersetzungen|notariat|physiotherapie|law)\b"
)
_REACHED_AT = re.compile(r"(?i)\b(?:tel|fax|www\S+)\b")
"""Beside an address this speaks of a firm; beside a telephone number it says nothing."""
_SAID = re.compile(
    r"(?i)(?:\baddress|adress\w*|anschrift|wohn\w*|domicil\w*|dirección|residen\w+|vivo|vive|live[sd]?"
    r"|habit\w*|demeur\w+"
    r"|indirizzo|abit\w+|morada|moro|endereço|adres\w*|woon\w*|zamieszk\w+|mieszk\w+|late\sof|account"
    r"|konto|compte)\b"
)
_FOOTER = 320
"""A footer lies at most so many letters from the end."""
_FOOTER_LINES, _LONGEST_FOOTER = 5, 160
_OF_A_LAWYER = re.compile(
    r"\b(?i:rechtsanw\w+|anwält\w*|kanzlei|notar\w*|notaires?|avocate?s?|barreau|étude|avv|avvocat\w+|abogad\w+|bufete"
    r"|procuradora?|notaría|advogad\w+|advocat\w*|kancelari\w+|adwokat\w*|radca|solicitors?|law\s(?:firm|offices?)|LLP|mbB)\b"
)
_GOES_ON = re.compile(r".{30}[.!?,:]\s*$")
"""A sentence; a comma ends the short line "Pour l'Étude," above the name, too."""
_STOPS = (".", "!", "?", ",", ":")


def is_in_a_footer(text: str, code: re.Match[str]) -> bool:
    """Tell of an address at `code` in the footer of a business or an office: the writer lives elsewhere."""
    if len(text) - code.end() > _FOOTER or code.start() < len(text) / 3:
        return False
    above = text[: code.start()].split("\n")[-_FOOTER_LINES:]
    lines = [*above[:-1], above[-1] + text[code.start() :].partition("\n")[0]]
    return not _SAID.search(lines[-1]) and any(
        _BUSINESS.search(line) or _REACHED_AT.search(line)
        for line in lines
        if len(line) <= _LONGEST_FOOTER and not line.rstrip().endswith(_STOPS)
    )


def is_number_of_a_lawyer(text: str, number: re.Match[str]) -> bool:
    """Tell of a number in a lawyer's footer, at the end of a mail."""
    if len(text) - number.end() > _FOOTER or number.start() < len(text) / 3:
        return False
    lines = text[: number.start()].split("\n")[-_FOOTER_LINES:]
    return any(
        _OF_A_LAWYER.search(line) for line in lines if len(line) <= _LONGEST_FOOTER and not _GOES_ON.search(line)
    )
