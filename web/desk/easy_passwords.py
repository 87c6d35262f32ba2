"""Which passwords are guessed first (NIST SP 800-63B-4, 3.1.1.2): commonly used words and phrases, runs of keys, years,
repetitions, and what the surroundings give away, as the names of the person, the organisation and the product.

No list can hold what people make of such words, so a password is taken apart: known pieces are found whatever their
case and with digits in place of letters, and what is left is what somebody would have to guess.
"""

import re
from collections.abc import Iterable, Iterator

ENOUGH = 9
"""What must be left to guess: each piece that is known counts as one character."""
_WORDS = """
abc abc123 access account admin administrator adobe aaron alexander amanda amor andrea andrew angel angela anna
anthony apple arsenal ashley asshole austin azerty babygirl bailey banana barcelona baseball basketball batman benfica
berlin blink bonjour boomer boston brandon buster butterfly camille carlos caroline changeme charlie cheese chelsea
chocolate chouchou christian claude computer contact contrasena contraseña cookie correct court cowboy daniel data
dataprotection datenschutz david default dennis desk diamond doudou dragon eagle edward elephant england estrella
everton example falcon family fender ferrari flower football forever frankfurt freedom friend friends fuckyou gandalf
george ginger golfer google guest hallo hammer hannah harley heather hello hockey hola holland hottie hunter iceman
iloveyou internet jackson jasmine jasper jennifer jessica jesus johnny jordan joseph joshua juventus justin killer
kitty klaster kochanie komputer lakers lauren legend letmein liverpool login loulou lovely loveme madrid maggie
mailbox marina marseille martin master matrix matthew mercedes michael michelle miguel misiek monkey monster morgan
mother motdepasse murphy mustang naruto nathalie nicole ninja nicolas office orange pass passe passphrase passw0rd
passwd passwort password passwrd patrick peanut pepper pokemon polska porsche prince princess privacy purple qazwsx
querty rainbow ranger raven rights robert root samsung samuel schalke schatz scooter secret secure security senha
server service shadow silver slipknot snoopy soccer sommer sophie spider spring starwars steelers student summer
sunshine superman support susana sweet system teresa test tester testing thomas thunder tigger tinkerbell trustno
tweety user valentina valeria vanessa verano victoria wachtwoord welcome welkom whatever willkommen winner winter
wizard wolf yankee zaq zxcvbn haslo hasło parola mypassword january february march april june july august september
october november december monday tuesday wednesday thursday friday saturday sunday januar februar märz juni juli
oktober dezember montag dienstag mittwoch donnerstag freitag enero febrero marzo abril mayo junio julio septiembre
octubre noviembre diciembre janvier fevrier mars avril juin juillet aout
""".split()  # noqa: SIM905 - a table to be read, not a list of five hundred quotation marks
_PHRASES = (
    "correcthorsebatterystaple",
    "thequickbrownfoxjumpsoverthelazydog",
    "thequickbrownfox",
    "tobeornottobe",
    "maytheforcebewithyou",
    "iloveyouforever",
    "letmeinplease",
    "loremipsumdolorsitamet",
    "opensesame",
    "neverforgetyourpassword",
    "generaldataprotectionregulation",
)
_ROWS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "98765432109876543210",
    "qazwsxedcrfvtgbyhnujm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_SHORTEST_RUN, _LONGEST_PIECE = 3, 40
_READS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i"}
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE = re.compile(r"(?:[0-3]?\d[./-]?[01]?\d[./-]?(?:(?:19|20)\d\d|\d\d))")
_APART = re.compile(r"[\s._\-+,;:/\\|*#]+")


def is_easy(password: str, names: Iterable[str] = ()) -> bool:
    """Tell whether a password is among the first to be tried; `names` are those that an attacker would know."""
    folded = _APART.sub("", password.casefold())
    if len(set(folded)) < 5 or _repeats(folded):
        return True
    words = {*_WORDS, *_PHRASES, *_parts(names)}
    return min(_left(folded, words), _left(folded.translate(_READS), words)) < ENOUGH


def _parts(names: Iterable[str]) -> Iterator[str]:
    """Yield names as they stand, and each of their words."""
    for name in names:
        for part in (_APART.sub("", name.casefold()), *_APART.split(name.casefold())):
            if len(part) >= 3:
                yield part


def _repeats(text: str) -> bool:
    """Tell whether a text is some short piece again and again, the last time perhaps cut."""
    return any(len(text) >= 2 * size and (text[:size] * len(text)).startswith(text) for size in range(1, 9))


def _left(text: str, words: set[str]) -> int:
    """Return how much of a text is left to guess when known pieces count as one character each."""
    best = list(range(len(text) + 1))
    for end in range(1, len(text) + 1):
        best[end] = min(best[end], best[end - 1] + 1)
        for start in range(end - _SHORTEST_RUN, max(end - _LONGEST_PIECE, 0) - 1, -1):
            if best[start] + 1 < best[end] and _is_known(text[start:end], words):
                best[end] = best[start] + 1
    return best[-1]


def _is_known(piece: str, words: set[str]) -> bool:
    return (
        piece in words
        or len(set(piece)) == 1
        or _YEAR.fullmatch(piece) is not None
        or (len(piece) >= 5 and _DATE.fullmatch(piece) is not None)
        or any(piece in row or piece[::-1] in row for row in _ROWS)
    )
