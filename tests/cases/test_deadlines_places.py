"""Rows of the law that turn on the place: its public holidays and its time zone; each reckoned by hand."""

from datetime import date, datetime

import pytest
from clock_rows import facts_of, reckon, rows

from cases.deadlines import is_overdue, received_on


@rows(
    ("2026-09-26", "eu AT access", "", "2026-10-27", "Austria: national day, 26 October, a Monday"),
    ("2026-11-08", "eu AT erasure", "", "2026-12-09", "Austria: Immaculate Conception, a Tuesday"),
    ("2026-06-21", "eu BE access", "", "2026-07-22", "Belgium: national day, 21 July, a Tuesday"),
    ("2026-10-11", "eu BE erasure", "", "2026-11-12", "Belgium: Armistice, a Wednesday"),
    ("2026-02-03", "eu BG access", "", "2026-03-04", "Bulgaria: Liberation, 3 March, a Tuesday"),
    ("2026-08-06", "eu BG erasure", "", "2026-09-08", "Bulgaria: Unification on a Sunday, Monday its substitute"),
    ("2026-03-10", "eu BG access", "", "2026-04-14", "Bulgaria: Orthodox Easter 12 April, Friday to Monday"),
    ("2026-11-24", "eu BG access", "", "2026-12-29", "Bulgaria: 24 to 26 December; Monday stands in for Saturday 26"),
    ("2026-07-05", "eu HR access", "", "2026-08-06", "Croatia: Victory day, 5 August, a Wednesday"),
    ("2026-10-18", "eu HR erasure", "", "2026-11-19", "Croatia: Remembrance, 18 November, a Wednesday"),
    ("2026-09-28", "eu CY access", "", "2026-10-29", "Cyprus: Ochi day, 28 October, a Wednesday"),
    ("2026-05-01", "eu CY erasure", "", "2026-06-02", "Cyprus: Monday after Orthodox Pentecost, 50 days from 12 April"),
    ("2026-08-28", "eu CZ access", "", "2026-09-29", "Czechia: Saint Wenceslas, 28 September, a Monday"),
    ("2026-06-05", "eu CZ erasure", "", "2026-07-07", "Czechia: 5 July a Sunday, Jan Hus on Monday 6"),
    ("2023-04-05", "eu DK access", "", "2023-05-08", "Denmark: Prayer Day, 26 days after Easter 9 April 2023"),
    ("2024-03-26", "eu DK access", "", "2024-04-26", "Denmark: Prayer Day was abolished from 2024 on"),
    ("2026-03-02", "eu DK erasure", "", "2026-04-07", "Denmark: Maundy Thursday to Easter Monday"),
    ("2026-01-24", "eu EE access", "", "2026-02-25", "Estonia: Independence, 24 February, a Tuesday"),
    ("2026-05-23", "eu EE erasure", "", "2026-06-25", "Estonia: Victory day and Midsummer, 23 and 24 June"),
    ("2026-12-06", "eu FI access", "", "2027-01-07", "Finland: Epiphany, a Wednesday"),
    ("2027-11-06", "eu FI erasure", "", "2027-12-07", "Finland: Independence, 6 December, a Monday"),
    ("2026-10-11", "eu FR access", "", "2026-11-12", "France: Armistice, a Wednesday"),
    ("2026-04-25", "eu FR erasure", "", "2026-05-26", "France: Whit Monday, 50 days after Easter 5 April"),
    ("2026-06-14", "eu FR access", "", "2026-07-15", "France: 14 July, a Tuesday"),
    ("2026-04-08", "eu FR access", "", "2026-05-11", "France: 8 May, a Friday"),
    ("2026-04-14", "eu FR access", "", "2026-05-15", "France: Ascension, 39 days after Easter 5 April"),
    ("2028-09-03", "eu DE access", "", "2028-10-04", "Germany: Unity, 3 October, a Tuesday"),
    ("2026-04-01", "eu DE erasure", "", "2026-05-04", "Germany: 1 May, a Friday"),
    ("2026-03-13", "eu GR access", "", "2026-04-14", "Greece: Orthodox Easter Monday, 13 April"),
    ("2026-03-06", "eu GR access", "", "2026-04-06", "Greece: works on the western Easter Monday, 6 April"),
    ("2026-01-23", "eu GR erasure", "", "2026-02-24", "Greece: Clean Monday, 48 days before 12 April"),
    ("2026-09-23", "eu HU access", "", "2026-10-26", "Hungary: 23 October, a Friday"),
    ("2027-02-15", "eu HU erasure", "", "2027-03-16", "Hungary: 15 March, a Monday"),
    ("2026-01-02", "eu IE access", "", "2026-02-03", "Ireland: Saint Brigid's Day, the first Monday of February"),
    ("2026-07-03", "eu IE access", "", "2026-08-04", "Ireland: the August holiday, its first Monday"),
    ("2026-09-26", "eu IE access", "", "2026-10-27", "Ireland: the October holiday, its last Monday"),
    ("2027-02-17", "eu IE erasure", "", "2027-03-18", "Ireland: Saint Patrick, a Wednesday"),
    ("2022-02-17", "eu IE access", "", "2022-03-21", "Ireland: Saint Patrick, and 18 March 2022 a holiday once only"),
    ("2030-01-01", "eu IE access", "", "2030-02-04", "Ireland: Saint Brigid on 1 February where that is a Friday"),
    ("2026-05-02", "eu IT access", "", "2026-06-03", "Italy: Republic, 2 June, a Tuesday"),
    ("2025-03-25", "eu IT erasure", "", "2025-04-28", "Italy: Liberation, 25 April, a Friday"),
    ("2027-09-04", "eu IT access", "", "2027-10-05", "Italy: Saint Francis, 4 October, since 2026; a Monday"),
    ("2024-09-04", "eu IT access", "", "2024-10-04", "Italy: not yet in 2024"),
    ("2025-04-04", "eu LV access", "", "2025-05-06", "Latvia: 4 May 2025 a Sunday, Monday its substitute"),
    ("2026-10-18", "eu LV erasure", "", "2026-11-19", "Latvia: Proclamation, 18 November, a Wednesday"),
    ("2026-06-06", "eu LT access", "", "2026-07-07", "Lithuania: Statehood, 6 July, a Monday"),
    ("2026-10-02", "eu LT erasure", "", "2026-11-03", "Lithuania: All Souls since 2020, a Monday"),
    ("2026-02-11", "eu LT access", "", "2026-03-12", "Lithuania: Independence restored, 11 March, a Wednesday"),
    ("2026-05-23", "eu LU access", "", "2026-06-24", "Luxembourg: the Grand Duke, 23 June, a Tuesday"),
    ("2025-04-09", "eu LU erasure", "", "2025-05-12", "Luxembourg: Europe Day, 9 May, a Friday"),
    ("2026-08-08", "eu MT access", "", "2026-09-09", "Malta: Victory day, 8 September, a Tuesday"),
    ("2026-03-03", "eu MT erasure", "", "2026-04-06", "Malta: Good Friday, but no Easter Monday"),
    ("2026-03-27", "eu NL access", "", "2026-04-28", "Netherlands: King's Day, 27 April, a Monday"),
    ("2025-03-27", "eu NL access", "", "2025-04-28", "Netherlands: 27 April 2025 a Sunday, kept on Saturday 26"),
    ("2025-04-05", "eu NL erasure", "", "2025-05-06", "Netherlands: Liberation, 5 May 2025, a Monday"),
    ("2026-03-03", "eu NL erasure", "", "2026-04-07", "Netherlands: Good Friday, by the law on terms"),
    ("2026-10-11", "eu PL access", "", "2026-11-12", "Poland: Independence, 11 November, a Wednesday"),
    ("2025-11-24", "eu PL access", "", "2025-12-29", "Poland: Christmas Eve is off since 2025: five days"),
    ("2024-11-24", "eu PL access", "", "2024-12-24", "Poland: it was not in 2024"),
    ("2027-04-03", "eu PL erasure", "", "2027-05-04", "Poland: Constitution, 3 May, a Monday"),
    ("2025-03-25", "eu PT access", "", "2025-04-28", "Portugal: Freedom, 25 April, a Friday"),
    ("2026-05-10", "eu PT erasure", "", "2026-06-11", "Portugal: 10 June, a Wednesday"),
    ("2026-03-06", "eu PT access", "", "2026-04-06", "Portugal: no Easter Monday"),
    ("2026-10-30", "eu RO access", "", "2026-12-02", "Romania: Saint Andrew and Unity, Monday and Tuesday"),
    ("2024-12-06", "eu RO erasure", "", "2025-01-08", "Romania: 6 and 7 January since 2024, Monday and Tuesday"),
    ("2026-03-10", "eu RO access", "", "2026-04-14", "Romania: Orthodox Good Friday to Easter Monday"),
    ("2026-12-06", "eu SK access", "", "2027-01-07", "Slovakia: Epiphany, a Wednesday"),
    ("2025-08-15", "eu SK erasure", "", "2025-09-16", "Slovakia: Our Lady of Sorrows, a Monday"),
    ("2026-08-15", "eu SK erasure", "", "2026-09-15", "Slovakia: which is a working day in 2026"),
    ("2026-10-17", "eu SK access", "", "2026-11-17", "Slovakia: 17 November is no day of rest since 2025"),
    ("2026-05-25", "eu SI access", "", "2026-06-26", "Slovenia: Statehood, 25 June, a Thursday"),
    ("2026-03-27", "eu SI erasure", "", "2026-04-28", "Slovenia: Resistance, 27 April, a Monday"),
    ("2027-01-08", "eu SI access", "", "2027-02-09", "Slovenia: Prešeren, 8 February, a Monday"),
    ("2026-09-12", "eu ES access", "", "2026-10-13", "Spain: 12 October, a Monday"),
    ("2025-11-08", "eu ES erasure", "", "2025-12-09", "Spain: Immaculate Conception, a Monday"),
    ("2025-05-06", "eu SE access", "", "2025-06-09", "Sweden: 6 June a Friday; Whit Monday 9 June is worked"),
    ("2026-05-20", "eu SE access", "", "2026-06-22", "Sweden: Midsummer Day is a Saturday, 20 June 2026"),
    ("2026-12-06", "eu SE erasure", "", "2027-01-07", "Sweden: Epiphany, a Wednesday"),
)
def test_a_national_holiday_of_each_member_state_moves_the_end(
    received: str, what: str, events: str, expected: str
) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-12-06", "eu DE-BY access", "", "2027-01-07", "Epiphany in Bavaria, a Wednesday"),
    ("2026-12-06", "eu DE-BW access", "", "2027-01-07", "and in Baden-Württemberg"),
    ("2026-12-06", "eu DE access", "", "2027-01-06", "not in the whole of Germany"),
    ("2026-05-04", "eu DE-BY access", "", "2026-06-05", "Corpus Christi, 60 days after Easter 5 April"),
    ("2026-05-04", "eu DE-HE access", "", "2026-06-05", "in Hesse too"),
    ("2026-05-04", "eu DE-BE access", "", "2026-06-04", "not in Berlin"),
    ("2027-10-01", "eu DE-BY access", "", "2027-11-02", "All Saints, a Monday"),
    ("2027-10-01", "eu DE-NW access", "", "2027-11-02", "in North Rhine-Westphalia too"),
    ("2027-10-01", "eu DE-HH access", "", "2027-11-01", "not in Hamburg"),
    ("2022-09-30", "eu DE-HH access", "", "2022-11-01", "30 October a Sunday, Reformation in Hamburg on Monday"),
    ("2022-09-30", "eu DE-NW access", "", "2022-10-31", "no Reformation in North Rhine-Westphalia"),
    ("2025-07-31", "eu DE-NI access", "told 2025-08-15", "2025-11-03", "three months to Reformation, a Friday"),
    ("2025-07-31", "eu DE-BW access", "told 2025-08-15", "2025-10-31", "which Baden-Württemberg works"),
    ("2027-02-08", "eu DE-BE access", "", "2027-03-09", "Women's Day in Berlin"),
    ("2027-02-08", "eu DE-MV access", "", "2027-03-09", "and in Mecklenburg since 2023"),
    ("2027-02-08", "eu DE-BY access", "", "2027-03-08", "not in Bavaria"),
    ("2026-10-18", "eu DE-SN access", "", "2026-11-19", "Repentance in Saxony, the Wednesday before 23 November"),
    ("2026-10-18", "eu DE-BE access", "", "2026-11-18", "nowhere else"),
    ("2027-08-20", "eu DE-TH access", "", "2027-09-21", "Children's Day in Thuringia, 20 September, a Monday"),
    ("2025-07-15", "eu DE-SL access", "", "2025-08-18", "Assumption in the Saarland, a Friday"),
    ("2025-04-08", "eu DE-BE access", "", "2025-05-09", "8 May 2025 in Berlin, once only"),
    ("2025-04-08", "eu DE access", "", "2025-05-08", "no holiday of Germany"),
    ("2025-04-02", "eu ES-MD access", "", "2025-05-05", "Madrid's day, 2 May, a Friday"),
    ("2025-04-02", "eu ES access", "", "2025-05-02", "no holiday of the whole of Spain"),
    ("2026-08-11", "eu ES-CT access", "", "2026-09-14", "Catalonia's day, 11 September, a Friday"),
    ("2025-05-24", "eu ES-CT access", "", "2025-06-25", "Saint John in Catalonia, a Tuesday"),
    ("2025-05-24", "eu ES-MD access", "", "2025-06-24", "not in Madrid"),
    ("2025-01-28", "eu ES-AN access", "", "2025-03-03", "Andalusia's day, 28 February, a Friday"),
    ("2025-06-25", "eu ES-GA access", "", "2025-07-28", "Galicia's day, 25 July, a Friday"),
    ("2025-09-09", "eu ES-VC access", "", "2025-10-10", "Valencia's day, 9 October, a Thursday"),
    ("2025-03-23", "eu ES-AR access", "", "2025-04-24", "Aragon's day, 23 April, a Wednesday"),
    ("2025-04-30", "eu ES-CN access", "", "2025-06-02", "the Canaries' day, 30 May, a Friday"),
    ("2025-08-08", "eu ES-AS access", "", "2025-09-09", "Asturias' day, 8 September, a Monday"),
    ("2025-05-09", "eu ES-MC access", "", "2025-06-10", "Murcia's day, 9 June, a Monday"),
    ("2026-03-06", "eu ES-PV access", "", "2026-04-07", "Easter Monday in the Basque Country"),
    ("2026-04-25", "eu IT-BZ access", "", "2026-05-26", "Whit Monday in South Tyrol"),
    ("2026-04-25", "eu IT access", "", "2026-05-25", "which the rest of Italy works"),
    ("2028-11-26", "eu FR-57 access", "", "2028-12-27", "26 December in Moselle, a Tuesday"),
    ("2028-11-26", "eu FR access", "", "2028-12-26", "which the rest of France works"),
)
def test_a_regional_holiday_moves_the_end_in_its_region_only(
    received: str, what: str, events: str, expected: str
) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-07-31", "uk GB-ENG access", "", "2026-09-01", "31 August 2026 is the summer bank holiday"),
    ("2026-07-31", "uk GB-WLS access", "", "2026-09-01", "in Wales too"),
    ("2026-07-31", "uk GB-NIR access", "", "2026-09-01", "and in Northern Ireland"),
    ("2026-07-31", "uk GB-SCT access", "", "2026-08-31", "which Scotland has earlier"),
    ("2026-07-03", "uk GB-SCT access", "", "2026-08-04", "on 3 August"),
    ("2026-07-03", "uk GB-ENG access", "", "2026-08-03", "when England works"),
    ("2025-12-02", "uk GB-SCT access", "", "2026-01-05", "2 January, a Friday, in Scotland"),
    ("2025-12-02", "uk GB-ENG access", "", "2026-01-02", "which England works"),
    ("2026-10-30", "uk GB-SCT erasure", "", "2026-12-01", "Saint Andrew, 30 November, a Monday"),
    ("2026-10-30", "uk GB-WLS erasure", "", "2026-11-30", "which Wales works"),
    ("2025-10-30", "uk GB-SCT access", "", "2025-12-02", "Saint Andrew a Sunday, Monday 1 December its substitute"),
    ("2026-05-15", "uk GB-SCT access", "", "2026-06-16", "15 June 2026, proclaimed for Scotland's World Cup"),
    ("2026-05-15", "uk GB-ENG access", "", "2026-06-15", "not for England's"),
    ("2026-02-17", "uk GB-NIR access", "", "2026-03-18", "Saint Patrick's Day, a Tuesday"),
    ("2026-02-17", "uk GB-ENG access", "", "2026-03-17", "which is no holiday in England"),
    ("2026-06-12", "uk GB-NIR access", "", "2026-07-14", "12 July a Sunday, so Monday 13 is its substitute"),
    ("2026-06-12", "uk GB-ENG access", "", "2026-07-13", "England works that Monday"),
    ("2027-06-12", "uk GB-NIR access", "", "2027-07-13", "12 July, a Monday"),
    ("2027-06-12", "uk GB-SCT access", "", "2027-07-12", "which Scotland works"),
    ("2025-06-12", "uk GB-NIR erasure", "", "2025-07-15", "12 July a Saturday, Monday 14 its substitute"),
    ("2027-02-01", "uk GB-WLS access", "", "2027-03-01", "Saint David is no bank holiday in Wales"),
    ("2024-02-29", "uk GB-WLS access", "", "2024-04-02", "Good Friday, weekend, Easter Monday in Wales"),
    ("2026-11-28", "uk GB-ENG access", "", "2026-12-29", "28 December 2026 stands in for Boxing Day, a Saturday"),
    ("2026-11-25", "uk GB-SCT access", "", "2026-12-29", "Christmas, weekend, substitute: the same in Scotland"),
    ("2027-11-27", "uk GB-ENG access", "", "2027-12-29", "27 and 28 December 2027 stand in for Saturday and Sunday"),
    ("2021-11-25", "uk GB-ENG access", "", "2021-12-29", "Christmas on a Saturday: four days off"),
    ("2021-11-25", "eu FR access", "", "2021-12-27", "France has no substitute days"),
    ("2022-12-01", "uk GB-ENG access", "", "2023-01-03", "1 January 2023 a Sunday, 2 its substitute"),
    ("2022-12-01", "uk GB-SCT access", "", "2023-01-04", "2 January is a holiday itself in Scotland, 3 its substitute"),
    ("2020-04-08", "uk GB-NIR access", "", "2020-05-11", "the May holiday of 2020 went to Friday 8"),
    ("2020-04-04", "uk GB-NIR access", "", "2020-05-04", "from Monday 4"),
    ("2022-05-02", "uk GB-ENG access", "", "2022-06-06", "the spring holiday of 2022 went to 2 June, the Jubilee 3"),
    ("2022-04-30", "uk GB-ENG access", "", "2022-05-30", "from Monday 30 May"),
    ("2022-08-19", "uk GB-WLS access", "", "2022-09-20", "the Queen's funeral, Monday 19 September 2022"),
    ("2023-04-08", "uk GB-ENG access", "", "2023-05-09", "the coronation, Monday 8 May 2023"),
)
def test_the_nations_of_the_kingdom_have_bank_holidays_of_their_own(
    received: str, what: str, events: str, expected: str
) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2024-02-29", "eu DE access", "", "2024-04-02", "Good Friday, weekend, Easter Monday"),
    ("2024-02-29", "uk GB-ENG access", "", "2024-04-02", "Good Friday, weekend, Easter Monday in England"),
    ("2024-02-29", "uk GB-NIR access", "", "2024-04-02", "the same in Northern Ireland"),
    ("2024-02-29", "uk GB-SCT access", "", "2024-04-01", "Scotland has no Easter Monday"),
    ("2024-02-29", "uk GB access", "", "2024-04-01", "Easter Monday is not common to the whole Kingdom"),
    ("2024-02-29", "eu ES-MD access", "", "2024-04-01", "Madrid has Good Friday, not Easter Monday"),
    ("2024-02-29", "eu ES-CT access", "", "2024-04-02", "Catalonia has Easter Monday"),
    ("2024-02-29", "eu IE access", "", "2024-03-29", "Good Friday is a working day in Ireland"),
)
def test_places_keep_easter_as_they_do(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@rows(
    ("2026-12-23", "eu DE unsubscribe", "", "2026-12-28", "Thursday 24 is worked, then Christmas and a weekend"),
    ("2026-12-24", "eu DE unsubscribe", "", "2026-12-29", "Monday 28 and Tuesday 29"),
    ("2026-12-23", "eu PL unsubscribe", "", "2026-12-29", "Christmas Eve is off in Poland"),
    ("2026-12-24", "eu PL authority_letter", "", "2026-12-29", "received on a holiday: Monday is the first"),
    ("2026-12-23", "uk GB-ENG objection_marketing", "", "2026-12-29", "Thursday 24; Monday 28 is a substitute"),
    ("2026-12-31", "uk GB-ENG withdraw_consent", "", "2027-01-05", "New Year's Day, weekend, Monday and Tuesday"),
    ("2026-12-31", "uk GB-SCT withdraw_consent", "", "2027-01-06", "Monday 4 stands in for 2 January in Scotland"),
    ("2026-04-02", "eu FR unsubscribe", "", "2026-04-07", "Good Friday is worked in France, Easter Monday is not"),
    ("2026-04-02", "eu DE unsubscribe", "", "2026-04-08", "neither is worked in Germany"),
    ("2026-04-02", "eu PT unsubscribe", "", "2026-04-07", "Good Friday is off in Portugal, Easter Monday is worked"),
    ("2026-04-01", "eu DK unsubscribe", "", "2026-04-08", "Maundy Thursday is off in Denmark too"),
    ("2026-04-02", "uk GB-SCT unsubscribe", "", "2026-04-07", "Good Friday is off in Scotland, Easter Monday worked"),
    ("2026-04-09", "eu GR unsubscribe", "", "2026-04-15", "Orthodox Good Friday 10, Easter Monday 13 April"),
    ("2026-05-13", "eu DE processor_forward", "", "2026-05-18", "Ascension, Friday, weekend, Monday"),
    ("2028-02-28", "eu DE unsubscribe", "", "2028-03-01", "the leap day is worked"),
    ("2026-06-05", "eu IE unsubscribe", "identity 2026-06-05/2026-06-09", "2026-06-09", "Friday: Monday and Tuesday"),
)
def test_a_fast_clock_ends_with_the_second_working_day(received: str, what: str, events: str, expected: str) -> None:
    answer = reckon(received, what, events)
    assert (answer.due_on, answer.due_without_pause) == (date.fromisoformat(expected),) * 2


@rows(
    ("2026-03-31T20:59:59Z", "eu FI access", "", "2026-04-30", "Helsinki, UTC+3: a second before midnight, 31 March"),
    ("2026-03-31T21:00:00Z", "eu FI access", "", "2026-05-04", "midnight, 1 April: 1 May is a holiday, a Friday"),
    ("2028-02-28T21:59:59Z", "eu FI access", "", "2028-03-28", "Helsinki in winter, UTC+2: still 28 February"),
    ("2028-02-28T22:00:00Z", "eu FI access", "", "2028-03-29", "the leap day begins"),
    ("2028-02-29T22:00:00Z", "eu FI access", "", "2028-04-03", "and ends: 1 April is a Saturday"),
    ("2026-03-31T23:30:00Z", "eu PT access", "", "2026-05-04", "Lisbon, UTC+1: 1 April, so 1 May, a holiday"),
    ("2026-03-31T23:30:00Z", "eu PT access Atlantic/Azores", "", "2026-04-30", "the Azores, UTC: still 31 March"),
    ("2026-06-30T22:59:59Z", "eu IE access", "", "2026-07-30", "Dublin, UTC+1: a second before midnight, 30 June"),
    ("2026-06-30T23:00:00Z", "eu IE access", "", "2026-08-04", "1 July: 1 August Saturday, Monday the August holiday"),
    ("2026-06-30T22:30:00Z", "eu ES-CN access Atlantic/Canary", "", "2026-07-30", "Canaries, UTC+1: still 30 June"),
    ("2026-06-30T22:30:00Z", "eu ES-MD access", "", "2026-08-03", "Madrid, UTC+2: 1 July; 1 August is a Saturday"),
    ("2026-08-31T20:59:59Z", "eu CY access", "", "2026-09-30", "Nicosia, UTC+3: a second before midnight, 31 August"),
    ("2026-08-31T21:00:00Z", "eu CY access", "", "2026-10-02", "1 September: 1 October is Independence"),
    ("2027-12-31T22:59:59Z", "eu FR access", "", "2028-01-31", "Paris, UTC+1: the last second of the year"),
    ("2027-12-31T23:00:00Z", "eu FR access", "", "2028-02-01", "the first of the next"),
    ("2026-06-10T18:29:59Z", "eu IE access Asia/Kolkata", "", "2026-07-10", "UTC+5:30: a second before midnight"),
    ("2026-06-10T18:30:00Z", "eu IE access Asia/Kolkata", "", "2026-07-13", "11 June: 11 July is a Saturday"),
    ("2026-06-10T03:30:00Z", "uk GB-ENG access America/New_York", "", "2026-07-09", "UTC-4: still 9 June"),
    # The clocks change on Sunday 29 March and on Sunday 25 October 2026, at 01:00 UTC.
    ("2026-03-28T23:59:59Z", "uk GB-ENG access", "", "2026-04-28", "the last second before the short day"),
    ("2026-03-29T00:00:00Z", "uk GB-ENG access", "", "2026-04-29", "its first"),
    ("2026-03-29T22:59:59Z", "uk GB-ENG access", "", "2026-04-29", "its last, 23 hours on"),
    ("2026-03-29T23:00:00Z", "uk GB-ENG access", "", "2026-04-30", "and the next day"),
    ("2026-10-24T23:00:00Z", "uk GB-ENG access", "", "2026-11-25", "the long day begins while it is summer"),
    ("2026-10-25T23:59:59Z", "uk GB-ENG access", "", "2026-11-25", "its last second, 25 hours on"),
    ("2026-10-26T00:00:00Z", "uk GB-ENG access", "", "2026-11-26", "and the next day after it"),
    ("2026-10-24T23:59:59Z", "eu PT access Atlantic/Azores", "", "2026-11-24", "the Azores, UTC: 24 October"),
    ("2026-10-25T00:00:00Z", "eu PT access Atlantic/Azores", "", "2026-11-25", "there it is 25 October"),
    ("2026-10-25T01:00:00Z", "eu PT access Atlantic/Azores", "", "2026-11-25", "and midnight once more: the same day"),
    ("2026-03-29T00:59:59Z", "eu PT access Atlantic/Azores", "", "2026-04-28", "UTC-1 in winter: still 28 March"),
    ("2026-03-29T01:00:00Z", "eu PT access Atlantic/Azores", "", "2026-04-29", "the day begins at one o'clock"),
)
def test_a_receipt_near_midnight_counts_on_the_local_day(received: str, what: str, events: str, expected: str) -> None:
    assert reckon(received, what, events).due_on == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "timezone", "expected"),
    [
        pytest.param("2026-03-31T21:59:59Z", "Europe/Paris", "2026-03-31", id="23:59:59 counts as that day"),
        pytest.param("2026-03-31T22:00:00Z", "Europe/Paris", "2026-04-01", id="midnight is the next day"),
        pytest.param("2026-02-28T22:59:59Z", "Europe/Paris", "2026-02-28", id="in winter the offset is one hour"),
        pytest.param("2026-05-09T18:14:59Z", "Asia/Kathmandu", "2026-05-09", id="UTC+5:45, a second before midnight"),
        pytest.param("2026-05-09T18:15:00Z", "Asia/Kathmandu", "2026-05-10", id="UTC+5:45, midnight"),
        pytest.param("2026-05-09T12:00:00Z", "Pacific/Auckland", "2026-05-10", id="already tomorrow in Auckland"),
        pytest.param("2026-05-09T11:15:00Z", "Pacific/Chatham", "2026-05-10", id="UTC+12:45, midnight"),
        pytest.param("2026-05-09T10:00:00Z", "Pacific/Kiritimati", "2026-05-10", id="UTC+14, midnight"),
        pytest.param("2026-05-10T03:59:59Z", "America/New_York", "2026-05-09", id="still yesterday in New York"),
    ],
)
def test_the_day_of_receipt_is_the_local_day(received: str, timezone: str, expected: str) -> None:
    assert received_on(facts_of(received, "eu IE access", timezone=timezone)) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "timezone", "expected"),
    [
        pytest.param("2026-02-27", "Europe/London", "2026-03-28T00:00:00Z", id="27 March: winter time in London"),
        pytest.param("2026-03-02", "Europe/London", "2026-04-02T23:00:00Z", id="2 April: summer time in London"),
        pytest.param("2026-09-23", "Europe/Berlin", "2026-10-23T22:00:00Z", id="23 October: summer time in Berlin"),
        pytest.param("2026-09-28", "Europe/Berlin", "2026-10-28T23:00:00Z", id="28 October: winter time in Berlin"),
        pytest.param(
            "2026-03-23", "Africa/Cairo", "2026-04-23T22:00:00Z", id="Cairo skips the midnight after 23 April"
        ),
        pytest.param("2026-02-10", "Asia/Kathmandu", "2026-03-10T18:15:00Z", id="UTC+5:45"),
    ],
)
def test_a_due_date_ends_where_the_next_local_day_begins(received: str, timezone: str, expected: str) -> None:
    answer = reckon(received, "eu GB access", timezone=timezone)
    assert answer.due_at == datetime.fromisoformat(expected)


