"""Filled-in lines of forms: "Name: ...", "Adresse postale : ...", "Telefon: ..." in the languages we read.

In: text. Out: what stands behind the labels, as written. Placeholders count as nothing.
"""

import re
from dataclasses import dataclass, field

_LABELS = {
    "name": r"""
        (?:your|my|full|complete|legal|customer|client|applicant|requester)?\s?(?:full\s)?name(?:\sand\ssurname
        |\s\(?in\sfull\)?)?|first\s(?:name\s)?and\s(?:last|family)\sname
        |name\sof\s(?:the\s)?(?:person|data\ssubject|requester|applicant|customer)|data\ssubject
        |surname,?\s(?:first\s)?name
        |nombre(?:\sy\sapellidos|\scompleto|\sdel\s(?:solicitante|interesado|titular))?|d\./d\.[ªa]|solicitante
        |interesad[oa]|titular
        |nom(?:\scomplet|\set\sprénoms?|,\sprénom|\sprénom|\sde\sfamille)?|prénoms?(?:\set\snom|\snom)?
        |nom\sdu\sdemandeur|demandeur
        |(?:vollständiger\s|voller\s|ihr\s|mein\s)?name|vor-?\s?und\s(?:nach|zu|familien)name|name,\svorname
        |vorname,?\s(?:nach)?name
        |antragsteller(?:in)?|betroffene(?:\sperson|r)?|nome(?:\scompleto|\se\s(?:cognome|apelido))?|cognome\se\snome
        |(?:volledige\s|uw\s|mijn\s)?naam|voor-\sen\sachternaam|imię\si\snazwisko|nazwisko\si\simię|imię
    """,
    "email": r"""
        (?:account|registered|login|user|contact|my)?[\s-]?e-?mail(?:[\s-]?address|\s?adresse
        |s)?(?:\s(?:used\s)?(?:of|for|on|with|in)\s(?:the\s|my\s|your\s)?(?:account|app)|\son\sfile|\sused)?
        |account(?:\se-?mail|\sname)?|e-?mail\saccount|user\s?name|registered\s(?:with|under)
        |(?:correo|email|e-mail)(?:\selectrónico)?(?:\s(?:de\s(?:la|mi)|asociado\sa\sla)\s(?:cuenta|usuario))?
        |cuenta(?:\sde\s(?:correo|usuario))?
        |(?:adresse\s)?(?:e-?mail|courriel|mail|mél)(?:\s(?:du|de\smon|associé\sau)\scompte)?|compte|(?:courriel
        |adresse)\sdu\scompte
        |(?:konto|account|kunden|nutzer)-?(?:e-?mail|mail)(?:-?adresse)?|e-?mail(?:-?adresse)?(?:\s(?:des|meines
        |ihres|vom)\s(?:konto|account|kunden)\w*)?
        |(?:benutzer|kunden)?konto|mailadresse|(?:indirizzo\s)?e-?mail(?:\sdell['’]account|\saccount)?
        |e-?mail\sda\sconta|e-?mailadres(?:\svan\s(?:het\s)?account)?|(?:adres\s)?e-?mail(?:\skonta|\sw\saplikacji)?
    """,
    "address": r"""
        (?:my|current|home|full|postal|mailing|street|billing|delivery|residential)?\s?(?:postal\s)?address|residence
        |(?:dirección|domicilio)(?:\s(?:postal|completa|actual))?|domiciliad[oa]\sen|adresse(?:\s(?:postale
        |complète|actuelle|postal))?|domicile
        |(?:post|wohn|melde|liefer|haus)?-?(?:anschrift|adresse)|wohnhaft(?:\sin)?|wohnort
        |indirizzo(?:\spostale|\sdi\sresidenza)?|residenza|morada|endereço(?:\spostal)?|(?:post)?adres|woonadres
        |adres(?:\s(?:pocztowy|zamieszkania|korespondencyjny))?
    """,
    "phone": r"""
        (?:my|mobile|cell|home|contact|daytime)?\s?(?:tele)?phone(?:\s?(?:number|no\.?|nr\.?))?|tel(?:\.|ephone
        |\sno\.?)?|mobile(?:\snumber|\sno\.?)?|cell(?:phone)?|mob\.?
        |teléfono(?:\sde\scontacto|\smóvil)?|tel[fé]?\.|móvil|cel(?:ular|\.)?|número\sde\steléfono
        |téléphone(?:\sportable|\smobile)?|tél\.?|portable|mobile|gsm|natel
        |telefon(?:nummer|nr\.?)?|tel\.?(?:-?nr\.?)?|handy(?:nummer|nr\.?)?|mobil(?:nummer|nr\.?|telefon)?
        |rufnummer|festnetz
        |telefono|cellulare|cell\.|telefone|telemóvel|telefoon(?:nummer)?|mobiel|nr\s(?:tel|telefonu)|telefonu?
        |komórka|(?:telegram|whatsapp)-?(?:nummer|number)?
    """,
}
_KIND = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _LABELS.items())
_LINE = re.compile(
    rf"^[\s>*•·–+\d.)#-]{{0,6}}(?:{_KIND})(?:\s?\([^)\n]{{0,60}}\))?\s?[:=]\s*(?P<value>[^\n]*)$",
    re.IGNORECASE | re.VERBOSE,
)
_ASIDE = re.compile(r"\s+[(–].*$")
_ASIDE_OF_ADDRESS = re.compile(r"\s+(?:–|\((?![A-ZÀ-Þ][\w ]{1,20}\))).*$")
"""A town may have its province or river in brackets."""
_PARTS = re.compile(r"\n|\s+[/|]\s+|\s*;\s+")
_PLACEHOLDER = re.compile(
    r"(?i)^\W*(?:n/?a|none|keine?|ninguno|aucun|nicht .{0,20}|not? .{0,20}|prefiero .*|see .*|siehe .*"
    r"|voir .*|véase .*|wie oben|same|text hier.*|x+)?\W*$"
    r"|^\(.*\)$|^<.*>$|^\[.*\]$|^_+$"
)


@dataclass(frozen=True, slots=True)
class FormLines:
    """The first filled value for each label, as written."""

    values: dict[str, str] = field(default_factory=dict)

    def get(self, kind: str) -> str | None:
        """Return the value of a label, None where the mail has no such line or an empty one."""
        return self.values.get(kind)


def read_form_lines(text: str) -> FormLines:
    """Return the filled lines of a text; an address may go on in the following lines."""
    values: dict[str, str] = {}
    if ":" in text or "=" in text:
        for part in _PARTS.split(text):
            match = _LINE.match(part.rstrip(" .,"))
            if match is None or match.lastgroup is None:
                continue
            kind = next(kind for kind in _LABELS if match[kind] is not None)
            value = (_ASIDE_OF_ADDRESS if kind == "address" else _ASIDE).sub("", match["value"].strip(" \t*_"))
            if kind not in values and not _PLACEHOLDER.match(value):
                values[kind] = value
    return FormLines(values)
