"""Which data protection law a mail names.

In: text, its language. Out: one of GDPR, UK GDPR, CCPA, LGPD, DSG, PIPEDA, or None. The British version counts only
where it is written so, or where British law or its authority stands beside it.
"""

import re

_NAMES = (
    (
        "UK GDPR",
        r"UK[\s-]?GDPR|UK General Data Protection|GDPR (?:of|in) the UK"
        r"|(?i:data protection act(?! of))|\bDPA 2018|Data \(Use and Access\) Act",
    ),
    ("CCPA", r"\bCCPA\b|\bCPRA\b|(?i:california consumer privacy|california privacy rights)"),
    ("PIPEDA", r"\bPIPEDA\b|\bLPRPDE\b|(?i:personal information protection and electronic documents)"),
    ("LGPD", r"\bLGPD\b|(?i:lei geral de prote[cç])|(?i:13\.709)"),
    (
        "DSG",
        r"\b(?:rev|n)?DSG\b(?! ?VO)|\bFADP\b|\bn?LPD\b(?=[^\n]{0,80}(?:art|suisse|féd)|\b)"
        r"|(?i:(?:schweizerische[ns]?|swiss|suisse|fédérale)[^\n.]{0,30}(?:datenschutzgesetz"
        r"|data protection act|protection des données))|\bDatenschutzgesetz\b(?=[^\n]{0,40}Schweiz)",
    ),
    (
        "GDPR",
        r"\bGDPR\b|\bR\.?G\.?P\.?D\b|\b(?:EU-)?DS-?\s?GVO\b|\bDatenschutz-?\s?Grundverordnung|\bRODO\b|\bAVG\b"
        r"|(?i:general data protection regulation|reglamento general de protecci[oó]n"
        r"|règlement général (?:européen )?(?:sur|de) la protection"
        r"|regolamento generale sulla protezione|regulamento geral (?:sobre|de) (?:a )?prote"
        r"|algemene verordening|2016/679|\bdsgvo\b|\brgpd\b|\bgdpr\b|ds-gvo|datenschutzgrundverordnung)",
    ),
)
_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _NAMES)
_AUSTRIAN_OR_GERMAN = re.compile(r"\b(?:BDSG|DSG 2000|DSGVO|DS-GVO|österreich)", re.IGNORECASE)
_DUTCH_AVG = re.compile(r"\bAVG\b")


_TRIGGERS = (
    *("gdpr", "rgpd", "r.g.p.d", "dsgvo", "ds-gvo", "ds gvo", "grundverordnung", "rodo", "avg", "2016/679"),
    *("protection regulation", "protecci", "règlement général", "regolamento generale", "regulamento geral"),
    *("algemene verordening", "data protection", "dpa 2018", "(use and access)", "ccpa", "cpra", "california"),
    *("pipeda", "lprpde", "electronic documents", "lgpd", "lei geral", "13.709", "dsg", "fadp", "lpd"),
    *("datenschutzgesetz", "protection des données"),
)
"""Without any of these in the lower-cased text, no pattern matches."""


def regulation_named(text: str, language: str) -> str | None:
    """Return the law that a text names first, None where it names none."""
    lowered = text.lower()
    if not any(trigger in lowered for trigger in _TRIGGERS):
        return None
    found = [
        (match.start(), name)
        for name, pattern in _PATTERNS
        if (match := pattern.search(text)) and not _is_something_else(name, text, language)
    ]
    return min(found)[1] if found else None


def _is_something_else(name: str, text: str, language: str) -> bool:
    """Tell of an abbreviation that means another thing: Austria has a DSG of its own, AVG is a word of other trades."""
    if name == "DSG":
        return bool(_AUSTRIAN_OR_GERMAN.search(text))
    if name == "GDPR" and _DUTCH_AVG.search(text) and language != "nl":
        return not any(pattern.search(_DUTCH_AVG.sub("", text)) for law, pattern in _PATTERNS if law == "GDPR")
    return False
