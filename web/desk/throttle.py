"""How often one address may try: counted in memory, per process, in bounded space.

An account locks by itself, in the database; this stops who tries many names from one place.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock


class Throttle:
    """Wrong tries by address."""

    def __init__(self, most: int = 30, within: timedelta = timedelta(minutes=15), places: int = 10_000) -> None:
        """Allow `most` wrong tries `within` a time; remember at most `places` addresses, the oldest forgotten first."""
        self._most, self._within, self._places = most, within, places
        self._tries: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def is_full(self, address: str, now: datetime) -> bool:
        """Tell whether an address has to wait."""
        with self._lock:
            tries = self._tries.get(_place(address), deque())
            while tries and now - tries[0] > self._within:
                tries.popleft()
            return len(tries) >= self._most

    def count(self, address: str, now: datetime) -> None:
        """Note a wrong try."""
        place = _place(address)
        with self._lock:
            tries = self._tries.setdefault(place, deque(maxlen=self._most))
            tries.append(now)
            self._tries.move_to_end(place)
            while len(self._tries) > self._places:
                self._tries.popitem(last=False)


def _place(address: str) -> str:
    """Return what counts as one place: an IPv4 address, or the /64 that one line gets of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
