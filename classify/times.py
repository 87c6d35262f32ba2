"""How points in time and spans are written: patterns made of the words of a language.

In: the words of one language (`data/deadlines.toml`). Out: regular expressions, without a limit word before them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_DOTTED = r"\d{1,2}\.(?:1[0-2]|0?[1-9])(?!\d)(?:\.(?:\d{4}|\d\d)?)?"
_NUMERIC = rf"(?:{_DOTTED}|\d{{1,2}}[/-]\d{{1,2}}(?:[/-]\d{{2,4}})?)(?!\d)|\d{{4}}-\d\d-\d\d"
_ORDINAL = r"(?:\.º|\.|st|nd|rd|th|er|º|°|e)?"
_NOT_OF = r"(?!\s(?:d[eou]|des|del|della|do|da|van|of|der)\b|\sd['’])"
"""The end "of the quarrel" is no point in time."""
_OF_THIS_MONTH = (
    r"\s(?:des\s(?:kommenden|nächsten|laufenden)\smonats|d\.\s?m\.|courant|p\.\s?v\.|c\.\s?m\.|du\smois|de\seste\smes"
    r"|of\s(?:this|next)\smonth)"
)
_NO_HOUR = r"(?!\d|[.:]\d|\s?(?:h|uhr|uur|u|am|pm|ore|horas|heures|o'clock)\b)"
_NO_AMOUNT = (
    r"(?=\s*(?:[^\w\s%€$£/+-]|$)(?!\d)|\s*\n|\s(?:au|como|latest|if|si|se|als|jeśli|because|since|would|should|le|la"
    r"|car|weil|da|perché|porque|bo|want|omdat|que|and|und|et|y|e|en|i|or|oder|ou)\s)"
)
"""A day of the month without its month ends a part of the sentence, so that no amount is taken for one."""


def spaced(pattern: str) -> str:
    """Return a pattern in which any space, or a line's end, may stand for a space; never many, to stay quick."""
    return pattern.replace(" ?", r"\s{0,2}").replace(" ", r"\s{1,3}")


@dataclass(frozen=True, slots=True)
class Times:
    """The patterns of one language."""

    span: str
    """So many days, with from when they count: "14 days of receipt of this letter"."""
    point: str
    """A day, an hour, the end of something: "Friday 6 March at noon"."""
    day_alone: str
    """A day of the month without its month: "20."."""
    lawful: str
    """The time that the law sets: "statutory period"."""
    event: str
    """Something that happens on a day: "the lists are printed on 5 December"."""

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Times":
        """Return the patterns made of the words of a language."""
        hour = _hour(words)
        date = _date(words)
        later = rf"(?:\s{{1,3}}(?:{spaced(words['on'])})\s{{1,3}}{date})?"
        ends = rf"(?:{spaced(words['ends'])})(?<!\s)\b{_NOT_OF}{later}"
        when = rf"(?:,?\s{{1,3}}(?:(?:{spaced(words['oclock'])})\s{{1,3}})?{hour})?"
        day_alone = rf"(?:(?:3[01]|[12]?\d)(?:(?:st|nd|rd|th)\b|{_ORDINAL}(?:{_OF_THIS_MONTH}|{_NO_AMOUNT}){when}))"
        on = rf"(?:(?:{spaced(words['on'])})\s{{1,3}}(?:(?:{spaced(words['article'])})\s{{1,3}})?)?"
        at_hour = rf"(?:{spaced(words['oclock'])})\s{{1,3}}{hour}"
        on_day = rf"(?:{spaced(words['on'])}|am)\s{{1,3}}{day_alone}"
        return cls(
            span=_span(words),
            point=rf"(?:(?:{hour}\s{{1,3}}{on})?(?:{date}|{ends}){when}|{hour})",
            day_alone=day_alone,
            lawful=rf"(?:(?:{words['law']})\s{{1,3}}){{0,2}}(?:{words['law']})\b",
            event=rf"(?:[^\W\d][\w'’-]{{0,24}}\s{{1,3}}){{1,6}}?(?:{on}{date}{when}|{at_hour}|{on_day})",
        )


def _span(words: Mapping[str, str]) -> str:
    count = rf"(?:\d{{1,3}}|{spaced(words['counts'])})(?:\s?\([\w ]{{1,20}}\))?"
    since = rf"(?:,?\s{{1,3}}(?:{spaced(words['since'])})\b)?"
    units = rf"(?:{spaced(words['units'])})\b"
    return rf"(?:(?:{count}\s?{units}|(?:{spaced(words['spans'])})\b){since})"


def _date(words: Mapping[str, str]) -> str:
    months, on = rf"(?:{words['months']})\b\.?", r"(?:(?:de|of|d['’]|di)\s{1,3})?"
    year = r"(?:,?\s{1,3}(?:de\s{1,3}|del\s{1,3})?\d{4}(?:\sr\.)?)?"
    day = rf"(?:{spaced(words['days'])})\b(?:['’]s\s\w+(?:\smeeting)?)?"
    numbered = rf"\d{{1,2}}{_ORDINAL}\s{{1,3}}{on}{months}{year}"
    article = rf"(?:(?:{spaced(words['article'])})\s{{1,3}})?"
    return (
        rf"(?:{numbered}|{months}\s{{1,3}}\d{{1,2}}(?:st|nd|rd|th)?\b(?![:.]\d){year}|{_NUMERIC}"
        rf"|{day}(?:,?\s{{1,3}}{article}(?:{numbered}|{_NUMERIC}|\d{{1,2}}{_ORDINAL}{_NO_HOUR}))?"
        rf"|{months}\s{{1,3}}\d{{4}})"
    )


def _hour(words: Mapping[str, str]) -> str:
    marks = f"{words['hour']}|" if words["hour"] else ""
    noon = spaced(words["noon"])
    oclock = spaced(words["oclock"])
    marked = rf"\s?(?:{marks}uhr|uur)\b"
    return (
        rf"(?:(?:[01]?\d|2[0-4])(?:[:.]\d\d)?{marked}|\d{{1,2}}[:.]\d\d\b(?!\.\d)"
        rf"|(?:{oclock})\s{{1,3}}\d{{1,2}}(?:[:.]\d\d)?(?:{marked}|\b)(?!\s?[%€])|(?:{noon})\b)"
    )
