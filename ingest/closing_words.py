"""The words by which signatures, footers of mail programs and notices are known, language by language.

Each table is one expression; languages in the order English, Spanish, French, German, Italian, Portuguese, Dutch,
Polish, neighbours.
"""

import re

_FLAGS = re.IGNORECASE | re.DOTALL

_SENT_FROM = (
    r"sent (?:from|via|with|using)",
    r"enviado (?:desde|con|a través de|por)|enviado mediante",
    r"envoyé (?:de|depuis|avec|à partir de|par|via)|envoyé d['’]",
    r"(?:gesendet|verschickt|versendet|geschickt) (?:von|mit|aus|über|via)|(?:diese (?:nachricht|mail"
    r"|e-mail) wurde )?von mein\w+",
    r"inviato (?:da|dal|dalla|con|tramite)",
    r"enviado (?:do|da|de|a partir d[oe]|pelo|via)",
    r"(?:verzonden|verstuurd|gestuurd) (?:vanaf|met|via|vanuit|van|door)",
    r"wysłan[eoay] (?:z|ze|za pomocą|przy użyciu|przez)",
    r"skickat från|sendt fra|lähetetty|odesláno z|trimis (?:de pe|din)|elküldve",
)
_DEVICE = (
    r"i-?phone\w*|ipad\w*|ipod|macbook|android\w*|samsung\w*|galaxy|huawei|xiaomi|redmi|oneplus|pixel|motorola|nokia"
    r"|blackberry|hub"
    r"|windows|ios|outlook\w*|yahoo\w*|gmail|gmx|web\.de|t-online|telekom|proton\w*|tutanota|aol|thunderbird|spark"
    r"|fairemail|k-9"
    r"|bluemail|orange|smartphone\w*|phone|mobile|mobil\w*|cell|handy|tablet\w*|device|ger[äa]t\w*|téléphone"
    r"|portable|appareil"
    r"|móvil|celular|teléfono|dispositivo|telemóvel|telefone|cellulare|telefono|telefoon|toestel|apparaat|telefonu"
    r"|telefon\w*"
    r"|smartfon\w*|urządzenia|mail\w*|e-mail|correo|courrier|posta|poczt\w*|correio"
)
FOOTER = re.compile(
    rf"[\W_]*(?:{'|'.join(_SENT_FROM)})[\s:]+(?:\S+[\s-]+){{0,4}}?(?:{_DEVICE})['’]?\w?\b(?:[\s,\-–]+\S+){{0,6}}\s*$",
    _FLAGS,
)
"""A mail program names itself: "Sent from my iPhone"."""

OTHER_FOOTER = re.compile(
    r"[\W_]*(?:"
    r"(?:get|obtener|obtén|obtenez|obtenir|télécharge[rz]|holen sie sich|laden sie|scarica|ottieni|obter|obtenha"
    r"|baixar?|download"
    r"|pobierz(?: program| aplikację)?) outlook (?:for|para|pour|für|per|voor|dla)\b.{0,60}"
    r"|outlook (?:für|voor) .{1,20} (?:beziehen|herunterladen|downloaden)"
    r"|(?:please )?(?:consider|think of) the environment before printing.{0,60}"
    r"|(?:bitte )?denken sie (?:bitte )?an die umwelt.{0,80}|antes de imprimir.{0,120}"
    r"|pensez (?:à l['’]environnement|avant d['’]imprimer).{0,80}"
    r"|(?:virus-free|virenfrei|libre de virus|(?:garanti )?sans virus|privo di virus|livre de vírus|virusvrij"
    r"|wolny od wirusów)\b.{0,60}"
    r"|.{0,80}\bwww\.(?:avast|avg|eset|mcafee)\.com\b.{0,40}"
    r"|.{0,60}\b(?:checked for|scanned for|free of|auf) (?:viruses|viren)\b.{0,80}"
    r")\W*$",
    _FLAGS,
)
"""An advertisement of a mail program or virus scanner, or the plea for trees."""

REQUESTING = re.compile(
    r"\b(?:please|delete|remove|erase|stop|you|your|data|account|bitte|lösch\w*|ihr\w*|daten|konto|por favor"
    r"|eliminar|datos"
    r"|merci|données|supprim\w*|dati|cancell\w*|dados|apagar|gegevens|verwijder\w*|proszę|usun\w*|dan[ey]|danych)\b",
    re.IGNORECASE,
)
"""Words that no footer has: a line with one of them is the writer's."""

NOTICE_START = re.compile(
    r"[\W_]*(?:"
    r"(?:this|the|any) (?:e-?mail|message|communication|transmission|information|content|electronic)"
    r"|if you (?:are not|(?:have )?received)"
    r"|confidential|disclaimer|legal notice|privileged|privacy notice|data protection (?:notice|information)|we process"
    r"|est[ea] (?:mensaje|correo|e-?mail|comunicación|transmisión|mensagem|comunicação|correio)"
    r"|la información (?:contenida|incluida)"
    r"|aviso|confidencialidad|cláusula|de (?:conformidad|acuerdo) con|en cumplimiento|información básica"
    r"|protección de datos"
    r"|responsable(?: del tratamiento)?:|(?:le|les) informamos|si (?:usted )?(?:no es|ha recibido)|sus datos|los datos"
    r"|ce (?:message|courriel|mail|courrier)|cette (?:communication|transmission)|les informations contenues"
    r"|l['’]information contenue"
    r"|avertissement|avis de confidentialité|confidentialité|si vous (?:n['’]êtes|avez reçu|recevez)|conformément"
    r"|vos données"
    r"|diese (?:e-?mail|nachricht|mitteilung|information)|der inhalt dieser|die in dieser|vertraulich"
    r"|haftungsausschluss"
    r"|sollten sie|wenn sie (?:nicht|diese)|falls sie|(?:hinweise?|informationen?) (?:zum|zur|gem)|datenschutzhinweis"
    r"|quest[oa] (?:messaggio|e-?mail|documento|comunicazione)|la presente|il (?:presente messaggio|contenuto)"
    r"|le informazioni contenute|ai sensi|avviso|riservatezza|qualora|se (?:non siete|avete ricevuto|ha ricevuto"
    r"|hai ricevuto)|informativa"
    r"|as informações contidas|a informação contida|se (?:não for|recebeu|você)|nos termos|em cumprimento"
    r"|os (?:seus )?dados"
    r"|dit (?:bericht|e-?mail)|deze (?:e-?mail|boodschap|informatie)|de (?:inhoud|informatie) (?:van|in)|indien u"
    r"|als u (?:niet|dit)"
    r"|niniejsz[ay]|ta wiadomość|treść (?:tej|niniejszej)|wiadomość (?:ta|zawiera)|informacje zawarte|je[śż]eli nie"
    r"|jeśli nie|poufn"
    r"|klauzula|administratorem|zastrzeżenie"
    r")",
    _FLAGS,
)
"""How the first line of a notice begins."""