@rows(
    ("2026-03-27T12:00:00Z", "eu DE incident", "", "2026-03-30T14:00+02:00", "13:00 in winter, 14:00 in summer"),
    ("2026-10-23T22:30:00Z", "eu DE incident", "", "2026-10-26T23:30+01:00", "24 October 00:30, 26 October 23:30"),
    ("2026-12-24T12:00:00Z", "eu DE incident", "", "2026-12-27T13:00+01:00", "Christmas is no reason to wait"),
    ("2026-10-23T12:00:00Z", "eu FR incident", "", "2026-10-26T13:00+01:00", "Friday 14:00 in summer, Monday 13:00"),
    ("2026-03-27T23:30:00Z", "uk GB-ENG incident", "", "2026-03-31T00:30+01:00", "the lost hour leads past midnight"),
    ("2026-10-23T23:30:00Z", "uk GB-ENG incident", "", "2026-10-26T23:30+00:00", "the gained hour leads before it"),
    ("2026-04-03T08:00:00Z", "eu DE incident", "", "2026-04-06T10:00+02:00", "Good Friday to Easter Monday"),
    ("2028-02-28T09:00:00Z", "eu FI incident", "", "2028-03-02T11:00+02:00", "over the leap day"),
    ("2027-02-26T09:00:00Z", "eu FI incident", "", "2027-03-01T11:00+02:00", "over the end of a common February"),
    ("2026-12-30T15:00:00Z", "eu FR incident", "", "2027-01-02T16:00+01:00", "over New Year, to a Saturday"),
    ("2026-03-06T20:00:00Z", "eu IE incident America/New_York", "", "2026-03-09T16:00-04:00", "New York's own change"),
    ("2026-06-05T13:00:00Z", "eu DE incident", "told 2026-06-05", "2026-06-08T15:00+02:00", "nothing extends 72 hours"),
)
def test_hours_are_hours_of_real_time(received: str, what: str, events: str, expected: str) -> None:
    answer, local_end = reckon(received, what, events), datetime.fromisoformat(expected)
    assert (answer.due_at, answer.due_on) == (local_end, local_end.date())


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-07-01T21:59:59Z", False),
        ("2026-07-01T22:00:00Z", True),
        ("2026-06-30T12:00:00Z", False),
    ],
)
def test_due_today_is_not_overdue(now: str, expected: bool) -> None:  # noqa: FBT001
    assert is_overdue(date(2026, 7, 1), datetime.fromisoformat(now), "Europe/Paris") is expected
