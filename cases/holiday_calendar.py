"""Public holidays of a country or region: the one door to the `holidays` package.

In: an ISO 3166 code and local additions. Out: a `WorkCalendar`. Days off are Saturdays, Sundays and the
holidays of category "public", substitute days included (Regulation 1182/71 Art. 2); a country without
a region has the days common to the whole country only. Unknown codes are refused.
"""

import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from cases.nearest_name import nearest_name
from models.errors import SettingsError

_NOT_ISO = {"UK": "GB", "EL": "GR"}
_REGION_CODE = re.compile(r"[A-Z0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class PublicCalendar:
    """The days off at one place."""

    country: str
    local_holidays: frozenset[date]

    def day_off(self, day: date) -> str:
        """Return why this is no working day, '' where it is one."""
        if day.weekday() >= 5:
            return ("a Saturday", "a Sunday")[day.weekday() - 5]
        if day in self.local_holidays:
            return "a local holiday"
        name = _public_holidays(self.country, day.year).get(day)
        return f"a public holiday ({name})" if name else ""


def working_days(country: str, local_holidays: Iterable[date | str] = ()) -> PublicCalendar:
    """Return the calendar of a place; local holidays are dates, or texts YYYY-MM-DD.

    Raises SettingsError, naming the nearest valid code, for an unknown country or region.
    """
    return _calendar(country, frozenset(_local_day(day) for day in local_holidays))


@lru_cache(maxsize=1024)
def _calendar(country: str, local_holidays: frozenset[date]) -> PublicCalendar:
    if country not in _region_codes(country[:2]):
        raise SettingsError(f"no calendar for this country or region; the nearest code is {_nearest(country)}")
    return PublicCalendar(country, local_holidays)


def _local_day(day: date | str) -> date:
    try:
        return day if isinstance(day, date) else date.fromisoformat(day)
    except ValueError as error:
        raise SettingsError("a local holiday must be a date, YYYY-MM-DD") from error


@lru_cache(maxsize=512)
def _region_codes(country: str) -> frozenset[str]:
    """Return the code of a country and those of its regions; nothing for an unknown country."""
    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    if regions is None:
        return frozenset()
    aliases = holidays.country_holidays(country).subdivisions_aliases
    codes = [*regions, *(alias for alias in aliases if _REGION_CODE.fullmatch(alias))]
    return frozenset([country, *(f"{country}-{code}" for code in codes)])


def _nearest(wrong: str) -> str:
    country, _, region = wrong.upper().replace("_", "-").partition("-")
    country = _NOT_ISO.get(country, country)
    countries = holidays.list_supported_countries(include_aliases=False)
    if country not in countries:
        return nearest_name(country, countries)
    return nearest_name(f"{country}-{region}" if region else country, _region_codes(country))


@lru_cache(maxsize=2048)
def _public_holidays(country: str, year: int) -> dict[date, str]:
    """Return the public holidays of one year, with their English names where the package has them."""
    code, _, region = country.partition("-")
    with warnings.catch_warnings():
        # The package warns of years for which it only estimates some moon-sighted days.
        warnings.simplefilter("ignore", UserWarning)
        days = holidays.country_holidays(
            code, subdiv=region or None, years=year, expand=False, language="en_US", categories=("public",)
        )
    return dict(days.items())
