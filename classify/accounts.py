"""The address of the writer's account.

In: a reading, its form lines, whether the writer means the address that the mail comes from. Out: the address as
written, None where nothing speaks of one. The words right before an address tell whose it is: words of accounts and
logging in, or those of writing to somebody, of a third person, of a quoted header.
"""

import re
from collections.abc import Iterator

from classify.form_lines import FormLines
from classify.letters import plain_letters
from classify.names import is_lawyer
from classify.reading import Reading

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OF = 18
"""So many letters after "account" a person is its owner: "my brother's account", "perfil de mi hermano"."""
_SENTENCE_END = re.compile(r"(?<!\.)[.!?](?=\s)|\n\s*\n")
_REACH = 90
"""So many letters before an address, at most, say whose it is."""
_NEAR = 30
"""So many letters before the sender's own address tell that it is for the answer."""
_AFTER = 40
"""So many letters after an address say whose it is where nothing before it does."""
_ACCOUNT = re.compile(
    r"""(?i)\b(?:
    acc(?:oun)?ts?|log(?:ged|ging)?[ -]?[io]n|usern\w+|user|profile?s?|regist\w+|sign(?:ed|ing)?[ -]?(?:up|in|on)
    |subscri\w+|alias|member\w*|customer\s(?:e-?mail|address)|known\sto\syou|on\sfile|under\sthe\sname
    |(?:in|on)\s(?:there|your\s(?:system|records|books|list))|the\sone\s(?:for|with|at)\syou
    |\w*konto\w*|\w*kont[aeu]|anmelde\w*|angemeldet|eingeloggt|\w*zugang\w*|\w*nutzer\w*|mitglied\w*|kennung
    |passwor\w+|kennwort\w*|contraseña|mot\sde\spasse|wachtwoord\w*|senha|palavra-passe|hasł\w+
    |hinterlegt\w*|gespeichert\w*|bekannt|im\ssystem
    |cuenta\w*|usuari[oa]s?|perfil|inscri\w+|alta|suscri\w+|entro|ficha|sistema|aparezco|aparece|figur[oa]|asociad[oa]
    |identifiant|co[mn]ptes?|conte|abonn\w+|utilisat\w+|connect\w+|rattach\w+|enregistr\w+|fiche|espace|au\snom\sde
    |iscri\w+|utenza|utente|profilo|accedo|scheda|conta|cadastr\w+|titular|utilizador\w*
    |aangemeld|ingelogd|inlog\w*|gebruikers\w*|profiel\w*|lid|bekend|zarejestr\w+|rejestr\w+|(?:za)?loguj\w*|(?:za)?logowa\w+|login\w*
    |profil\w*|użytkowni\w+|zapisan\w+|w\ssystemie
    )\b""",
    re.VERBOSE,
)
_SOMEBODY_ELSE = re.compile(
    r"""(?i)(?:\b(?:
    (?:wr[io]te|mail|send|sent|contact|repl(?:y|ies)|respond|answer|forward|cop(?:y|ied)|receive|correspondence|transfer
    |transmit|request|direct|reach|pass|check\swith|unsubscrib|question|quer(?:y|ie)|forget)(?:ing|ed|s)?
    |escrib\w+|contact\w+|env[ií]\w+|remit\w+|respond\w+|respuesta|traslad\w+|transmit\w+|copia|dudas|notifica\w+
    |preguntas|baja|mándal\w+|mandad\w*|desk|direct(?:ly|o|amente|ement)|direkt|direttamente
    |diretamente|rechtstreeks|bezpośrednio
    |écri\w+|répon\w+|envoy\w+|adress(?:er|ez)|transmet\w+|transfér\w+|copie|questions|désabonn\w+|désinscri\w+
    |schreib\w*|schick\w*|send\w*|kontakt\w*|anfrag\w*|rückfrag\w*|fragen|antwort\w*|übermitt\w+|weiterleit\w*|richt\w+
    |kopie|abschrift|melden|abmeld\w+|statt
    |scriv\w+|scritto|invi\w+|rispo\w+|risconto|riscontro|trasm\w+|escrev\w+|enviar|envi\w+|cópia|dúvidas|domande
    |schrijf\w*|stuur\w*|sturen|antwoord\w*|verwittig\w*|vragen|kopi[aę]|pyta\w+|wysł\w+|wysyła\w*|pisa\w+|przesł\w+
    |odpowied\w+|kierowa\w+|make\sit|refere[nñ][czt]\w*|referentie\w*|chang\w+\s(?:it|that|this)\sto
    |(?:new|neue\w*|nuev[oa]|nouvel\w*|nuov[oa]|nov[oa]|nieuwe?|now[ay])
    \s(?:e-?mail\w*|mail\w*|address|adress\w*|adres|correo|direcci\w+|courriel|indirizzo|endereço|provider|anbieter
    |proveedor|fournisseur)
    |(?:his|hers|theirs)\s(?:is|was)|friends?|wife|husband|partner|sister|brother|mother|father|dad|mum|cousins?|uncle|aunt|boss|teacher
    |owner|manager|lawyer|executor|scammer|colleague|trainee|assistant
    |amig[oa]|espos[oa]|marido|mujer|herman[oa]|prim[oa]|jef[ea]|profesora?|abogad[oa]|compañer[oa]|colega|asistente
    |ami[es]?|pote?|sœur|frère|mère|père|papa|maman|mari|femme|cousine?|collègue|stagiaire|avocate?|adjointe?
    |freund(?:in)?|schwester|bruder|mutter|vater|tante|onkel|cousine?|chefin|chef|anw[aä]lt\w*|mein\w*\s(?:mann|frau)
    |koll(?:eg\w+)?|mitarbeiter\w*
    |amic[oa]|moglie|marito|sorella|fratello|irmã[o]?|mulher|vriend(?:in)?|vrouw|zus|broer|collega
    |kolega|koleżank\w+|żon[ay]|mąż|siostr\w+|brat[a]?|clinic|clínica|clinique|secr[eé]tari\w*|cabinet|praxis|university
    |dpo|dsb|dpd|iod|controller
    )\b|\bmail(?:ing|en|t)?\s(?:to|an)\b
    |\b(?:e-?mails?|messages?|mails?|nachricht|correos?|mensajes?|courriels?)\W(?:\w+\W){0,3}(?:from|von|de|da)\s*$
    |\b(?:my|mi|mon|ma|mein\w*|mio|mia|meu|minha|mijn|mój|moja|mojego|mojej|our|unser\w*|notre)\s\w+\s\()""",
    re.VERBOSE,
)
_IN_BRACKETS = re.compile(
    r"(?i)(?<!mail)(?<!mails)(?<!adres)(?<!adresse)(?<!address)(?<!correo)(?<!direcci[oó]n)\s\(\s*$"
)
"""Who is named and then has an address in brackets is somebody else; the writer says "my address (...)"."""
_GIVES_WAY_TO = r"[ \t]*(?:[-=]*>|→|»|[ \t]{2}|\|)[ \t]*"
_OLD = re.compile(_GIVES_WAY_TO + _EMAIL.pattern)
_NEW = re.compile(_EMAIL.pattern + _GIVES_WAY_TO + "$")
"""Of two addresses side by side the second is to replace the first, under which the account still is."""
_RIGHT_BEFORE = re.compile(
    r"(?i)\b(?:under|unter|sous|onder|pod|(?:con|com) (?:el |o )?(?:correo|e?-?mail)|(?:avec"
    r"|à) l['’](?:adresse|e-?mail)"
    r"|(?:mit|auf) der (?:e-?mail-?)?(?:adresse|mail)|staat op"
    r"|(?:meine?|my|mi|mon|mio|meu|mijn|mój) (?:e-?)?mail)\W*$"
)
"""What is kept under an address is an account."""
_USER_TO_GO = re.compile(
    r"""(?i)\b(?:delet|remov|deactiv|disabl|clos|elimin|borr|quit|desactiv|supprim|efface|retire|enlev|désactiv|lösch|entfern|deaktiv
    |sperr|remov|exclu|apag|desativ|cancell|disattiv|verwijder|deactiveer|usun|usuń)\w*\b[^.!?@]{0,60}
    \b(?:user|usu[aá]ri[oa]|utilisat\w+|nutzer\w*|benutzer\w*|utente|utenza|utilizador|gebruiker\w*|użytkownik\w*|login|seat|licen[cs]e|asiento)
    \b[^.!?@]{0,25}$""",
    re.VERBOSE,
)
"""Where nobody uses a right, a user of a product who is to go is somebody else."""
_WORD = re.compile(r"[^\W\d_]{4,}")
_LABEL = re.compile(r"(?i)^[\W\d]*(?:\w+\W+)?(?:e-?mail|mail|courriel|correo|posta)(?:-?adress\w*)?\s*[:.]\s*$")
"""A line of its own for the address, as among a name and a number."""
_WAYS_TO_REACH = re.compile(r"[|·•]|\s[-–—]\s|\bwww\.|(?i:\btel\b)")
_OF_A_QUOTED_HEAD = re.compile(
    r"(?i)^[\s>*]*(?:from|to|cc|bcc|reply-to|von|an|kopie|de|para|à|a|da|per|van|aan|od|do|dw)\*?\s?:\*?[^\n]*$"
)
_OFFICE = re.compile(
    r"(?i)^(?:privac\w*|privacidad|datenschutz\w*|dsb|d[ps]o|dpd|gdpr|rgpd|rodo|iod|no-?reply|support"
    r"|help\w*|care|service"
    r"|(?:kunden|klanten)service|contact\w*|kontakt|info|hello|hola|secretari\w*|registry|records|dane|dados|dati"
    r"|recepcion|accueil|assist\w+|soporte|feedback|sales|ventas|press[ea]?|hr|rrhh|grh|jobs|marketing|redaktion|recht"
    r"|kanzlei|buero|office|import|transfer|archiv|stop|unsubscribe|abuse|webmaster|admin\w*|buchhaltung|compta\w*"
    r"|gerencia|direct?ion|procurement|billing)\d*@"
)


