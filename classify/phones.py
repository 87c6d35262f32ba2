"""A telephone number of the writer, as written.

In: text, its language, its form lines. Out: the number with its spaces and signs, None where none is found. Numbers
of invoices, bank accounts, cases and dates are left alone: a number counts after a word that announces it, or where
its form tells (international prefix, a national number that is possible and grouped as one).
"""

import re
from collections.abc import Iterator

from classify.footers import is_number_of_a_lawyer
from classify.form_lines import FormLines

REGIONS = {
    "en": ("GB", "US", "IE", "IN", "ZA", "AU", "NG"),
    "es": ("ES", "MX", "AR", "CO", "CL"),
    "fr": ("FR", "BE", "CH", "CA"),
    "de": ("DE", "AT", "CH"),
    "it": ("IT", "CH"),
    "pt": ("PT", "BR"),
    "nl": ("NL", "BE"),
    "pl": ("PL",),
}
_CANDIDATE = re.compile(
    r"(?=[\d(+])(?<![\w@#/.,-])(?:\(?(?:\+|00))?\(?\d(?:[\d()]|[ \u00a0./–-](?=[\d(]))(?:[\d()]"
    r"|[ \u00a0./–-]{1,3}(?=[\d(])){5,18}(?![\w@%€$£])"
)
_ANNOUNCED = re.compile(
    r"""(?i)(?:
    \b(?:tele)?(?:phone|fon\w*|foon\w*)|\bt[eé]l(?:[eé](?:fono|phone|fone|móvel)\w*)?\b\.?|\bmob(?:ile|iel
    |il\w*)?\b|\bcell?(?:ulare?|phone)?\b|\bcel\b|\bhandy\w*|\bm[oó]vil|\bportable|\bwhatsapp|\bwasap|\btelegram
    |\bcall(?:ed|s|ing)?\b|\bring\b|\brung\b|\brang\b|\btext(?:ed)?\b|\breach\b|\bll[aá]m\w+|\bappel\w*
    |\bjoindre|\bjoignable|\bruf\w*|\bangeruf\w*|\berreich\w*|\banruf\w*|\bdzwon\w*|\bbel(?:len|t)?\b|\bchiam\w+|\blig(?:a
    |ar|uem)\b
    |\bn[uú]m(?:[eé]ro|ero|\.)?\b|\bnumber\b|\bnummer\b|\bnumer[oo]?\b|\bsms\b|☎|📞
    )[^\n\d]{0,45}$""",
    re.VERBOSE,
)
_OTHER_NUMBER = re.compile(
    r"""(?i)(?:
    invoice|factura|facture|rechnung\w*|order|pedido|commande|bestell\w*|client[ea]?|customer|kunden\w*|contra\w+
    |vertrag\w*|ticket|case|dossier|expediente|vorgang\w*|aktenz\w*|\baz\b\.?|policy|p[oó]li[zc]a|police|account|konto\w*
    |compte|cuenta|iban|bic|card|tarjeta|carte|karte\w*|member\w*|socio|mitglied\w*|passport|pasaporte|passeport|\bdni
    |\bnie|\bnif|\bcif|siret|siren|vat|\bust\S*|tax|steuer\w*|seri\w+|matr[ií]cul\w*|imei|hrb|tracking|sendung\w*|meter
    |z[aä]hler\w*|version|colegiad\w+|darlehen\w*|kredit\w*|loan|pr[eé]stamo|pr[êe]t|hypoth\w*|mutuo|empr[eé]stimo|lening
    |kredyt\w*|pożyczk\w*
    )(?:\s?(?:number|no\.?|nummer|nr\.?|n[úu]m(?:ero|\.)?|num[ée]ro|n\.?[º°]|id))?[\s:#º°-]*$""",
    re.VERBOSE,
)
"""Words right before a number that is none of a telephone."""
_WEAKLY_OTHER = re.compile(r"(?i)(?:ref\w*|n[ºo°]\.?|nr\.?|art\w*|§|\bid|reg\w*|col)[\s.:#º°-]*$")
"""Words right before a number that has no other announcement."""
_NORTH_AMERICA = r"\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}"
_NATIONAL = {
    "en": rf"{_NORTH_AMERICA}|[6-9]\d{{4}}[ -]\d{{5}}",
    "es": _NORTH_AMERICA,
    "fr": _NORTH_AMERICA,
    "it": r"3\d\d[ ./-]?\d{3}[ .-]?\d{3,4}",
    "pl": r"\d{3}[ -]\d{3}[ -]\d{3}|\(?\d\d\)?[ -]\d{3}[ -]\d\d[ -]\d\d",
    "pt": r"[239]\d\d \d{3} \d{3}|\(?\d\d\)? ?9?\d{4}[-. ]\d{4}",
}
"""How numbers without a leading zero are grouped where a language is spoken."""
_DATE = re.compile(
    r"^\D*(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d[./-]\d\d?(?:[./-]\d\d?)?|(?:19"
    r"|20)\d\d\s?[–-]\s?(?:19|20)?\d\d|(?:19|20)\d\d/\d{3,6})\D*$"
)
"""Days, spans of years, and numbers of cases that begin with the year."""


def phone_in(text: str, language: str, form: FormLines) -> str | None:
    """Return the writer's number: from a form line, else the best announced one, else the best by its form."""
    given = form.get("phone")
    if given is not None:
        match = _CANDIDATE.search(" " + given)
        if match is not None and _is_possible(match[0], language):
            return match[0].strip()
    ranked = sorted(_ranked(text, language), reverse=True)
    return ranked[0][2] if ranked else None


def _ranked(text: str, language: str) -> Iterator[tuple[int, int, str]]:
    for match in _CANDIDATE.finditer(text):
        number = _unwrapped(match[0].strip(" .-/–"))
        before = text[max(0, match.start() - 60) : match.start()]
        if _DATE.match(number) or _OTHER_NUMBER.search(before):
            continue
        announced = bool(_ANNOUNCED.search(before))
        if not announced and (_WEAKLY_OTHER.search(before) or not _is_grouped(number, language)):
            continue
        if not _is_possible(number, language) or is_number_of_a_lawyer(text, match):
            continue
        yield int(announced) + int(number.startswith(("+", "00"))), match.start(), number


def _is_possible(number: str, language: str) -> bool:
    from phonenumbers import NumberParseException, is_possible_number, parse  # noqa: PLC0415 - large

    for region in REGIONS.get(language, ("GB", "ES", "FR", "DE")):
        try:
            parsed = parse(number, region)
        except NumberParseException:
            continue
        if is_possible_number(parsed) and len(str(parsed.national_number)) >= 7:
            return True
    return False


def _unwrapped(number: str) -> str:
    """Return a number without the brackets of the sentence around it."""
    if number.startswith("(") and number.find(")") in (-1, len(number) - 1):
        return number.strip("()")
    return number.removesuffix(")") if number.count(")") > number.count("(") else number


def _is_grouped(number: str, language: str) -> bool:
    """Tell whether an unannounced number is written as telephone numbers are: prefix, or groups and enough digits."""
    digits = re.sub(r"\D", "", number)
    if number.startswith(("+", "(+")) or re.fullmatch(_NATIONAL.get(language, r"\+"), number):
        return True
    groups = len(re.findall(r"\d+", number))
    if digits.startswith("00"):
        return groups >= 3 and 11 <= len(digits) <= 15
    return 9 <= len(digits) <= 12 and (digits[0] == "0" or (groups >= 3 and digits[0] in "6789"))
