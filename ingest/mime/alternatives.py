"""Choosing between the texts of a mail: the plain one where it is one, else the HTML, never half of either."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ingest.mime.markup import text_from_html, text_without_tags

MAX_TRIVIAL = 400
"""A plain text longer than this is never a mere remark beside the HTML."""

_LOOKS_LIKE_HTML = re.compile(r"\s*(?:<\?xml[^<>]*>\s*)?<(?:!doctype html|html|head|body|div|p)\b", re.IGNORECASE)
_NO_HTML_PROGRAM = re.compile(
    r"(?:does(?:n['’]t| not)|cannot|can['’]t|unable to|not able to) (?:support|display|view|show|read)\b.{0,40}\bhtml"
    r"|html.{0,60}(?:capable|compatible|enabled|viewer|version|format|view)|view (?:it|this|the).{0,60}(?:browser"
    r"|online)"
    r"|(?:unterstützt|zeigt|kann) .{0,60}html|html.{0,40}(?:unterstütz|anzeig|darstell|fähig)|im browser (?:ansehen"
    r"|anzeigen|öffnen)"
    r"|no (?:admite|soporta|permite|puede (?:ver|mostrar)).{0,40}html|versi[óo]n html|ver .{0,40}(?:navegador|online)"
    r"|ne (?:supporte|prend|permet|peut).{0,60}html|format html|version html|dans (?:votre|un) navigateur"
    r"|version en ligne"
    r"|non (?:supporta|visualizza|è in grado|può).{0,60}html|formato html|nel (?:tuo )?browser|versione (?:online|html)"
    r"|não (?:suporta|permite|consegue).{0,40}html|vers[ãa]o html|no (?:seu )?navegador"
    r"|(?:ondersteunt|kan) .{0,40}html|in (?:uw|je) browser|html-versie"
    r"|nie (?:obsługuje|wyświetla).{0,40}html|wersj[aęi] html|w przeglądarce",
    re.IGNORECASE | re.DOTALL,
)


_NO_LETTERS = re.compile(r"[\s>*_|\[\]()-]+")


@dataclass
class Text:
    """One text part: its words as sent, and whether they are HTML."""

    source: str
    is_html: bool

    @cached_property
    def words(self) -> str:
        """The plain text, rendered when it is first asked for."""
        if self.is_html or _LOOKS_LIKE_HTML.match(self.source):
            return text_from_html(self.source)
        return self.source

    @cached_property
    def letters(self) -> str:
        """The words without any blank and mark of quotation, to compare texts by."""
        return _letters(self.words)

    @property
    def rough_letters(self) -> str:
        """The same of HTML that was not rendered, only freed from its tags: quick, and equal for simple markup."""
        return _letters(text_without_tags(self.source))

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read."""
        return not self.source.strip() or not self.words.strip()


def best_of(alternatives: Sequence[list[Text]]) -> list[Text]:
    """Return the alternative to read: the plain text, unless it is empty, trivial or only a piece of the HTML."""
    plain = [text for texts in alternatives for text in texts if not text.is_html]
    rich = [text for texts in alternatives for text in texts if text.is_html]
    if not rich or not plain:
        return plain or rich[-1:] or rich
    words = "\n".join(text.words for text in plain).strip()
    if len(words) > MAX_TRIVIAL:
        return plain
    return _instead_of(words, plain, rich)


def joined(texts: Sequence[Text]) -> str:
    """Return the texts one below the other; what another text says already is said once."""
    readable = [text for text in texts if not text.is_blank]
    if len(readable) == 2 and readable[0].is_html != readable[1].is_html:
        readable = _without_twin(readable)
    return "\n\n".join(text.words.strip("\n") for text in readable)


def _letters(words: str) -> str:
    return _NO_LETTERS.sub("", words).casefold()


def _instead_of(words: str, plain: list[Text], rich: list[Text]) -> list[Text]:
    letters = "".join(text.letters for text in plain)
    if letters and letters == "".join(text.rough_letters for text in rich):
        return plain
    html_letters = "".join(text.letters for text in rich)
    if not html_letters:
        return plain
    if _NO_HTML_PROGRAM.search(words):
        return rich
    if letters in html_letters:
        return rich if len(html_letters) > len(letters) else plain
    # The two say different things: both are kept where the HTML says much more than the plain text.
    return plain + rich if len(html_letters) > 2 * len(letters) else plain


def _without_twin(pair: list[Text]) -> list[Text]:
    first, second = pair
    if first.letters in second.letters:
        return [second]
    return [first] if second.letters in first.letters else pair
