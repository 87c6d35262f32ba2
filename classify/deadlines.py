"""By when somebody wants an answer, as they wrote it.

In: text. Out: the words themselves ("within 14 days", "antes del 15 de marzo"), None where no time is set. What it
means for a clock is for the law and for staff, not for these words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

_MONTHS = (
    r"(?:jan\w*|gen\w+|ene\w*|janv\w*|feb\w*|fév\w*|fev\w*|mar\w*|mär\w*|mrt|apr\w*|abr\w*|avr\w*|may|maio|mai|mayo"
    r"|maggio|mei|maj\w*|jun\w*|juin|giugno|jul\w*|juil\w*|luglio|aug\w*|ago\w*|aoû\w*|août"
    r"|sep\w*|set\w*|wrze\w*|oct\w*|ott\w*|okt\w*|out\w*|paźd\w*|nov\w*|dec\w*|dez\w*|dic\w*|déc\w*|gru\w*|stycz\w*"
    r"|lut\w*|kwie\w*|czerw\w*|lip\w*|sierp\w*|listop\w*)"
)
_DAYS = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag\w*|mittwoch\w*|lunedì|martedì|mercoledì|giovedì|venerdì"
    r"|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)(?:-feira)?|sábado"
    r"|maandag|dinsdag|woensdag|donderdag|vrijdag|poniedział\w+|wtor\w+|środ\w+|czwart\w+|piąt\w+|tomorrow"
    r"|tonight|today|mañana|hoy|demain|ce soir|aujourd'hui|morgen|heute|domani|oggi|amanhã|hoje|jutra|dziś)"
)
_COUNT = (
    r"(?:\d{1,3}(?:\s?\(\w+\))?|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|fifteen"
    r"|(?:twenty|thirty|forty)-(?:one|two|three|four|five|eight)|twenty|thirty|sixty|ninety"
    r"|una?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|quince|veinte|treinta|cuarenta y ocho|setenta y dos"
    r"|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|quinze|vingt|trente|quarante-huit"
    r"|ein(?:e[mrsn]?|)|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|vierzehn|zwanzig|dreißig|dreissig"
    r"|un[oa]?|due|tre|quattro|cinque|sette|otto|dieci|quindici|venti|trenta|quaranta|sessanta|novanta"
    r"|um|uma|dois|duas|três|oito|dez|quinze|vinte|trinta|sessenta"
    r"|een|één|twee|drie|vier|vijf|zes|zeven|acht|tien|veertien|twintig|dertig|zestig"
    r"|jednego|dwóch|trzech|siedmiu|dziesięciu|czternastu|trzydziestu)(?:\s?\(\d{1,3}\))?"
)
_UNIT = (
    r"(?:(?:working|business|calendar|clear|full)\s)?(?:days?|weeks?|months?|hours?|hrs?|fortnight)\b"
    r"|(?:d[ií]as?|semanas?|mes(?:es)?|horas?)(?:\s(?:hábiles|naturales|laborables|calendario|úteis|corridos))?\b"
    r"|(?:jours?|semaines?|mois|heures?|h\b)(?:\s(?:ouvrés|ouvrables|calendaires|francs))?"
    r"|(?:\w*tag(?:en?|e)?|\w*woche[n]?|monat(?:s|en?|e)?|stunden?|tage)\b"
    r"|(?:giorn[oi]|settiman[ae]|mes[ei]|or[ae]|dias|mês|meses|(?:werk)?dagen|weken|maand(?:en)?|uur|dni|tygodni\w*"
    r"|miesiąc\w*|godzin)(?:\s(?:lavorativi|úteis|corridos|roboczych))?\b"
)
_HOUR = (
    r"(?:,?\s(?:um\s|at\s|a las\s|alle\s|às\s|à\s|ore\s|om\s|o\s|godz\.\s"
    r"|godziny\s)?\d{1,2}(?:[:.]\d\d)?\s?(?:uhr|uur|h\b|am\b|pm\b)?"
    r"|\s(?:midi|noon|mittag|früh|week|mediodía|mezzogiorno|morning))?"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:\.|st|nd|rd|th|er|º|°)?\s(?:de\s|of\s)?{_MONTHS}\b(?:\s(?:de\s)?\d{{4}})?"
    rf"|{_MONTHS}\s(?:\d{{4}}|\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s\d{{4}})?)(?!\d)"
    r"|\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4}|\.)?|\d{4}-\d\d-\d\d"
    rf"|{_DAYS}(?:\s(?:next|prochain|que viene|próximo|abend|morning|evening|noon))?(?:,?\s(?:the\s|el\s|le\s"
    rf"|den\s)?\d{{1,2}}(?:\.|st|nd|rd|th)?(?:\s(?:de\s|of\s)?{_MONTHS})?)?(?:,?\s(?:um\s|at\s|a las\s"
    rf"|à\s)?\d{{1,2}}(?:[:.]\d\d)?\s?(?:uhr|h|am|pm|noon)?)?)"
)
_BARE_DAY = r"\d{1,2}(?=\s*(?:[.,;:!?)\n]|$))"
"""A day of the month without its month: ends a part of the sentence, so that no amount is taken for one."""
_END = (
    r"(?:(?:the\s)?end\sof\s(?:the\s|this\s|next\s)?(?:week|month|year|day|\w+)|close\sof\s(?:business"
    r"|play)(?:\son\s\w+(?:\s\d{1,2}\s\w+)?)?"
    r"|next\s(?:week|month|\w+day)|cob|eod|noon|then"
    r"|(?:el\s)?(?:final|fin)(?:ales)?\sde\s(?:mes|semana|año|\w+)|(?:la\s)?fin\s(?:du|de)\s(?:la\s)?(?:mois"
    r"|semaine|année|\w+)|(?:la\s)?semaine\sprochaine|(?:la\s)?semana\sque\sviene"
    r"|(?:zum\s)?(?:ende|mitte|anfang)\s(?:des\s|der\s|nächster\s|nächsten\s)?\w+|zum\s(?:wochenende"
    r"|monatsende|monatsletzten|quartalsende|jahresende)|monatsende|nächste\w*\swoche"
    r"|fine\s(?:mese|settimana|\w+)|(?:o\s)?(?:final|fim)\s(?:do|da)\s\w+|(?:het\s)?eind(?:e)?\svan\s(?:de\s"
    r"|het\s)?\w+|końca\s\w+)"
)
_SPAN = rf"{_COUNT}\s?(?:{_UNIT})"
_LAW = (
    r"(?:the\s)?(?:statutory|legal|usual|legally\srequired)\s(?:time\s?(?:limit|frame)|period|month|deadline"
    r"|one[\s-]month\speriod)"
)
_BY_LANGUAGE = {
    "en": (
        rf"\b(?:no\slater\sthan|not\slater\sthan|at\sthe\slatest\s(?:by|on)?|by|before|(?:have|got|you"
        rf"|is)\s(?:un)?till?)\s(?:\d{{1,2}}(?::\d\d)?\s?[ap]m\s(?:on\s)?)?(?:the\s)?(?:latest\s)?(?:{_DATE}|{_END}|\d{{1,2}}(?:st|nd|rd|th)\b)",
        rf"\b(?:with?in|inside(?:\sof)?|in)\s(?:(?:the|a\speriod\sof|a\smaximum\sof|at\smost|next|coming"
        rf"|not\smore\sthan)\s)*(?:{_SPAN}|{_LAW})(?:\s(?:of|from)\s(?:receipt|receiving|this|the\sdate|today"
        rf"|now)[\w\s]{{0,20}}?(?=[.,;\n]|$))?",
        rf"\b(?:(?:you|i)\s(?:have|count|give\syou)|i'll\sgive\syou)\s(?P<time>{_SPAN})",
    ),
    "es": (
        rf"\b(?:antes\sd(?:el?|o|a)(?:\slas\s\d\d?(?::\d\d)?\sde)?(?:\sdía|\sdia)?|para\s(?:el|antes\sdel)"
        rf"|hasta\sel|a\smás\stardar(?:\sel)?|como\s(?:muy\starde|máximo)(?:\sel)?|até(?:\sa?o?)?"
        rf"|o\smais\stardar)\s(?:próximo\s)?(?:día\s|dia\s)?(?:{_DATE}|{_END}|{_BARE_DAY})",
        rf"\b(?:(?:en|dentro\sd[eo]|no|num)\s)?(?:el\s|un\s|o\s)?(?:plazo|prazo|término)(?:\s(?:máximo|legal"
        rf"|improrrogable))*\sde\s{_SPAN}",
        rf"\b(?:en|dentro\sde|em)\s(?:menos\sde\s|un\smáximo\sde\s|los\spróximos\s|los\s|las\spróximas\s"
        rf"|as\spróximas\s|os\spróximos\s)?{_SPAN}",
        r"\ben\s(?:el\s)?plazo\slegal(?:mente\sestablecido)?",
        rf"\b(?:tienen|tenéis|tiene\susted|dispon(?:en|éis|e\susted)\sde|(?:les|os"
        rf"|le)\sdoy)\s(?P<time>{_SPAN})|\b(?P<before>{_SPAN})\stienen\b",
    ),
    "fr": (
        rf"\b(?:vous\s(?:avez|disposez)|je\svous\s(?:laisse|donne))\s(?:\w+\s){{0,3}}?(?:de\s"
        rf"|d['’])?(?P<time>{_SPAN})",
        rf"\b(?:avant|d['’]ici|jusqu(?:['’]au|e\sle)|pour|au\splus\stard)\s(?:(?:le|la|au)\s)?(?:{_DATE}"
        rf"|{_END}|{_BARE_DAY})",
        rf"\b(?:sous|d['’]ici|dans|en)\s(?:(?:les|un\sdélai\s(?:maximal\s|maximum\s)?d(?:e\s|['’])"
        rf"|le\sdélai\s(?:légal\s)?d(?:e\s|['’])|moins\sde|maximum)\s?)*(?:prochains?\s)?{_SPAN}",
        r"\b(?:sous\s(?:huitaine|quinzaine)|dans\sle\s(?:délai\slégal|mois)|dans\sles\s(?:délais\slégaux"
        r"|meilleurs\sdélais))\b",
    ),
    "de": (
        rf"\b(?:sie\shaben|ihr\shabt|gebe\s(?:ihnen|euch))\s(?P<time>{_SPAN})",
        rf"\b(?:spätestens\s|längstens\s)?(?:bis|vor)\s(?:spätestens\s|längstens\s)?(?:zum\s|am\s|zur\s|dem\s"
        rf"|kommenden?\s|nächsten?\s|ende\s)*(?:{_DATE}|{_END}"
        rf"|\d{{1,2}}\.(?:\sd\.\s?m\.)?)(?:,\s\d{{1,2}}(?:[:.]\d\d)?\suhr)?",
        rf"\b(?:spätestens\s|längstens\s|jedenfalls\s(?:aber\s)?)?(?:binnen|innert|innerhalb(?:\s(?:von"
        rf"|der))?|in(?:\sden)?(?:\snächsten)?)\s(?:(?:der\sgesetzlichen\sfrist\svon|einer\sfrist\svon"
        rf"|nächsten|längstens)\s)?{_SPAN}(?:\s(?:nach|ab)\s(?:eingang|erhalt|zugang|zustellung))?",
        r"\b(?:binnen|in|innerhalb\sder)\s(?:gesetzlichen\s)?(?:monatsfrist|frist|wochenfrist)\b",
    ),
    "it": (
        rf"\b(?:entro(?:\se\snon\soltre)?|prima\sd[ei]l?(?:la)?|non\soltre)\s(?:il\s|la\s|le\s|l['’]|i\sprossimi\s"
        rf"|(?:il|un)\stermine\sdi\s|(?:le\s)?ore\s\d\d?(?:[.:]\d\d)?\sd[ie]l?\s)?(?:giorno\s)?(?:{_DATE}"
        rf"|{_END}|giorni\s{_COUNT}\b|{_SPAN}|{_BARE_DAY})"
        rf"(?:\sdal(?:la)?\s(?:ricevimento|ricezione|data)(?:\sdella\spresente)?)?",
        rf"\bper\s(?={_DAYS}){_DATE}",
    ),
    "nl": (
        rf"\b(?:binnen|uiterlijk|vóór|voor|tegen|tot\sen\smet)\s(?:op\s|de\s|een\s"
        rf"|het\s)?(?:termijn\svan\s|eind\s(?:deze\s|van\sde\s)?(?=\w))?"
        rf"(?:maand\b|week\b|{_SPAN}|{_DATE}|{_END})",
        r"\bbinnen\s(?:de|een)\s(?:maand|week|wettelijke\stermijn)\b",
    ),
    "pl": (
        rf"\b(?:najpóźniej|nie\spóźniej\sniż)\s(?:do\s|w\sciągu\s|w\sterminie\s)?(?:dnia\s)?(?:{_SPAN}"
        rf"|{_DATE}|{_END})",
        r"\bw\sciągu\smiesiąca\b",
        rf"\b(?:w\s(?:terminie|ciągu)|do(?=\s(?:\d|końca|dnia|jutra|{_DAYS}))|przed)\s(?:dnia\s)?"
        rf"(?:{_SPAN}|{_DATE}|{_END})",
    ),
}
_OF_ALL = (
    rf"\b(?:period|deadline|time\slimit|plazo|fecha\stope|délai|frist|termine|prazo"
    rf"|termijn)\b[^\n.]{{0,30}}?[\s:'’](?P<time>{_SPAN}|{_DATE})(?:\snach\s(?:eingang|erhalt"
    rf"|zugang)(?:\sdieses\sschreibens)?)?",
)
_AT_ONCE = (
    r"\b(?:without\sundue\sdelay|sin\sdilaci[oó]n(?:\sindebida)?|sans\sdélai"
    r"|ohne\sunangemessene\sverzögerung|unverzüglich|umgehend|zonder\sonredelijke\svertraging"
    r"|bez\szbędnej\szwłoki|senza\singiustificato\sritardo|sem\sdemora\sinjustificada)\b",
    r"\b(?:noch\sheute|heute\snoch|hoy\smismo|aujourd['’]hui\smême)\b",
)

_PAST = re.compile(
    r"(?i)(?:\b(?:since|for|ago|after|over|last|seit|vor|nach|hace|desde|durante|tras|depuis|pendant|après"
    r"|il\sy\sa|voilà)\s*$)"
)
_NOT_A_DEADLINE = re.compile(
    r"(?i)\s?(?:ago|old|late|earlier|before|vorher|später|zuvor|antes|plus\starde?|atrás|alt|lang\b|long\b)"
    r"|[^.!?\n]{0,12}\b(?:has|have|had|ist|sind|est|sont|ha|han|is|foi)\s(?:now\s|already\s|längst\s|ya\s)?"
    r"(?:expired|passed|elapsed|abgelaufen|verstrichen|vorbei|dépassé|écoulé|vencid|pasad|scadut|verstreken|passou)"
)
_TOLD_BEFORE = re.compile(
    r"""(?ix)\b(?:you\s(?:had\s|have\s)?(?:said|promised|told|wrote|indicated)|was\stold|they\s(?:said
    |told)|told\sme|notice\speriod
    |dij(?:o|eron|isteis)|prometi\w+|avi?ez\s(?:dit|indiqué|promis)|m['’](?:a|avez|aviez)\s(?:dit|indiqué
    |promis)|on\sm['’]a
    |sagten?|hieß|versproch\w+|schrieben\ssie|zugesagt|avevate|avete\sdetto|hanno\sdetto|ha\sdetto
    |disse(?:ram)?|prometeram
    |zei(?:den)?|beloofd\w*|powiedz\w+|obiecal\w+|obiecano|mówi\w+|folgt|suivra|ampliaremos|seguirá|seguirà
    |volgt|will\sfollow
    |ha?i?ve\sup|bin\s(?:ich\s)?(?:noch\s)?(?:verreist|weg|abwesend|im\surlaub)|abroad|away|je\spars
    |accouche|trabaj[éó]\w*|estuve|estaré|en\smission|en\smer|absente?
    )\b[^.!?\n]*$"""
)
_HOW_MANY = re.compile(
    r"(?i)(?:\b(?:\d+|two|three|four|five|six|seven|ten|zwei|drei|vier|fünf|sechs|dos|tres|cuatro|cinco"
    r"|seis|deux|trois|quatre"
    r"|cinq|six|quatorze|due|tre|quattro|cinque|dois|três|twee|drie|vier|vijf|second|third|zweite|segunda"
    r"|cinquième)\b|\))"
    r"[^.!?,;:\n]{2,45}$"
)
"""So many calls in two weeks: no time limit."""
_FROM_TILL = re.compile(
    r"(?i)\b(?:vom?|ab|von|skala|od)\b[^!?\n]{0,25}$|\b(?:war|arbeitete|wohnte|sind\swir|ist)\s(?:\w+\s){0,2}$"
)
_SINCE_OR_IN = re.compile(r"(?i)(?:in|en|em|dans)\s")
_TILL = re.compile(r"(?i)(?:bis|do)\s")
_SHORT_FAREWELL = 16
_FAREWELL = re.compile(r"(?:^|\n)\s*$")


def deadline_in(text: str, language: str) -> str | None:
    """Return the first time limit of a text as written; "at once" only where nothing more exact stands."""
    return _first(text, _patterns(language)) or _first(text, _compiled(_AT_ONCE))


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns for a language: its own and the English ones; all where the language is not known."""
    like = {"pt": "es", "ca": "es", "gl": "es"}.get(language, language)
    languages = ("en", like) if like in _BY_LANGUAGE else tuple(_BY_LANGUAGE)
    return _compiled((*(p for code in dict.fromkeys(languages) for p in _BY_LANGUAGE[code]), *_OF_ALL))


@lru_cache(maxsize=32)
def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _first(text: str, patterns: tuple[re.Pattern[str], ...]) -> str | None:
    """Return the first match, the longer of two that begin together."""
    found = [
        (match.start() - len(match[0]) / 1000, words.strip(" ,.;"))
        for pattern in patterns
        for match in islice(_ahead(text, pattern), 1)
        if (words := next((value for value in match.groupdict().values() if value), match[0]))
    ]
    return min(found)[1] if found else None


def _ahead(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield the matches that look ahead in time: not "for ten days", not "two weeks ago"."""
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 90) : match.start()]
        if not (_PAST.search(before[-12:]) or _NOT_A_DEADLINE.match(text, match.end()) or _is_told(match[0], before)):
            yield match


def _is_told(words: str, before: str) -> bool:
    """Tell of a time others set, of how often something happened in it, of how long something lasts, of a farewell."""
    if _TOLD_BEFORE.search(before):
        return True
    if _SINCE_OR_IN.match(words):
        return bool(_HOW_MANY.search(before))
    return bool(_TILL.match(words)) and bool(
        _FROM_TILL.search(before) or (_FAREWELL.search(before) and words[0] == "B" and len(words) < _SHORT_FAREWELL)
    )
