"""The names in a mail that may be the one the request is for: of the writer or of the person written for.

In: a reading. Out: candidates with features; `name_choice` picks the likeliest of them.
"""

import re

import numpy as np
from numpy.typing import NDArray

from classify.letters import plain_letters
from classify.name_choice import FEATURES, Candidate
from classify.reading import Reading

TITLES = (
    r"(?:dr|prof|mr|mrs|ms|miss|mx|sir|dame|lady|lord|rev|canon|the|sgt|capt|barrister|adv|hon|smt|shri|st|ra|rain|"
    r"rechtsanwältin|rechtsanwalt|herrn?|frau|fräulein|dipl|ing|mag|univ|ass|med|dent|jur|syndikus|std|stud"
    r"|fam|familie|"
    r"d|dña|don|doña|sra?|srta|ldo|lda|letrad[oa]|m|mme|mlle|maître|me|monsieur|madame|mademoiselle|docteur|"
    r"sig\.?ra|sig|signora?|dott|dottssa|avv|notaio|senhora?|exm[oa]|dhr|mevrouw|mevr|mw|de\sheer|meester|notaris|pan(?:i|a|ią|em|u)?|mgr|inż"
    r"|adw|red|doktor|pfarrer|hofrat|alhaji)"
)
_TITLE = re.compile(rf"^(?:{TITLES}\b[.ªº-]*\s*)+(?=\S)", re.IGNORECASE)
_PARTICLE = (
    r"(?:de|del|della|di|da|do|dos|das|du|des|d['’]|la|las|los|le|van|von|vom|zu|zur|der|den|ten|ter|bin|bint"
    r"|ibn|al|el|y|e|i|und|af|ó|mac|ap)"
)
_WORD = r"[A-ZÀ-ÞĀ-ŽȘȚĆĐŁŚŹŻŐŰ][\w'’]*(?:-[A-ZÀ-Þ][\w'’]+)*"
_PART = rf"(?:{_WORD}(?<!['’]s)|[A-ZÀ-Þ]\.)"
_NAME = re.compile(rf"(?<![\w@.])(?:(?:{TITLES})\.?ª?\s+)*{_PART}(?:[ \t]+(?:{_PARTICLE}\s)*{_PART}){{1,4}}")
_LOWER_NAME = re.compile(r"^[a-zà-ÿ'’-]{2,}(?: [a-zà-ÿ'’-]{2,}){1,2}$")
_SMALL_PAIR = re.compile(r"(?<![\w@.])([a-zà-ÿ'’-]{2,})(?= ([a-zà-ÿ'’-]{3,})(?![\w@]))")
_ADDRESS_PART = re.compile(r"[a-z]{3,}")
_QUALIFICATION = re.compile(r"[ ,]+(?:Esq|FCCA|ACCA|CPA|MBA|PhD|LL\.?M|KC|QC|OBE|MBE)\.?$")
_TWO_PEOPLE = re.compile(r"^(\S+(?: \S+)+) (?:e|y|i|und|en) \S+ \S+")
"""Two full names joined by `and`: the first is meant."""
_ORGANISATION = re.compile(
    r"(?i)\b(?:ltd|llp|llc|inc|gmbh|ag|kg|ohg|s\.?l\.?|s\.?a\.?|sarl|sas|plc|e\.?\s?v|ug|bv|nv|kanzlei"
    r"|solicitors?|law|advocates?|attorneys?|partners?"
    r"|bufete|despacho|abogados|asesor\w*|notar\w*|gestor\w*|cabinet|avocats?|étude|société|service|team"
    r"|support|info|office|sales|department"
    r"|police|polic\w+|gericht|juzgado|tribunal|ministr\w+|behörde|amt|agency|commission|authority|desk"
    r"|noreply|newsletter|company|group|bank|hotel"
    r"|personal\w*|buchhaltung|redaktion|verein|stadt|gemeinde|hospital|clinic|clínica|klinik|school|schule"
    r"|colegio|escuela|école|université?|universit\w+|college|court|council|complian\w+|protection"
    r"|compliance|admin\w*|billing|shop|store|media|consult\w*|marketing|"
    r"servicio|departamento|equipo|dirección|direction|bureau|greffe|brigade|dienst\w*|abteilung|poststelle"
    r"|referat|accounts?|payable|assurance|security|risk|casework|handler|enquiries|helpdesk|web|formul\w+"
    r"|ufficio|acquisti|amministrazione|segreteria|comune|procura|studio|oficina|contabilidad|seguridad|seguranca"
    r"|segurança|secretar[ií]a|ayuntamiento|agencia|asociación|cellule|conformité|équipe|sécurité|comptabilité"
    r"|secrétariat|gendarmerie|mairie|association|ermittlung\w*|sekretariat|sachgebiet|bakkerij|klantenservice"
    r"|afdeling|secretariaat|gemeente|stichting|urząd|biuro|dział|zespół|spółka|prokuratura|equipa|câmara|gabinete)\b|&"
)
_COMMON = """
    dear hello hi hey thanks thank kind best regards yours sincerely faithfully sent my your the this that
    please i we you it if and but for from to our
    estimados estimado estimada estimadas muy señores señor señora buenos buenas días tardes hola gracias
    saludos un atentamente cordialmente
    bonjour madame monsieur messieurs mesdames cordialement salutations merci bien je vous nous objet
    i'm i’m myself name nome nombre nom naam imię
    mein meine meinem meinen meiner unser unsere unserem unseren unserer mitglied
    soy sono sou ich ik jestem abrazo abrazos besos bisous gros groet groetjes groeten gelieve voor voici
    sehr geehrte geehrter damen herren guten tag hallo liebe lieber mit freundlichen grüßen grüssen gruß gruss
    grüße lg vg mfg ihre ihr dein deine atte viele beste vielen dank ich sie wir bitte moin servus
    gentile gentili egregi buongiorno saluti grazie cordiali exmos senhores cumprimentos obrigado geachte met
    vriendelijke groet szanowni państwo pozdrawiam
    gdpr rgpd dsgvo ico cnil aepd data protection officer privacy team rights request article art re fwd
    subject account customer kundennummer
    january february march april may june july august september october november december monday tuesday
    wednesday thursday friday saturday sunday
"""
_NOT_NAMES = frozenset(_COMMON.split())
_WHOSE = re.compile(
    r"(?i)(?:groß|schwieger|ur|stief|pflege)?(?:mutter|vater|eltern)s?|opas?|omas?|sohn(?:e?s)?|tochter|kind(?:e?s)?|mann(?:es)?|frau"
    r"|bruders?|schwester|onkels?|tante|neffen?|nichte|enkels?|enkelin|enkeltochter|cousins?|cousine|partners?|partnerin"
    r"|ehemann(?:e?s)?|ehefrau|gatt(?:e|en|in)|witwer?|mandant(?:en|in)?|klient(?:en|in)?|kolleg(?:e|en|in)|patient(?:en|in)?"
    r"|schüler(?:s|in)?|mieter(?:s|in)?|beschwerdeführer(?:s|in)?|betroffene[rn]?|erblasser(?:s|in)?|verstorbene[rn]?"
    r"|nachlass|konto|kontos|akte|sachen?|fall|vertrag|chief|padre|adjudant|espólio|pflegeeltern"
)
"""Capitalised words before a name that say whose it is and are none of it: German writes all nouns so."""
_LAWYER = re.compile(
    r"(?i)(?:^|[^a-z])(?:ra|rain|me|maître|letrad[oa]|rechtsanw\w+|barrister|notar\w*|étude|avv|lda|ldo)[ .]"
    r"|kanzlei|recht\b|avocat|abogad|legal|solicitor"
    r"|advoc|avvocat|studio\slegale|notai|advogad|solicitador|kancelari|\badw\b|\bradc[ay]\b|meester|notaris"
    r"|attorney|lawyer|\blaw\b|bestatt|funér|funeral|betreu"
)
_RELATION = re.compile(
    r"""(?i)(?:
    client[ea]?s?|customer|patient[ein]*|mandant(?:in|en)?|mandante|representad[oa]|representación\sde
    |nombre\sde|encargo\sde|behalf\sof|represent(?:ing|s)?|act(?:ing)?\sfor|instructed\sby
    |vertret\w*|vertretung\svon|auftrag\s(?:von|der|des)|namen\s(?:von|der|meine[rs]\s\w+)|interessen\s(?:von
    |der|des)|nom\sde|compte\sde|curat\w+\sde|tut\w+\sde|conseil\sde|soussigné\w*
    |my\s(?:late\s)?(?:mother|father|mum|dad|son|daughter|husband|wife|brother|sister|grandmother|grandfather
    |gran|nan|uncle|aunt|partner|child|boy|girl)
    |mi\s(?:difunt[oa]\s)?(?:madre|padre|hij[oa]|marido|mujer|esposa?|herman[oa]|abuel[oa]|tí[oa]|sobrin[oa])
    |m(?:on|a)\s(?:défunte?\s)?(?:mère|père|fils|fille|mari|femme|époux|épouse|frère|sœur|grand-mère|grand-père
    |oncle|tante|compagn\w+)
    |mein\w*\s(?:verstorben\w*\s)?(?:mutter|vaters?|sohn\w*|tochter|mann\w*|frau|bruders?|schwester|oma|opas?
    |onkels?|tante|großmutter|großvaters?|neffen?|nichte)
    |(?:mi[oa]|nostr[oa])\s(?:defunt[oa]\s|povero\s|povera\s)?(?:padre|madre|pap[àa]|mamma|figli[oa]|marito|moglie|nonn[oa]
    |fratello|sorella|zi[oa]|suocer[oa]|cognat[oa]|compagn[oa]|nipote)|assistit[oa]|conto\sd(?:i|el|ella)
    |(?:meu|minha)\s(?:falecid[oa]\s)?(?:pai|mãe|filh[oa]|marido|mulher|espos[oa]|av[óô]|irmão|irmã|ti[oa]|sogr[oa]|companheir[oa])
    |constituinte|em\snome\sd[eoa]|por\sconta\sde
    |mijn\s(?:overleden\s|wijlen\s)?(?:vader|moeder|zoon|dochter|man|vrouw|echtgeno\w+|opa|oma|broer|zus|oom|tante|partner)
    |namens|cliënte?|wijlen
    |moj(?:ego|ej|a|emu)\s(?:zmarł\w+\s)?(?:ojca|matki|taty|mamy|syna|córki|męża|żony|dziadka|babci|brata|siostry|wujka|cioci|teścia
    |teściowej|partner\w*)|w\simieniu|mocodawc\w+|klient\w*|zmarł\w+
    |i\sam|name\sis|i'm|me\sllamo|soy|nombre\ses|suscrit[oa]|abajo\sfirmante|je\sm['’]appelle|je\ssuis
    |ich\sheiße|ich\sheisse|name\sist|ich\sbin|mi\schiamo|sono|chamo-me|sou|mijn\snaam\sis|nazywam\ssię
    |of\sthe\slate|estate\sof|erblasser\w*|verstorbene\w*|difunt[oa]|défunte?|nachlass\w*(?:\sdes|\sder|\svon)?
    |herencia\sde|succession\sde
    )[\s,:(]+(?:[\w.]+\s){0,2}$""",
    re.VERBOSE,
)
_HONOURED = re.compile(
    r"(?i)(?:^|\s)(?:frau|herrn?|mme|madame|monsieur|mrs?|ms|miss|d\.?ª?|doña|don|sra?|smt|sig\.?ra|signora?|sig|dhr"
    r"|mevrouw|pan(?:i|a|ią|em|u)?)\.?\s+$"
)


