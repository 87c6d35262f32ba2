"""How often one address, and one link, may look in a while: kept in memory, for this process alone.

This is for politeness: wrong links, deeds, and the wrong codes of a proof are counted in the database.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

_MOST_KEYS = 20_000


class RateLimit:
    """Counts what each key did lately; safe to use from several threads."""

    def __init__(self, most: int, within: timedelta) -> None:
        """Allow so many times within so long."""
        self._most, self._within = most, within
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def allows(self, key: str, now: datetime) -> bool:
        """Note one more time, and tell whether that is still allowed. The key longest unseen is forgotten first."""
        with self._lock:
            times = self._seen.setdefault(key, deque(maxlen=self._most + 1))
            self._seen.move_to_end(key)
            while times and now - times[0] >= self._within:
                times.popleft()
            times.append(now)
            if len(self._seen) > _MOST_KEYS:
                self._seen.popitem(last=False)
            return len(times) <= self._most