def account_email(
    reading: Reading, form: FormLines, names: str = "", *, means_own: bool, uses_right: bool = True
) -> str | None:
    """Return the account's address: of a form line, of words about an account, the sender's if meant, any other that
    bears no name but those of the writer and of whom the mail is about (`names`).
    """
    given = _EMAIL.search(form.get("email") or "")
    if given is not None:
        return given[0].rstrip(".")
    sender = reading.mail.from_[0].address if reading.mail.from_ else ""
    found = list(_told(reading, sender, names, uses_right=uses_right))
    plain = next((address for address, is_plain in found if is_plain), None)
    return plain or (sender if means_own and sender else next((address for address, _ in found), None))


def _told(reading: Reading, sender: str, names: str, *, uses_right: bool) -> Iterator[tuple[str, bool]]:
    """Yield the addresses that may be the account's, each with whether the words beside it, or the sender, say so."""
    ours = {address.address.lower() for address in (*reading.mail.to, *reading.mail.cc)}
    text, is_a_lawyers = reading.written, is_lawyer(reading)
    for match in _EMAIL.finditer(text):
        address = match[0].rstrip(".")
        if address.lower() in ours or _is_of_a_quoted_head(text, match.start()):
            continue
        is_senders = address.lower() == sender.lower()
        if not (uses_right or is_senders) and _USER_TO_GO.search(text[max(0, match.start() - _REACH) : match.start()]):
            continue
        speaks = _speaks_of_account(text, match)
        if speaks or (is_senders and not is_a_lawyers and _is_given_to_be_found(text, match)):
            yield address, True
        elif speaks is None and not (is_senders or is_a_lawyers or _is_anothers(text, match, names)):
            yield address, False