def candidates(reading: Reading) -> list[Candidate]:
    """Return every name in the text and the sender's display name, without titles, each once."""
    sender = reading.mail.from_[0].name if reading.mail.from_ else ""
    text = f"{reading.text}\n{reading.mail.body.signature}".rstrip()
    found: dict[str, list[int]] = {}
    for match in _NAME.finditer(text):
        for name, start in _parts(match):
            found.setdefault(name, []).append(start)
    for name, start in _small_letters(text, reading):
        found.setdefault(name, []).append(start)
    own = without_title(_first_name_first(sender))
    if is_full_name(own):
        found.setdefault(own, [])
    return _compared(
        [Candidate(name, _features(name, places, text, own, sender, reading)) for name, places in found.items()],
        is_from_lawyer=is_lawyer(reading),
    )


def is_lawyer(reading: Reading) -> bool:
    """Tell whether the sender's name or address is that of a lawyer, a notary or another who acts for others."""
    sender = reading.mail.from_[0] if reading.mail.from_ else None
    return sender is not None and bool(_LAWYER.search(f"{sender.name} {sender.address}"))


def _compared(found: list[Candidate], *, is_from_lawyer: bool) -> list[Candidate]:
    """Fill in what depends on the other candidates: who writes for somebody is seldom the one asked for."""
    sender, kin, relation, honour = (
        FEATURES.index(name) for name in ("sender", "shares_surname", "after_relation", "after_honour")
    )
    named = [
        bool(c.features[kin] or c.features[relation] or c.features[honour]) and not c.features[sender] for c in found
    ]
    for number, candidate in enumerate(found):
        rivals = any(is_named for other, is_named in enumerate(named) if other != number)
        is_sender = bool(candidate.features[sender])
        candidate.features[-3:] = (is_sender and is_from_lawyer, is_sender and rivals, named[number] and not is_sender)
    return found


