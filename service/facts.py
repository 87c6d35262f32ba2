"""Whether a country, a time zone or an authority in the configuration exists; the nearest one where it does not."""

from cases.clock_facts import zone_named
from cases.holiday_calendar import working_days
from models.errors import SettingsError
from store.authorities import authority


def known_country(code: str) -> str:
    """Return the code of a holiday calendar; raises ValueError, naming the nearest, for an unknown one."""
    return _checked(code, working_days)


def known_timezone(name: str) -> str:
    """Return the name of a time zone; raises ValueError, naming the nearest, for an unknown one."""
    return _checked(name, zone_named)


def known_authority(code: str) -> str:
    """Return the code of an authority; raises ValueError for an unknown one."""
    return _checked(code, authority)


def _checked(value: str, look_up: object) -> str:
    try:
        look_up(value)  # type: ignore[operator]
    except SettingsError as error:
        raise ValueError(str(error)) from error
    return value
