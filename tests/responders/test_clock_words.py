"""How a due date was counted, in the language of a letter: every step, in its own words, dates and plurals."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copytree

import pytest
from babel.dates import format_date
from mailboxes import mailbox, organisation

from cases.clock_facts import ExtensionEvent, PauseEvent
from cases.clocks import History, OfficeClock
from models.casework import PauseReason
from models.errors import SettingsError
from models.organisation import Regime
from models.steps import DayOff, MissingDay, Step, StepCode, step
from models.verdict import Kind
from responders.clock_words import read_clock_words
from responders.letters import LetterWriter
from responders.words import read_words

LANGUAGES = ["de", "en", "es", "fr", "it", "nl", "pl", "pt"]
LOCALES = {code: {"en": "en_GB"}.get(code, f"{code}_{code.upper()}") for code in LANGUAGES}
SHIPPED = Path(__file__).parents[2] / "responders" / "templates"
MARCH, APRIL, MAY, SATURDAY = date(2026, 3, 5), date(2026, 4, 7), date(2026, 5, 29), date(2026, 4, 4)
ZONE, SOURCE = "Europe/Madrid", "GDPR Art. 12(3)"
WRITER = LetterWriter()

every_language = pytest.mark.parametrize("language", LANGUAGES)

EXAMPLES: dict[StepCode, Step] = {
    one.code: one
    for one in (
        step(StepCode.RECEIVED, day=MARCH, timezone=ZONE),
        step(StepCode.CUT_OFF, cutoff="17:00", day=MARCH),
        step(StepCode.AWARE, day=MARCH, time="15:00", timezone=ZONE),
        step(StepCode.START_MOVED, subject=PauseReason.IDENTITY, asked=MARCH, answered=APRIL, start=APRIL, source=SOURCE),
        step(StepCode.START_KEPT, subject=PauseReason.FEE, asked=MAY, limit=APRIL),
        step(StepCode.START_OPEN, subject=PauseReason.MANDATE, asked=MARCH, source=SOURCE),
        step(StepCode.EXTENDED, notified=MARCH, limit=APRIL, source=SOURCE),
        step(StepCode.EXTENSION_LATE, notified=MAY, limit=APRIL, source=SOURCE),
        step(StepCode.EXTENSION_REPEATED, notified=MAY),
        step(StepCode.MONTHS, months=3, start=MARCH, end=APRIL, source=SOURCE),
        step(StepCode.MONTHS_SHORT, months=1, start=MARCH, missing=MissingDay(31, 2), end=APRIL, source=SOURCE),
        step(StepCode.DAY_BEFORE, end=APRIL),
        step(StepCode.PAUSED, subject=PauseReason.CLARIFICATION, asked=MARCH, answered=APRIL, days=7, end=MAY, source=SOURCE),
        step(StepCode.PAUSE_TOO_LATE, subject=PauseReason.IDENTITY, asked=MAY, end=APRIL),
        step(StepCode.PAUSE_OPEN, subject=PauseReason.CLARIFICATION, asked=MARCH, source=SOURCE),
        step(StepCode.NO_EFFECT, subject=PauseReason.FEE, asked=MARCH),
        step(StepCode.ASKED_LATE, days=9),
        step(StepCode.EVENTS_IGNORED),
        step(StepCode.DAYS_AFTER_RECEIPT, days=30, start=MARCH, end=APRIL, source=SOURCE),
        step(StepCode.DAYS_AFTER_MONTH, days=60, end=MAY, source=SOURCE),
        step(StepCode.HOURS, hours=72, day=MARCH, time="15:00", timezone=ZONE, end=APRIL, end_time="16:00", source=SOURCE),
        step(StepCode.WORKING_DAYS, count=2, start=MARCH, end=APRIL, source=SOURCE),
        step(StepCode.ROLLED, skipped=(DayOff(SATURDAY, "a Saturday"),), end=APRIL, source=SOURCE),
        step(StepCode.EARLIER, one=APRIL, other=MAY, end=APRIL),
        step(StepCode.WITHOUT_PAUSE, end=APRIL),
        step(StepCode.WAITING),
        step(StepCode.DATE_SET, end=APRIL),
        step(StepCode.DUE, end=APRIL, timezone=ZONE),
        step(StepCode.DUE_AT, end=APRIL, end_time="15:00", timezone=ZONE),
    )
}  # fmt: skip
"""Each step with the facts that its sentence needs."""


def told(language: str, one: Step) -> str:
    (sentence,) = WRITER.clock_words(language).told([one])
    return " ".join(sentence.split())


def long_date(day: date, language: str) -> str:
    return str(format_date(day, "long", locale=LOCALES[language]))


def weekday(day: date, language: str) -> str:
    return str(format_date(day, "EEEE", locale=LOCALES[language]))


# -- every step


def test_every_step_is_tried_here() -> None:
    assert set(EXAMPLES) == set(StepCode)


@every_language
@pytest.mark.parametrize("code", StepCode)
def test_each_language_explains_every_step_with_all_its_dates(language: str, code: StepCode) -> None:
    one = EXAMPLES[code]
    sentence = told(language, one)
    assert re.match(r"[^\W_]", sentence), "begins with a word or a number"
    assert not re.search(r"[{}]|None", sentence)
    for _, fact in one.facts:
        if isinstance(fact, date):
            assert long_date(fact, language) in sentence
        elif isinstance(fact, str) and not isinstance(fact, PauseReason):
            assert fact.removeprefix("GDPR ") in sentence, "times, zones and articles are kept as they are"
        elif isinstance(fact, int):
            assert re.search(rf"\b{fact}\b", sentence)


@every_language
def test_the_law_is_called_as_in_the_letters(language: str) -> None:
    law = read_words(SHIPPED / language).word("law", Regime.EU).split()[-1]
    assert f"{law} Art. 12(3)" in told(language, EXAMPLES[StepCode.MONTHS])


@every_language
@pytest.mark.parametrize("code", [StepCode.DUE, StepCode.DUE_AT, StepCode.WITHOUT_PAUSE, StepCode.ROLLED])
def test_the_day_of_the_week_is_in_the_language(language: str, code: StepCode) -> None:
    assert weekday(APRIL, language) in told(language, EXAMPLES[code])


def test_no_two_languages_say_a_step_alike() -> None:
    for code, one in EXAMPLES.items():
        sentences = {told(language, one) for language in LANGUAGES}
        assert len(sentences) == len(LANGUAGES), code


def test_in_english_a_letter_says_what_colleagues_read_but_for_numbers_in_words() -> None:
    in_words = {step(StepCode.MONTHS, months=3, start=MARCH, end=APRIL, source=SOURCE).code, StepCode.MONTHS_SHORT,
                StepCode.WORKING_DAYS}  # fmt: skip
    for code, one in EXAMPLES.items():
        if code not in in_words:
            assert told("en", one) == one.sentence


@every_language
@pytest.mark.parametrize("reason", PauseReason)
def test_each_question_has_a_name_that_begins_a_sentence(language: str, reason: PauseReason) -> None:
    sentence = told(language, step(StepCode.NO_EFFECT, subject=reason, asked=MARCH))
    others = {told(language, step(StepCode.NO_EFFECT, subject=other, asked=MARCH)) for other in PauseReason}
    assert len(others) == len(PauseReason)
    assert sentence[0].isupper()


# -- counts, days off, days that are not there

COUNTS = {
    "de": {1: "1 Tag ", 3: "3 Tage ", 30: "30 Tage "},
    "en": {1: "1 day ", 3: "3 days ", 30: "30 days "},
    "es": {1: "1 día ", 3: "3 días ", 30: "30 días "},
    "fr": {1: "1 jour ", 3: "3 jours ", 30: "30 jours "},
    "it": {1: "1 giorno ", 3: "3 giorni ", 30: "30 giorni "},
    "nl": {1: "1 dag ", 3: "3 dagen ", 30: "30 dagen "},
    "pl": {1: "1 dzień ", 3: "3 dni ", 30: "30 dni "},
    "pt": {1: "1 dia ", 3: "3 dias ", 30: "30 dias "},
}
POLISH = {1: "1 miesiąc", 2: "2 miesiące", 4: "4 miesiące", 5: "5 miesięcy", 12: "12 miesięcy", 22: "22 miesiące"}


@every_language
@pytest.mark.parametrize("count", [1, 3, 30])
def test_days_are_counted_as_the_language_counts(language: str, count: int) -> None:
    sentence = told(language, step(StepCode.DAYS_AFTER_RECEIPT, days=count, start=MARCH, end=APRIL, source=SOURCE))
    assert sentence.startswith(COUNTS[language][count])


@pytest.mark.parametrize("count", POLISH)
def test_a_language_with_more_plurals_uses_them(count: int) -> None:
    sentence = told("pl", step(StepCode.MONTHS, months=count, start=MARCH, end=APRIL, source=SOURCE))
    assert sentence.startswith(f"{POLISH[count]} ")


MISSING = {
    "de": "31. Februar",
    "en": "31 February",
    "es": "31 de febrero",
    "fr": "31 février",
    "it": "31 febbraio",
    "nl": "31 februari",
    "pl": "31 lutego",
    "pt": "31 de fevereiro",
}


@every_language
def test_the_thirty_first_of_a_month_without_one_is_named(language: str) -> None:
    assert MISSING[language] in told(language, EXAMPLES[StepCode.MONTHS_SHORT])


@every_language
@pytest.mark.parametrize("day", [MissingDay(29, 2), MissingDay(30, 2), MissingDay(31, 4), MissingDay(31, 11)])
def test_a_day_that_is_not_there_keeps_its_number(language: str, day: MissingDay) -> None:
    one = replace(EXAMPLES[StepCode.MONTHS_SHORT], facts=(("months", 1), ("start", MARCH), ("missing", day),
                                                          ("end", APRIL), ("source", "")))  # fmt: skip
    month = str(format_date(date(2026, day.month, 1), "MMMM", locale=LOCALES[language]))
    assert re.search(rf"\b{day.day}\b[^:;,]*{re.escape(month[:4])}", told(language, one), re.IGNORECASE)


@every_language
def test_days_off_are_told_with_why(language: str) -> None:
    skipped = (
        DayOff(date(2026, 4, 3), "a public holiday (Good Friday)"),
        DayOff(date(2026, 4, 4), "a Saturday"),
        DayOff(date(2026, 4, 5), "a Sunday"),
        DayOff(date(2026, 4, 6), "a local holiday"),
    )
    sentence = told(language, step(StepCode.ROLLED, skipped=skipped, end=APRIL, source=SOURCE))
    for off in skipped:
        assert long_date(off.day, language) in sentence
    assert "(Good Friday)" in sentence or ": Good Friday)" in sentence
    saturday, sunday = weekday(skipped[1].day, language), weekday(skipped[2].day, language)
    assert saturday.lower() in sentence.lower()
    assert sunday.lower() in sentence.lower()
    if language != "en":
        assert not re.search("Saturday|Sunday|holiday", sentence)


# -- real clocks


@every_language
@pytest.mark.parametrize(("regime", "country"), [(Regime.EU, "ES-MD"), (Regime.UK, "GB-ENG")])
def test_what_a_real_clock_says_can_be_said(language: str, regime: Regime, country: str) -> None:
    firm = organisation(regime=regime, country=country, local_holidays=("2026-04-07",))
    clock = OfficeClock(mailbox(organisation=firm, timezone="Europe/Madrid"))
    history = History(
        (
            PauseEvent(PauseReason.IDENTITY, date(2026, 3, 3), date(2026, 3, 6)),
            PauseEvent(PauseReason.FEE, date(2026, 3, 4)),
            PauseEvent(PauseReason.CLARIFICATION, date(2026, 3, 9), date(2026, 3, 10)),
            ExtensionEvent(date(2026, 3, 20)),
            ExtensionEvent(date(2026, 3, 21)),
        )
    )
    for kind in Kind:
        steps = clock.due(kind, datetime(2026, 1, 31, 22, 30, tzinfo=UTC), history=history).steps
        sentences = WRITER.clock_words(language).told(steps)
        assert len(sentences) == len(steps) > 1
        assert not [sentence for sentence in sentences if "{" in sentence]


# -- words that are not there


@pytest.mark.parametrize(
    ("language", "called"),
    [
        ("de", "DSGVO Art. 12(6); EDSA-Leitlinien 01/2022 Rn. 159"),
        ("en", "GDPR Art. 12(6); EDPB Guidelines 01/2022 par. 159"),
        ("es", "RGPD Art. 12(6); Directrices del CEPD 01/2022 apdo. 159"),
        ("fr", "RGPD Art. 12(6); lignes directrices du CEPD 01/2022 point 159"),
        ("it", "GDPR Art. 12(6); Linee guida EDPB 01/2022 punto 159"),
        ("nl", "AVG Art. 12(6); EDPB-richtsnoeren 01/2022 punt 159"),
        ("pl", "RODO Art. 12(6); wytyczne EROD 01/2022 pkt 159"),
        ("pt", "RGPD Art. 12(6); Diretrizes do CEPD 01/2022 ponto 159"),
    ],
)
def test_a_source_of_law_is_called_as_the_language_calls_it(language: str, called: str) -> None:
    source = "GDPR Art. 12(6); EDPB Guidelines 01/2022 par. 159"
    assert f"({called})" in told(
        language, step(StepCode.START_OPEN, subject=PauseReason.IDENTITY, asked=MARCH, source=source)
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of one language's templates, to be spoilt."""
    return Path(copytree(SHIPPED / "en", tmp_path / "en"))


