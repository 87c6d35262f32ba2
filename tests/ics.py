"""A strict reader of calendars (RFC 5545): whatever is not as the paragraph says is an error."""

import re

_NAME = re.compile(r"[A-Z0-9-]+")
_MUST = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "URL"}


def events(text: str) -> list[dict[str, str]]:
    """Return the events, with parameters left out of names and values as they are meant."""
    lines = _unfolded(text)
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    head = dict(line.split(":", 1) for line in lines[1 : _first_event(lines)])
    assert head["VERSION"] == "2.0"  # 3.7.4
    assert head["PRODID"]  # 3.7.3
    found: list[dict[str, str]] = []
    open_event: dict[str, str] | None = None
    for line in lines[_first_event(lines) : -1]:
        if line == "BEGIN:VEVENT":
            assert open_event is None
            open_event = {}
        elif line == "END:VEVENT":
            assert open_event is not None
            assert set(open_event) >= _MUST
            assert re.fullmatch(r"\d{8}T\d{6}Z", open_event["DTSTAMP"])  # 3.8.7.2: in UTC
            assert all(re.fullmatch(r"\d{8}", open_event[name]) for name in ("DTSTART", "DTEND"))
            assert open_event["STATUS"] in {"CONFIRMED", "CANCELLED"}  # 3.8.1.11
            found.append(open_event)
            open_event = None
        else:
            assert open_event is not None
            name, value = line.split(":", 1)
            name, *parameters = name.split(";")
            assert _NAME.fullmatch(name)
            assert name not in open_event, "once (3.6.1)"
            assert parameters == (["VALUE=DATE"] if name in {"DTSTART", "DTEND"} else [])
            open_event[name] = _meant(value) if name in {"UID", "SUMMARY"} else value
    assert len({event["UID"] for event in found}) == len(found)
    return found


def _first_event(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if line == "BEGIN:VEVENT"), len(lines) - 1)


def _unfolded(text: str) -> list[str]:
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    lines = text[:-2].split("\r\n")
    assert all(0 < len(line.encode()) <= 75 for line in lines)  # 3.1
    return re.sub("\r\n[ \t]", "", text[:-2]).split("\r\n")


def _meant(value: str) -> str:
    """Return a value of type TEXT without its escapes (3.3.11)."""
    assert not re.search(r"(?<!\\)(\\\\)*[;,]", re.sub(r"\\.", "", value))
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
