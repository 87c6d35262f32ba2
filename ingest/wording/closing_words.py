"""The words by which signatures, footers of mail programs and notices are known.

Each table is one expression with a line or more for each language, in the order English, Spanish, French, German,
Italian, Portuguese, Dutch, Polish, neighbours.
"""

import re


def _either(*phrases: str) -> str:
    """Return an expression that matches any of the phrases."""
    return f"(?:{'|'.join(phrases)})"


def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE | re.DOTALL)


_SENT_FROM = _either(
    r"sent (?:from|via|with|using)",
    r"enviado (?:desde|con|a través de|por|mediante)",
    r"envoyé (?:de|depuis|avec|à partir de|par|via)|envoyé d['’]",
    r"(?:gesendet|verschickt|versendet|geschickt) (?:von|mit|aus|über|via)",
    r"(?:diese (?:nachricht|mail|e-mail) wurde )?von mein\w+",
    r"inviato (?:da|dal|dalla|con|tramite)",
    r"enviado (?:do|da|de|a partir d[oe]|pelo|via)",
    r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|met|via|vanuit|van|door)",
    r"wysłan[eoay] (?:z|ze|za pomocą|przy użyciu|przez)",
    r"skickat från|sendt fra|lähetetty|odesláno z|trimis (?:de pe|din)|elküldve",
)
_DEVICE = _either(
    r"i-?phone\w*|ipad\w*|ipod|macbook|android\w*|samsung\w*|galaxy|huawei|xiaomi|redmi|oneplus|pixel|motorola|nokia",
    r"blackberry|hub|windows|ios|outlook\w*|yahoo\w*|gmail|gmx|web\.de|t-online|telekom|orange|proton\w*|tutanota",
    r"aol|thunderbird|spark|fairemail|k-9|bluemail|mail\w*|e-mail",
    r"smartphone\w*|phone|mobile|mobil\w*|cell|tablet\w*|device",
    r"móvil|celular|teléfono|dispositivo|correo",
    r"téléphone|portable|appareil|courrier",
    r"handy|ger[äa]t\w*",
    r"cellulare|telefono|posta",
    r"telemóvel|telefone|correio",
    r"telefoon|toestel|apparaat",
    r"telefon\w*|smartfon\w*|urządzenia|poczt\w*",
)
FOOTER = _compiled(rf"[\W_]*{_SENT_FROM}[\s:]+(?:\S+[\s-]+){{0,4}}?{_DEVICE}['’]?\w?\b(?:[\s,\-–]+\S+){{0,6}}\s*$")
"""A mail program names itself: "Sent from my iPhone"."""

_GET_OUTLOOK = _either(
    r"get|download",
    r"obtener|obtén",
    r"obtenez|obtenir|télécharge[rz]",
    r"holen sie sich|laden sie",
    r"scarica|ottieni",
    r"obter|obtenha|baixar?",
    r"pobierz(?: program| aplikację)?",
)
OTHER_FOOTER = _compiled(
    r"[\W_]*"
    + _either(
        rf"{_GET_OUTLOOK} outlook (?:for|para|pour|für|per|voor|dla)\b.{{0,60}}",
        r"outlook (?:für|voor) .{1,20} (?:beziehen|herunterladen|downloaden)",
        r"(?:please )?(?:consider|think of) the environment before printing.{0,60}",
        r"antes de imprimir.{0,120}",
        r"pensez (?:à l['’]environnement|avant d['’]imprimer).{0,80}",
        r"(?:bitte )?denken sie (?:bitte )?an die umwelt.{0,80}",
        r"(?:virus-free|virenfrei|libre de virus|(?:garanti )?sans virus|privo di virus|livre de vírus)\b.{0,60}",
        r"(?:virusvrij|wolny od wirusów)\b.{0,60}",
        r".{0,80}\bwww\.(?:avast|avg|eset|mcafee)\.com\b.{0,40}",
        r".{0,60}\b(?:checked for|scanned for|free of|auf) (?:viruses|viren)\b.{0,80}",
    )
    + r"\W*$"
)
"""An advertisement of a mail program or virus scanner, or the plea for trees."""

