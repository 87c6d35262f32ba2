"""The customer through whom the writer's data came to us.

In: text, its language, the names of the organisation's customers. Out: one of those if it is named, else what the
words point at ("a client of ...", "... uses your platform"), as written; None where nothing does.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

_COMPANY = (
    r"(?P<company>(?:[A-ZÀ-Þ0-9][\w'’&-]*|e\.\s?V\.)(?:[ ](?:(?:de|del|la|las|los|du|des|le|les|of|the|von|der"
    r"|und|&|y|et|and|e\.)\s?){0,2}(?:[A-ZÀ-Þ0-9][\w'’&-]*|V\.)){0,4})"
)
_BY_LANGUAGE = {
    "en": (
        rf"(?i:\b(?:website|site|shop|store|newsletter|campaigns?|privacy (?:notice|policy)|cookie notice"
        rf"|customers?|clients?|members?|mailing list|loyalty card) (?:of|for|from)) (?:(?:the|a"
        rf"|an) )?{_COMPANY}",
        rf"(?i:\b(?:a |I'm a |as a )?(?:customer|client|member|patient|guest|subscriber|pupil|employee) (?:of"
        rf"|at|with)) (?:the )?{_COMPANY}",
        rf"{_COMPANY} (?:uploaded|uses you|use you|sends? (?:its|their)|gave you|passed|works with you"
        rf"|hired you|says? (?:that )?you|told me (?:that )?you)",
        rf"(?i:\b(?:record|work|run|send|process|host|track|measure)\w* (?:[\w']+ ){{0,3}}for (?:the "
        rf"|our )?(?:web ?shop |shop |club |school )?){_COMPANY}",
        rf"(?i:\b(?:bank|train|shop|study) (?:with|at) ){_COMPANY}"
        rf"|^{_COMPANY.replace('company', 'teller')} (?:tells|told) me",
    ),
    "es": (
        rf"(?i:\b(?:(?:web|página|sitio|tienda|boletín|newsletter|lista|campaña|clientes?|socios?|pacientes?"
        rf"|alumn[oa]s?|avis[oa]|informes) (?:de|del|de la)|(?:cliente|clienta|soci[oa]|paciente|alumn[oa]"
        rf"|abonad[oa]) (?:de|del|de la|en)|genera para(?: el| la)?)) {_COMPANY}",
        rf"(?:\b[Ee]l |\b[Ll]a |\bde |\ben |^){_COMPANY}(?: de [A-Z]\w+)? (?:usa|utiliza|manda|mandó|envía"
        rf"|subió|pasó|sube|cargó) ",
        rf"(?i:\b(?:trabajo en|recepción de|wifi de|me apunté en|voy a|plataforma (?:el|la))) {_COMPANY}",
    ),
    "fr": (
        rf"(?i:\b(?:site|boutique|newsletter|infolettre|page|fichier|campagne|client[e]?s?|adhérent[e]?s?"
        rf"|patient[e]?s?|abonné[e]?s?) (?:de|du|de la|des|chez)) {_COMPANY}",
        rf"{_COMPANY} (?i:vous (?:confie|a confié|a transmis|utilise)|utilise vo|passe par (?:vous|vo)"
        rf"|me renvoie|partent de chez vous)",
        rf"(?i:\b(?:pour le compte de (?:la |l['’])?|bot whatsapp d[ue] |abonnée? (?:aux|à la"
        rf"|au) [\w ]{{0,20}}de |partenaire de |textos [^.]{{0,40}}de la )){_COMPANY}",
    ),
    "de": (
        rf"(?i:\b(?:kund(?:e|in|en)|mitglied(?:er)?|patient(?:in|en)?|newsletter|website|webseite|shop|seite"
        rf"|rundmail\w*|kampagne|gast|bewohner\w*) (?:bei|beim|von|vom|der|des|im|in|bei der)) {_COMPANY}",
        rf"(?i:\b(?:im auftrag|auftragsverarbeiter|dienstleister) (?:von|vom|der|des)(?: firma)?) {_COMPANY}",
        rf"(?:[Dd]er|[Dd]ie|[Dd]as|[Bb]eim?|[Vv]om|[Ii]m|an die"
        rf"|bei der)(?: [a-zäöüß]+)?(?: [A-Z]\w+(?:händler|verein|studio|portal))? {_COMPANY} (?i:nutzt|setzt"
        rf"|verwendet|arbeitet mit|schickt|wertet|hat (?:meine|mich|uns))",
        rf"(?i:\b(?:wechselt vom|dienstleister sind.{{0,40}} an die|trainiere (?:bei|im)|kaufe (?:bei|im)"
        rf"|aushang im)) {_COMPANY}",
    ),
    "it": (
        rf"(?i:\b(?:sito|negozio|newsletter|clienti?|soci[oa]?|pazient[ei]) (?:di|del|della|da|presso)) {_COMPANY}",
    ),
    "pt": (rf"(?i:\b(?:site|loja|newsletter|clientes?|sóci[oa]s?|pacientes?) (?:de|do|da)) {_COMPANY}",),
    "nl": (rf"(?i:\b(?:website|winkel|nieuwsbrief|klant(?:en)?|lid|leden|patiënt(?:en)?) (?:van|bij)) {_COMPANY}",),
    "pl": (rf"(?i:\b(?:stron[ay]|sklepu?|newslettera?|klient(?:em|ką|ów)?|pacjent(?:em|ką)?) (?:firmy )?){_COMPANY}",),
}
_NOT_A_COMPANY = re.compile(
    r"(?i)^(?:i|you|your|ihr\w*|euer\w*|vous|votre|vuestr\w+|gdpr|rgpd|dsgvo|telegram|whatsapp|google|facebook"
    r"|instagram|art\w*|january|monday|januar|montag|uk|eu|\d+)\b"
    r"|^(?:su|sus|the|la|el|le|die|der|das|nous|on)$|^(?:mr|mrs|ms|madame|mme|monsieur|herrn?|frau|don|doña)\b"
)


def customer_company(text: str, language: str, customers: Sequence[str]) -> str | None:
    """Return the customer whose data this is about."""
    lowered = text.lower()
    listed = [(lowered.find(name.lower()), name) for name in customers if name and name.lower() in lowered]
    if listed:
        place, name = min(listed)
        return text[place : place + len(name)]
    for pattern in _patterns(language):
        for match in pattern.finditer(text):
            found = next(value for value in match.groups() if value).strip(" .,")
            if len(found) > 2 and not _NOT_A_COMPANY.match(found):
                return found
    return None


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a language, the English ones where it has none."""
    return tuple(re.compile(pattern) for pattern in _BY_LANGUAGE.get(language, _BY_LANGUAGE["en"]))