def without_title(name: str) -> str:
    """Return a name without Dr., Mrs, Rechtsanwalt and the like."""
    bare = _QUALIFICATION.sub("", re.sub(r"\s+", " ", name).strip(" ,.\"'()"))
    return _TITLE.sub("", bare).strip(" ,.")


def is_full_name(name: str) -> bool:
    """Tell whether a text can be a person's full name: two words or more, no initials alone, no office."""
    words = name.split()
    return (
        2 <= len(words) <= 6
        and not any(letter.isdigit() or letter in "@/<>|" for letter in name)
        and not _ORGANISATION.search(name)
        and len(words[0].strip(".")) > 1
        and len(words[-1].strip(".")) > 1
        and (bool(re.search(_WORD, name)) or bool(_LOWER_NAME.match(name)))
    )


def _parts(match: re.Match[str]) -> list[tuple[str, int]]:
    """Return the name in a run of capitalised words: cut where a common word stands among them."""
    name = without_title(match[0])
    start = match.start() + match[0].find(name)
    words = name.split()
    while words and _goes_before(words):
        start += len(words[0]) + 1
        words = words[1:]
    if words and words[0].islower() and len(words) > 2 and match[0].split()[0] not in words:
        words = words[1:]  # the estate of Jane Doe
    cut = next((place for place, word in enumerate(words) if word.lower().strip(".,") in _NOT_NAMES), len(words))
    kept = " ".join(words[:cut]).strip(".,")
    kept = without_title(kept)
    two = _TWO_PEOPLE.match(kept)
    kept = two[1] if two else kept
    return [(kept, start)] if is_full_name(kept) else []


