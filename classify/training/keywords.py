"""A keyword matcher, as offices write one: what the trained model has to beat.

It knows the usual words of each request in the languages of the corpus and looks at subject and written text, with
quotes, signature and disclaimer already set apart, and at the header of automatic mail.
"""

import re

from classify.reading import Reading
from models.verdict import Label

_DATA = (
    r"(?:data|dato[s]?|donnée|dat[ei]n?|account|cuenta|compte|konto|profile?|perfil|profil|gegevens|dane|dados"
    r"|dati|everything|todo|tout|alles)"
)
_NEAR = r"[^.!?\n]{0,60}"
_WORDS: dict[Label, str] = {
    Label.ACCESS: (
        rf"right of access|access request|subject access|\bd?sar\b|copy of (?:all |my )*(?:my )?{_DATA}"
        rf"|what (?:data|information){_NEAR}(?:hold|have|store)|where did you get|art(?:icle|\.)? 15"
        rf"|derecho de acceso|copia de (?:todos )?mis datos|qué datos{_NEAR}(?:tenéis|tienen)|de dónde (?:han"
        rf"|habéis)|droit d['’]accès|copie de (?:toutes )?mes données|quelles données|d['’]où (?:tenez|vient)"
        rf"|auskunft|kopie (?:aller )?meiner daten|welche daten|woher (?:haben|habt)|diritto di accesso|inzage"
        rf"|dostęp do"
    ),
    Label.RECTIFICATION: (
        rf"rectif|correct (?:my|the){_NEAR}{_DATA}|update my|inaccurate|wrong (?:address|name|date)|misspel"
        rf"|corregir|corrij|actualic|incorrect|rectifi|corriger|inexact|erroné|berichtig|korrigier"
        rf"|falsch geschrieb|falsche[rsn]? (?:adresse|name|geburtsdatum)"
    ),
    Label.ERASURE: (
        rf"(?:delete|erase|remove|wipe){_NEAR}{_DATA}|{_DATA}{_NEAR}(?:deleted|erased|removed)"
        rf"|right to be forgotten|close my account|(?:borr|elimin|suprim){_NEAR}{_DATA}|derecho (?:al olvido"
        rf"|de supresión)|(?:supprim|effac){_NEAR}{_DATA}|droit à l['’](?:oubli|effacement)"
        rf"|{_DATA}{_NEAR}(?:lösch|entfern)|lösch(?:en|ung|t){_NEAR}{_DATA}|recht auf vergessen|cancellazione"
        rf"|verwijder|usuni"
    ),
    Label.RESTRICTION: (
        r"restrict(?:ion)?|freeze|art(?:icle|\.)? 18|limitaci[oó]n del tratamiento|limitation du traitement"
        r"|geler|bloquear|einschränkung der verarbeitung|sperr(?:en|ung)|einfrieren"
    ),
    Label.PORTABILITY: (
        r"portab|machine[- ]readable|\bcsv\b|\bjson\b|export (?:my|all)|art(?:icle|\.)? 20"
        r"|formato (?:estructurado|electrónico)|lisible par machine|datenübertragbarkeit|maschinenlesbar"
        r"|exportier"
    ),
    Label.OBJECTION: (
        r"\bi object|right to object|object to|profiling|legitimate interest|me opongo|derecho de oposición"
        r"|perfilado|je m['’]oppose|droit d['’]opposition|profilage|widerspr(?:uch|eche)|profiling"
        r"|berechtigte[sn]? interesse"
    ),
    Label.OBJECTION_MARKETING: (
        r"unsubscribe|stop (?:sending|calling|emailing)|no more (?:emails|newsletters|advert)|newsletter"
        r"|direct marketing|darme de baja|no (?:quiero|deseo) recibir|publicidad|désabonn|désinscri|ne (?:veux"
        r"|souhaite) plus recevoir|publicité|abbestell|keine (?:werbung|newsletter|weiteren mails)"
        r"|werbewiderspruch|abmelden"
    ),
    Label.WITHDRAW_CONSENT: (
        r"withdraw(?:al)?(?: of)?(?: my)? consent|revoke(?: my)? consent|retir(?:o|ar"
        r"|ada){0,1}[^.]{0,20}consentimiento|revoc[^.]{0,20}consentimiento|retir[^.]{0,20}consentement"
        r"|einwilligung[^.]{0,60}(?:widerruf|zurück)|widerruf[^.]{0,40}einwilligung"
    ),
    Label.AUTOMATED_DECISION: (
        r"automated (?:decision|individual)|algorithm|art(?:icle|\.)? 22|human (?:review|intervention)"
        r"|decisi[oó]n(?:es)? automatizada|algoritmo|intervención humana|décision automatisée|algorithme"
        r"|intervention humaine|automatisierte[nr]? entscheidung|algorithmus"
    ),
    Label.POST_MORTEM: (
        r"deceased|passed away|\bdied\b|executor|probate|fallec|difunt|herederos?|décéd|défunt|héritier"
        r"|succession|verstorben|erbe(?:n|in)?\b|nachlass|sterbeurkunde"
    ),
    Label.CHAT_ERASURE: (
        rf"(?:delete|erase|wipe|borr|elimin|supprim|effac|lösch){_NEAR}(?:chat|conversation|conversaci|bot"
        rf"|assistant|asistente|telegram|whatsapp|unterhaltung)|(?:chat|conversation|conversaci|bot|telegram"
        rf"|whatsapp|unterhaltung){_NEAR}(?:delete|erase|wipe|borr|elimin|supprim|effac|lösch)"
    ),
    Label.UNSPECIFIED: (
        r"gdpr rights request|my (?:gdpr|data protection) rights|mis derechos|mes droits|meine rechte"
        r"|exercise my rights|ejercer mis derechos|exercer mes droits|derechos arco"
    ),
    Label.COMPLAINT: (
        r"complain|unacceptable|\bqueja\b|reclamaci[oó]n|vergüenza|inaceptable|réclamation|plainte|inadmissible"
        r"|scandal|beschwerde|unverschämt|inakzeptabel"
    ),
    Label.JOB_APPLICATION: (
        r"\bcv\b|résumé attached|curriculum|cover letter|job application|applying for|vacancy|candidatura"
        r"|currículum|oferta de empleo|candidature|lettre de motivation|poste de|bewerbung|lebenslauf"
        r"|stellenanzeige|bewerbe mich"
    ),
    Label.AUTHORITY: (
        r"supervisory authority|we are (?:the|investigating)|commissioner's office|police|court order"
        r"|requerimiento|juzgado|guardia civil|agencia española de protección de datos$|réquisition|gendarmerie"
        r"|tribunal|aktenzeichen|staatsanwaltschaft|polizei|landesbeauftragte|amtsgericht"
    ),
    Label.INCIDENT: (
        r"data breach|leak(?:ed)?|hacked|stolen laptop|someone else['’]s (?:data|details)|brecha|filtraci[oó]n"
        r"|hackead|datos de otra persona|fuite de données|violation de données|piraté"
        r"|données d['’]un(?:e)? autre|datenpanne|datenleck|gehackt|gestohlen"
    ),
    Label.FOLLOWUP: (
        r"any (?:news|update)|reminder|following up|still waiting|my request of|alguna novedad|sigo (?:esperando"
        r"|sin)|recordatorio|relance|toujours pas (?:de|reçu)|des nouvelles|erinnerung|noch keine antwort"
        r"|sachstand|nachfrag"
    ),
    Label.AUTO: (
        r"out of (?:the )?office|automatic reply|auto-?reply|undeliver|delivery (?:status|failure)"
        r"|fuera de la oficina|respuesta automática|réponse automatique|absence du bureau|abwesenheit"
        r"|automatische antwort|unzustellbar|do not reply|no responda|ne pas répondre|nicht antworten"
    ),
    Label.SPAM: (
        r"\bseo\b|backlink|bitcoin|lottery|click here|limited offer|haga clic|gratis|cliquez ici|klicken sie"
        r"|leads|millones de|100 ?%"
    ),
}
_PATTERNS = {label: re.compile(pattern, re.IGNORECASE) for label, pattern in _WORDS.items()}


def keyword_labels(reading: Reading) -> tuple[Label, ...]:
    """Return the labels whose words occur; `other` where none does."""
    header = reading.mail.header("auto-submitted").lower()
    if header.startswith("auto") or reading.mail.report is not None:
        return (Label.AUTO,)
    text = reading.text
    found = {label for label, pattern in _PATTERNS.items() if pattern.search(text)}
    for alone in (Label.AUTO, Label.SPAM):
        if alone in found and len(found) == 1:
            return (alone,)
    found -= {Label.AUTO, Label.SPAM}
    if len(found) > 1:
        found -= {Label.UNSPECIFIED}
    return tuple(label for label in Label if label in found) or (Label.OTHER,)