REQUESTING = _compiled(
    r"\b"
    + _either(
        r"please|delete|remove|erase|stop|you|your|data|account",
        r"por favor|eliminar|datos",
        r"merci|données|supprim\w*",
        r"bitte|lösch\w*|ihr\w*|daten|konto",
        r"dati|cancell\w*",
        r"dados|apagar",
        r"gegevens|verwijder\w*",
        r"proszę|usun\w*|dan[ey]|danych",
    )
    + r"\b"
)
"""Words that no footer has: a line with one of them is the writer's."""

_SAYS_WHAT_IT_IS = _either(
    r"confiden[tc]|may be private|are private",
    r"secreto profesional|información (?:reservada|privilegiada)",
    r"secret professionnel|vertraulich|geheimnis|riservat|vertrouwelijk|poufn",
)
_SAYS_HOW_NARROW = _either(
    r"privileged|privilegiad|solely|exclusi[fv]|únicamente|uniquement|ausschließlich|esclusiv|uitsluitend|wyłącznie"
)
_SAYS_FOR_WHOM = _either(
    r"\b(?:addressee|(?:un)?intended|recipient)",
    r"\bdestinataire|\bdestinat[aá]ri",
    r"\b(?:adressat|empfänger)",
    r"geadresseerde|ontvanger|\badresat|\bodbiorc",
)
_SAYS_ASTRAY = _either(
    r"(?:received|reached|sent).{0,40}(?:error|mistake)|by mistake",
    r"(?:recib|lleg|recebe).{0,40}(?:por error|por erro|por engano)",
    r"par erreur|(?:en cas d['’]|une )erreur",
    r"irrtümlich|versehentlich|per errore|ten onrechte|abusievelijk|omyłkow|pomyłk",
)
_SAYS_DESTROY = r"\b" + _either(
    r"delete|erase|destroy",
    r"elimin|bórr|borrad|destrú|suprim",
    r"supprim|détrui|effac",
    r"lösch|vernicht",
    r"cancell|distrugg|apag|destru",
    r"verwijder|vernietig|usun|zniszcz",
)
_SAYS_FORBIDDEN = _either(
    r"prohibit|forbidden|unauthori[sz]|prohib|interdit|non autorisé",
    r"untersagt|unbefugt|unberechtigt|vietat|proibid|verboden|zabronion",
)
NOTICE_CLASSES = tuple(
    _compiled(words)
    for words in (
        _SAYS_WHAT_IT_IS,
        _SAYS_HOW_NARROW,
        _SAYS_FOR_WHOM,
        _SAYS_ASTRAY,
        _SAYS_DESTROY,
        _SAYS_FORBIDDEN,
    )
)
"""The things a confidentiality notice says; two of them make one."""