def refusal(folder: Path) -> str:
    with pytest.raises(SettingsError) as caught:
        read_clock_words(folder, read_words(folder))
    return str(caught.value)


def without(folder: Path, *words: str) -> None:
    """Take words away from the file."""
    path = folder / "steps.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(tuple(f"{word} =" for word in words))]
    assert len(kept) == len(lines) - len(words)
    path.write_text("\n".join(kept), encoding="utf-8")


@pytest.mark.parametrize("word", ["pause_open", "due_at", "waiting", "mandate", "sunday", "public_holiday"])
def test_a_missing_sentence_or_name_is_refused(folder: Path, word: str) -> None:
    without(folder, word)
    assert refusal(folder) == f"en/steps.toml has no words for {word}"


def test_all_that_is_missing_is_told_at_once(folder: Path) -> None:
    without(folder, "hours", "fee", "saturday")
    assert refusal(folder) == "en/steps.toml has no words for hours, fee, saturday"


def test_a_name_in_braces_that_nothing_fills_is_refused(folder: Path) -> None:
    path = folder / "steps.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("{notified}", "{told}", 1), encoding="utf-8")
    assert refusal(folder) == "en/steps.toml: nothing fills {told} in extended"


@pytest.mark.parametrize("table", ["sentences", "subjects", "days_off", "working_days", "months", "days"])
def test_a_missing_table_is_refused(folder: Path, table: str) -> None:
    path = folder / "steps.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f"[{table}]", f"[other_{table}]"), encoding="utf-8")
    assert refusal(folder) == f"en/steps.toml cannot be read: '{table}'"


@pytest.mark.parametrize("content", [b"[sentences", b"\xff", b""])
def test_a_broken_file_is_refused(folder: Path, content: bytes) -> None:
    (folder / "steps.toml").write_bytes(content)
    assert "en/steps.toml cannot be read" in refusal(folder)


def test_a_file_that_is_not_there_is_refused(folder: Path) -> None:
    (folder / "steps.toml").unlink()
    assert "en/steps.toml cannot be read" in refusal(folder)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(SettingsError, match="no letters are written in 'tlh'"):
        WRITER.clock_words("tlh")
