"""Data protection authorities: which one a text names, which one a mail comes from.

In: text or a mail domain. Out: the usual short name. The list is data (`data/authorities.csv`): country, short name,
names separated by bars (`=NAME` matches as a word in exactly this case), domains.
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

_OFFICIAL_DOMAIN = re.compile(
    r"""
    (?:^|\.)(?:gov|gob|gouv|gc|police|admin|bund|justice|mil|europa|judiciary|justiz|polizei|gendarmerie|interior)
    (?:\.|$) | (?:^|[.-])(?:polizei|police|policia|staatsanwaltschaft|ministerium|datenschutz|ombudsman|tribunal|justiz)
    """,
    re.VERBOSE,
)

_ENTERED_WITH = re.compile(
    r"(?i)(?:regist\w+|registr\w+|inscri\w+|supervised|supervisory authority|aufsichtsbehörde|datenschutzaufsicht"
    r"|autorité de contrôle|autoridad de control|autorità di controllo|toezichthouder)\b[^.!?\n]{0,45}$"
)
_NUMBER = re.compile(r"(?i)\s*(?:\(?(?:reg\w*\.?|no\.?|nr\.?|number|n[º°]|ref\w*)\s*)?:?\s*(?:[A-Z]{1,2})?\d{5,}")
"""A business that tells with which authority it is registered, mostly in its footer, names none for the matter."""


@dataclass(frozen=True, slots=True)
class Authority:
    """One authority of the list."""

    country: str
    short: str
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Name:
    """One way to name an authority; `trigger` must occur in the lower-cased text before the pattern is tried."""

    trigger: str
    pattern: re.Pattern[str]
    short: str


class Authorities:
    """The list, compiled for searching."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._by_domain: list[Authority] = []
        self._names: list[_Name] = []
        for row in rows:
            self._by_domain.append(
                Authority(row["country"], row["short"], tuple(filter(None, row["domains"].split("|"))))
            )
            self._names.extend(_name(name, row["short"]) for name in row["names"].split("|"))

    def named(self, text: str) -> str | None:
        """Return the short name of the authority that the text names first, other than one it is registered with."""
        lowered = text.lower()
        found = [
            (match.start(), -len(match[0]), name.short)
            for name in self._names
            if name.trigger in lowered and (match := _first(name.pattern, text))
        ]
        return min(found)[2] if found else None

    def of_domain(self, domain: str) -> str | None:
        """Return the short name of the authority that writes from a domain, None for any other domain."""
        host = domain.lower().rstrip(".")
        return next(
            (
                authority.short
                for authority in self._by_domain
                for known in authority.domains
                if host == known or host.endswith("." + known)
            ),
            None,
        )


def _first(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """Return the first match that is more than the register a business stands in."""
    for match in pattern.finditer(text):
        before = text[max(0, match.start() - 60) : match.start()]
        if not _ENTERED_WITH.search(before) and not _NUMBER.match(text, match.end()):
            return match
    return None


def is_official_domain(domain: str) -> bool:
    """Tell whether a domain looks like one of a government, court or police, in the countries we know."""
    return bool(_OFFICIAL_DOMAIN.search(domain.lower()))


def load_authorities() -> Authorities:
    """Return the packaged list."""
    text = resources.files("classify").joinpath("data/authorities.csv").read_text(encoding="utf-8")
    return Authorities(csv.DictReader(text.splitlines()))


def _name(name: str, short: str) -> _Name:
    """Compile a name: an abbreviation as a word in its own case, a full name in any case and spacing."""
    words = name.removeprefix("=").split()
    pattern = r"\s+".join(re.escape(word) for word in words)
    pattern = rf"(?<!\w){pattern}(?!\w)" if name.startswith("=") else rf"(?i)(?<!\w){pattern}"
    return _Name(max(words, key=len).lower(), re.compile(pattern), short)
