"""How fast one key is used: as fast as ShopMonkey answers, until it says that little of the minute is left. Pure.

The limit is a rolling minute per key, told by X-RateLimit-Limit-Minute and X-RateLimit-Remaining-Minute; a call too
many is answered 429 with Retry-After (shopmonkey.dev/overview).
"""

import math
import threading

MINUTE = 60.0
# Below this share of the limit calls are spread out to the rate that can be kept up; below the second to half of it.
LOW, VERY_LOW = 0.2, 0.05


class Pace:
    """Gives every call its turn, whichever thread makes it. Times are seconds of one monotonic clock."""

    def __init__(self) -> None:
        self.gap = 0.0
        self.free_at = 0.0
        self.lock = threading.Lock()

    def turn(self, now: float, longest: float = math.inf) -> float:
        """Seconds until the caller's turn. More than `longest`: nobody waits for that turn, and it is not taken."""
        with self.lock:
            start = max(now, self.free_at)
            if start - now <= longest:
                self.free_at = start + self.gap
            return start - now

    def heard(self, limit: int | None, remaining: int | None) -> None:
        """What an answer's headers said; None where it said nothing."""
        if not limit or limit < 0 or remaining is None:
            return
        share = remaining / limit
        gap = MINUTE / limit
        with self.lock:
            self.gap = 0.0 if share > LOW else gap if share > VERY_LOW else 2 * gap

    def hold(self, until: float) -> None:
        """No call starts before `until`."""
        with self.lock:
            self.free_at = max(self.free_at, until)