ADDRESSEE_NOTICE = re.compile(
    r"intended (?:\w+ )?(?:for|recipient|addressee|use)|not the (?:\w+ )?(?:recipient|addressee)|legally privileged"
    r"|rec(?:ei|ie)ved.{0,40}(?:in|by) (?:error|mistake)|(?:sole|exclusive) use of the"
    r"|destinatari[oa]s?\b.{0,200}(?:error|erro\b|prohib|proíb|exclusiv|confidenc)"
    r"|(?:error|erro\b|prohib|exclusiv|confidencia|únicamente).{0,200}destinatári[oa]|(?:error|exclusiv|confidencia"
    r"|únic).{0,200}destinatari[oa]"
    r"|destinatári[oa].{0,200}(?:erro\b|proibid|confidenc)"
    r"|destinataire.{0,200}(?:erreur|interdit|confidentiel)|(?:erreur|exclusiv|uniquement"
    r"|confidentiel).{0,200}destinataire"
    r"|(?:vertraulich|ausschlie(?:ß|ss)lich|irrtümlich|versehentlich|unbefugt).{0,200}(?:adressat|empfänger|bestimmt"
    r"|vernicht)"
    r"|nicht der (?:\w+ )?(?:adressat|empfänger)"
    r"|(?:riservat|confidenzial|esclusiv|errore).{0,200}destinatari|destinatari.{0,200}(?:errore|vietat|riservat)"
    r"|(?:vertrouwelijk|uitsluitend|bestemd|ten onrechte|abusievelijk).{0,200}(?:geadresseerde|ontvanger|bestemd)"
    r"|(?:poufn|wyłącznie|omyłkowo|przez pomyłkę).{0,200}(?:adresat|odbiorc)|adresat.{0,200}(?:poufn|wyłącznie|błęd"
    r"|zabronion)",
    _FLAGS,
)
"""A notice about wrong recipients and confidentiality."""

PRIVACY_NOTICE = re.compile(
    r"(?:we|our company).{0,80}process(?:es)? your personal|your personal (?:data|information) (?:is|are"
    r"|will be) processed"
    r"|(?:sus|los) datos.{0,200}(?:serán|son|han sido|están) (?:tratad|incorporad|incluid)"
    r"|(?:puede|podrá) ejerc(?:er|itar) (?:sus|los).{0,30}derechos?"
    r"|responsable(?: del tratamiento)?:.{0,300}(?:finalidad|derechos)"
    r"|vous disposez (?:d['’]un droit|de droits).{0,200}(?:accès|rectification)|vos données.{0,200}sont (?:traitées"
    r"|collectées|utilisées)"
    r"|(?:ihre|die) (?:personenbezogenen )?daten (?:werden|verarbeiten wir)|(?:datenschutz"
    r"|verarbeitung).{0,160}finden sie"
    r"|(?:lei|l['’]interessato) (?:può|potrà) esercitare|i (?:suoi )?dati (?:personali )?(?:sono|saranno"
    r"|verranno) trattati"
    r"|(?:poderá|pode) exercer (?:os seus|os|seus).{0,30}direitos|os (?:seus )?dados (?:pessoais )?(?:são"
    r"|serão) tratados"
    r"|uw (?:persoons)?gegevens (?:worden|verwerken)"
    r"|administratorem (?:danych|pani|państwa|pana)|(?:pani|pana|państwa)(?:/pana)? dane.{0,60}(?:są"
    r"|będą) przetwarzane",
    _FLAGS,
)
"""A company tells its correspondents how it handles their data."""

OWN_DATA = re.compile(
    r"\b(?:my|mis|mes|mein[erms]*|mijn|moje|moich|mojego|meus?|minhas?|miei|mie|mia|mio|mi)\s+(?:\w+\s+){0,2}"
    r"(?:data|information|account|profile|details|datos|cuenta|perfil|información|données|compte|informations|daten"
    r"|konto|profil"
    r"|gegevens|dane|danych|konta|dados|conta|dati|records?|file|copy)\b"
    r"|\b(?:i|ich|je|ik|eu|io|yo) (?:request|demand|want|would like|verlange|möchte|fordere|demande|souhaite|wil"
    r"|verzoek|solicito|quero|chiedo|richiedo|quiero)\b"
    r"|\b(?:solicito|exijo|chiedo|richiedo|proszę|żądam|wnoszę)\b",
    re.IGNORECASE,
)
"""A writer speaks of what is theirs: such a paragraph is no notice."""
