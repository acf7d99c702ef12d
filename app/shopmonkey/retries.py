"""When a failed call is tried again, and after how long. Pure."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# ShopMonkey's own client retries these and nothing else (shopmonkeyus/eds internal/util/http.go).
STATUSES = frozenset({408, 429, 502, 503, 504})
# Answers after which a write may have been carried out all the same.
UNKNOWN = frozenset({408, 500, 502, 503, 504})
ATTEMPTS = 5
LONGEST = 16.0
LONGEST_ASKED = 60.0


def may_read_again(status: int | None, broken: bool, never_connected: bool) -> bool:
    """Whether a call that changes nothing, or the same when done twice, is tried again at once.

    A timeout is not: it has already cost its 30 s, and the caller's own schedule tries that again.
    """
    return status in STATUSES or broken


def may_create_again(status: int | None, broken: bool, never_connected: bool) -> bool:
    """Whether a call that makes something is tried again: ShopMonkey has no idempotency keys, so only when it was
    turned away before it was carried out."""
    return status == 429 or never_connected


def pause(attempt: int, retry_after: float | None, jitter: float) -> float:
    """Seconds to wait after failed attempt number `attempt` (from 1): what the answer asked for, else 0.5 s doubling.

    `jitter` between 0 and 1 spreads the waits of several workers.
    """
    if retry_after is not None:
        return min(max(retry_after, 0.0), LONGEST_ASKED)
    return min(0.5 * 2 ** (attempt - 1), LONGEST) * (0.75 + 0.5 * jitter)


def asked_wait(header: str | None, now: datetime) -> float | None:
    """Seconds that a Retry-After header asks for, written as seconds or as an HTTP date; None for anything else."""
    if not header:
        return None
    if header.strip().isdigit():
        return float(header.strip())
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max((until - now).total_seconds(), 0.0)