def _first_name_first(display: str) -> str:
    """Return `Doe, Jane` of an office directory as `Jane Doe`."""
    surname, comma, first = display.partition(",")
    return f"{first.strip()} {surname.strip()}" if comma and is_full_name(f"{first} {surname}") else display


def _small_letters(text: str, reading: Reading) -> list[tuple[str, int]]:
    """Return names in small letters that the sender's name or address has, too: half of it where it ends the mail."""
    sender = " ".join(f"{one.name} {one.address.partition('@')[0]}" for one in reading.mail.from_[:1])
    known = tuple(_ADDRESS_PART.findall(_as_in_addresses(sender)))
    initials = {part[0] for part in known}
    found = []
    for match in _SMALL_PAIR.finditer(text):
        if match[1][0] not in initials and match[2][0] not in initials:
            continue  # most pairs, at once: spelling a word as in addresses takes its time
        first, second = (_as_in_addresses(word) for word in match.groups())
        hits = (first in known) + bool(known and second.startswith(known))
        if hits == 2 or (hits and not text[match.end(2) :].strip(" \n.,!")):
            found.append((f"{match[1]} {match[2]}", match.start()))
    return [(name, start) for name, start in found if name.split()[0] not in _NOT_NAMES]


def _as_in_addresses(text: str) -> str:
    return plain_letters(text).replace("ae", "a").replace("oe", "o").replace("ue", "u")


def _goes_before(words: list[str]) -> bool:
    """Tell whether the first word only stands before the name; where two are left, they may be one (Frau Mann)."""
    return words[0].lower().strip(".,") in _NOT_NAMES or (len(words) > 2 and bool(_WHOSE.fullmatch(words[0])))


def _features(name: str, places: list[int], text: str, own: str, sender: str, reading: Reading) -> NDArray[np.float32]:
    last = places[-1] if places else 0
    before = [text[max(0, place - 45) : place] for place in places]
    lines = [_line_at(text, place) for place in places]
    own_words, words = own.lower().split(), name.lower().split()
    is_signed = bool(places) and last > len(text) - len(name) - 250 and last > len(text) * 0.4
    values = (
        name.lower() == own.lower(),
        bool(own_words) and len(words) > len(own_words) and set(own_words) <= set(words),
        bool(own_words) and name.lower() != own.lower() and bool({w for w in own_words if len(w) > 3} & set(words)),
        bool(_ORGANISATION.search(sender)),
        not is_full_name(own),
        name.lower() in reading.subject.lower(),
        is_signed,
        is_signed and without_title(lines[-1].strip(" ,.-–—")) == name,
        any(_RELATION.search(part) for part in before),
        any(_HONOURED.search(part) for part in before),
        bool(places) and places[0] < 160,
        len(places) > 1,
        (len(words) - 2) / 2,
        any(without_title(line.strip(" ,.-–—")) == name for line in lines),
    )
    return np.array([*values, 0, 0, 0], dtype=np.float32)


def _line_at(text: str, place: int) -> str:
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    return text[start : end if end >= 0 else len(text)]