def _is_given_to_be_found(text: str, match: re.Match[str]) -> bool:
    """Tell whether a writer gives their own address so that they can be found: not where it is one of the ways to
    reach them, below a name or after "answer me at".
    """
    line = text[text.rfind("\n", 0, match.start()) + 1 :].split("\n", maxsplit=1)[0]
    before = line[: line.find(match[0])]
    if _LABEL.search(before):
        return True
    return not (_SOMEBODY_ELSE.search(before[-_NEAR:]) or _WAYS_TO_REACH.search(line.replace(match[0], "")))


def _is_anothers(text: str, match: re.Match[str], names: str) -> bool:
    """Tell of an address of an office, or one that bears the name of somebody else who is named right before it."""
    if _OFFICE.match(match[0]):
        return True
    before = _WORD.findall(_EMAIL.sub("", text[max(0, match.start() - _REACH) : match.start()]))
    parts, known = set(_WORD.findall(plain_letters(match[0]))), set(_WORD.findall(plain_letters(names)))
    named = {plain_letters(word) for word in before}
    return bool(parts & named - known)


def _speaks_of_account(text: str, match: re.Match[str]) -> bool | None:
    """Tell whether the nearest words speak of an account, not of somebody else; None where they speak of neither."""
    before = _SENTENCE_END.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
    is_old = _OLD.match(text, match.end())
    if is_old or _NEW.search(text, max(0, match.start() - _REACH), match.start()):
        return bool(is_old)
    if _RIGHT_BEFORE.search(before):
        return True
    account, other = (_last(pattern, before) for pattern in (_ACCOUNT, _SOMEBODY_ELSE))
    if account < 0 and other < 0:
        if _ACCOUNT.search(text[match.end() : match.end() + _AFTER].split(". ", maxsplit=1)[0]):
            return True
        return False if _IN_BRACKETS.search(before) else None
    return account >= 0 and other - account < _OF


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)


def _is_of_a_quoted_head(text: str, place: int) -> bool:
    """Tell of an address in a line "To: ..." that a mail program left above what it quotes."""
    return bool(_OF_A_QUOTED_HEAD.match(text[text.rfind("\n", 0, place) + 1 : place]))
