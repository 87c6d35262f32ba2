"""How a due date was counted, in the language of a letter: the steps of the clock with words from `steps.toml`."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Formatter

from babel.core import Locale
from babel.dates import format_date, format_skeleton

from models.casework import PauseReason
from models.errors import SettingsError
from models.steps import SENTENCES, DayOff, MissingDay, Step, StepCode, StepFact
from responders.words import Words

_COUNTED = {"months": "months", "days": "days", "count": "working_days"}
_HOLIDAY = re.compile(r"a public holiday \((.*)\)")
_PLAIN_DAYS = {"a Saturday": "saturday", "a Sunday": "sunday", "a local holiday": "local_holiday"}
_TERMS = (
    *("UK GDPR", "GDPR", "recital", "Regulation", "EDPB Guidelines", "par.", "ICO guidance on the right of access"),
    *("no longer, so at once", "assist, so forward at once"),
)
"""What the sources of law are made of, besides numbers; a longer one before one that it contains."""
_ANY_TERM = re.compile("|".join(map(re.escape, _TERMS)))
_ANY_YEAR = 2001


@dataclass(frozen=True, slots=True)
class ClockWords:
    """The sentences of one language."""

    words: Words
    sentences: dict[str, str]
    subjects: dict[str, str]
    days_off: dict[str, str]
    counted: dict[str, dict[str, str]]
    """By what a step counts (months, days, working days): its plural forms."""
    terms: dict[str, str]
    """How sources of law are called; empty where they are called as in English."""

    def told(self, steps: Iterable[Step]) -> list[str]:
        """Return the steps as sentences."""
        return [self.sentences[step.code].format_map(dict(self._filled(step))) for step in steps]

    def _filled(self, step: Step) -> Iterator[tuple[str, str]]:
        for name, fact in step.facts:
            text = self._in_words(name, fact)
            yield name, text
            yield name.capitalize(), text[:1].upper() + text[1:]
            if isinstance(fact, date):
                yield f"{name}_weekday", str(format_date(fact, "EEEE", locale=self.words.locale))

    def _in_words(self, name: str, fact: StepFact) -> str:
        if isinstance(fact, date):
            return self.words.date(fact)
        if isinstance(fact, MissingDay):
            return self._missing(fact)
        if isinstance(fact, tuple):
            return self.words.listed(self._day_off(one) for one in fact)
        if isinstance(fact, PauseReason):
            return self.subjects[fact]
        if isinstance(fact, str):
            return self._source(fact) if name == "source" else fact
        return self._counted(name, fact)

    def _counted(self, name: str, count: int) -> str:
        forms = self.counted.get(_COUNTED.get(name, ""))
        if forms is None:
            return str(count)
        form = Locale.parse(self.words.locale).plural_form(count)
        return forms.get(form, forms["other"]).format(number=count)

    def _source(self, source: str) -> str:
        return _ANY_TERM.sub(lambda found: self.terms.get(found[0], found[0]), source)

    def _missing(self, fact: MissingDay) -> str:
        # There is no such day to format: the first of the month is, with another number put in.
        first = str(format_skeleton("MMMMd", date(_ANY_YEAR, fact.month, 1), locale=self.words.locale))
        return first.replace("1", str(fact.day), 1)

    def _day_off(self, off: DayOff) -> str:
        day = self.words.date(off.day)
        holiday = _HOLIDAY.fullmatch(off.why)
        if holiday:
            return self.days_off["public_holiday"].format(day=day, name=holiday[1])
        return self.days_off[_PLAIN_DAYS[off.why]].format(day=day)


def read_clock_words(folder: Path, words: Words) -> ClockWords:
    """Return the sentences of a language's folder; raises SettingsError where one is missing or the file is broken."""
    try:
        content = tomllib.loads((folder / "steps.toml").read_text(encoding="utf-8"))
        found = ClockWords(
            words,
            sentences=content["sentences"],
            subjects=content["subjects"],
            days_off=content["days_off"],
            counted={name: content[name] for name in _COUNTED.values()},
            terms=content.get("terms", {}),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{folder.name}/steps.toml cannot be read: {error}") from error
    missing = list(_missing(found))
    if missing:
        raise SettingsError(f"{folder.name}/steps.toml has no words for {', '.join(missing)}")
    unknown = list(_unknown(found))
    if unknown:
        raise SettingsError(f"{folder.name}/steps.toml: {'; '.join(unknown)}")
    return found


def _missing(found: ClockWords) -> Iterator[str]:
    """Yield the names of sentences and words that a due date may need and the file does not have."""
    wanted = (
        (found.sentences, [code.value for code in StepCode]),
        (found.subjects, [reason.value for reason in PauseReason]),
        (found.days_off, [*_PLAIN_DAYS.values(), "public_holiday"]),
        *((forms, ["other"]) for forms in found.counted.values()),
        (found.terms, list(_TERMS) if found.terms else []),
    )
    for having, names in wanted:
        yield from (name for name in names if name not in having)


def _unknown(found: ClockWords) -> Iterator[str]:
    """Name braces that nothing would fill."""
    forms = {f"{name}.{form}": text for name, counted in found.counted.items() for form, text in counted.items()}
    known = {code.value: _braces(sentence) for code, sentence in SENTENCES.items()}
    known |= {form: {"number"} for form in forms} | {name: {"day"} for name in _PLAIN_DAYS.values()}
    known["public_holiday"] = {"day", "name"}
    told = found.sentences | found.days_off | forms
    for name in known.keys() & told.keys():
        yield from (f"nothing fills {{{one}}} in {name}" for one in sorted(_braces(told[name]) - known[name]))


def _braces(text: str) -> set[str]:
    """Return the facts that a sentence names, whatever face of them it shows."""
    names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
    return {name.lower().removesuffix("_weekday") for name in names}