NOTICE_START = _compiled(
    r"[\W_]*"
    + _either(
        r"(?:this|the|any|all) (?:\w+ ){0,3}(?:e-?mail|message|communication|transmission|document|mail)",
        r"if you (?:are not|(?:have )?received)|(?:strictly )?confidential|disclaimer|legal notice|privileged",
        r"privacy notice|data protection (?:notice|information)|we process",
        r"(?:est[ea]|el|la|o|a) (?:\w+ ){0,4}(?:mensaje|correo|e-?mail|comunicación|transmisión|mensagem|comunicação)",
        r"(?:mensaje|documento|correo) \w+|aviso|confidencial|cláusula|de (?:conformidad|acuerdo) con",
        r"en cumplimiento|según el|información básica|protección de datos|responsable(?: del tratamiento)?:",
        r"(?:le|les) informamos|si (?:\w+ )?(?:no es|no eres|ha recibido)|sus datos|los datos|las? informaci",
        r"(?:ce|cet|cette|le) (?:\w+ ){0,4}(?:message|courriel|mail|courrier|communication|transmission|e-mail)",
        r"message à usage|l(?:es|['’])\s?informations? contenue|avertissement|avis de|confidenti",
        r"si vous (?:n['’]êtes|avez reçu|recevez)|conformément|vos données",
        r"(?:diese|der inhalt|die|der) (?:\w+ ){0,3}(?:e-?mail|nachricht|mitteilung|information)",
        r"vertraulich|haftungsausschluss|sollten sie|(?:wenn|falls) sie|datenschutzhinweis",
        r"(?:hinweise?|informationen?) (?:zum|zur|gem)|(?:ihre|die) (?:personenbezogenen )?daten",
        r"quest[oa] (?:messaggio|e-?mail|documento|comunicazione)|la presente|messaggio",
        r"il (?:presente messaggio|contenuto)|le informazioni contenute|ai sensi|avviso|riservat|qualora",
        r"se (?:non siete|avete ricevuto|ha ricevuto|hai ricevuto)|informativa",
        r"as? informaç|se (?:não for|recebeu|você)|nos termos|em cumprimento|os (?:seus )?dados",
        r"(?:dit|deze|de) (?:\w+ ){0,3}(?:bericht|e-?mail|boodschap|informatie)|indien u|als u (?:niet|dit)",
        r"vertrouwelijk|uw (?:persoons)?gegevens",
        r"niniejsz[ay]|(?:ta )?wiadomość|treść|informacje zawarte|je[śż]eli nie|jeśli nie|poufn|klauzula",
        r"administratorem|zastrzeżenie",
    )
)
"""How the first line of a notice begins."""

PRIVACY_NOTICE = _compiled(
    _either(
        r"(?:we|our company).{0,80}process(?:es)? your personal",
        r"your personal (?:data|information) (?:is|are|will be) processed",
        r"(?:sus|los) datos.{0,200}(?:serán|son|han sido|están) (?:tratad|incorporad|incluid)",
        r"(?:puede|podrá) ejerc(?:er|itar) (?:sus|los).{0,30}derechos?",
        r"responsable(?: del tratamiento)?:.{0,300}(?:finalidad|derechos)",
        r"vous disposez (?:d['’]un droit|de droits).{0,200}(?:accès|rectification)",
        r"vos données.{0,200}sont (?:traitées|collectées|utilisées)",
        r"(?:ihre|die) (?:personenbezogenen )?daten (?:werden|verarbeiten wir)",
        r"(?:datenschutz|verarbeitung).{0,160}finden sie",
        r"(?:lei|l['’]interessato) (?:può|potrà) esercitare",
        r"i (?:suoi )?dati (?:personali )?(?:sono|saranno|verranno) trattati",
        r"(?:poderá|pode) exercer (?:os seus|os|seus).{0,30}direitos",
        r"os (?:seus )?dados (?:pessoais )?(?:são|serão) tratados",
        r"uw (?:persoons)?gegevens (?:worden|verwerken)",
        r"administratorem (?:danych|pani|państwa|pana)",
        r"(?:pani|pana|państwa)(?:/pana)? dane.{0,60}(?:są|będą) przetwarzane",
    )
)
"""A company tells its correspondents how it handles their data."""

OWN_WORDS = _compiled(
    _either(
        r"(?-i:\bI\b)|\b(?:my|me)\b",
        r"\b(?:mis|mí|yo|he|mi|solicito|exijo)\b",
        r"\b(?:je|moi|mes|mon)\b|\bj['’]",
        r"\b(?:ich|mein[erms]*|mich|mir)\b",
        r"\b(?:io|ho|mio|mia|miei|mie|chiedo|richiedo)\b",
        r"\b(?:eu|meus?|minhas?|peço)\b",
        r"\b(?:ik|mijn|mij)\b",
        r"\b(?:mnie|mój|moje|moich|mojego|proszę|żądam|wnoszę)\b",
    )
)
"""Somebody speaks of himself: such a paragraph is no notice."""
