"""What an attempt to push a visit came to, and when the next one follows. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.shopmonkey import ShopMonkeyError

# After that many failed attempts in a row, which take a quarter of an hour, staff are shown it.
MOST_ATTEMPTS = 6
SLOWEST = timedelta(hours=1)
# Longer than ShopMonkey's answer may take: by then a POST that was lost from sight has been carried out, or never will.
SETTLES = timedelta(seconds=60)
LOOKS_AGAIN = timedelta(minutes=10)

KEY_REFUSED = "ShopMonkey does not let us write to this store's calendar: the key is wrong or may not do it"


@dataclass(frozen=True)
class Pushed:
    """ShopMonkey's calendar is as wanted, and surely holds `body`.

    `posted`: an earlier POST may still bear a second appointment. `restored`: somebody had deleted it there.
    """

    appointment_id: str | None
    body: dict[str, Any]
    posted: dict[str, Any] | None = None
    restored: bool = False


@dataclass(frozen=True)
class Failed:
    """It is not. `permanent`: only a person can help. `posted`: a POST may have been carried out all the same.

    `unwell`: the company's other visits would fare no better at the moment.
    """

    reason: str
    appointment_id: str | None
    posted: dict[str, Any] | None
    permanent: bool = False
    unwell: bool = False
    retry_after: float = 0.0


def failed(error: ShopMonkeyError, appointment_id: str | None, posted: dict[str, Any] | None) -> Failed:
    """What that error means for a visit of which this much is known."""
    return Failed(
        reason=_in_words(error),
        appointment_id=appointment_id,
        posted=posted,
        permanent=error.permanent,
        unwell=error.unwell,
        retry_after=error.retry_after or 0.0,
    )


def pause(attempt: int, outcome: Failed) -> timedelta | None:
    """How long to wait after failed attempt number `attempt`: 30 s doubling, at most an hour; None for good."""
    if outcome.permanent:
        return None
    usual = min(timedelta(seconds=30) * 2 ** (min(attempt, 10) - 1), SLOWEST)
    return max(usual, timedelta(seconds=min(outcome.retry_after, 3600)), settling(outcome))


def settling(outcome: Pushed | Failed) -> timedelta:
    """How long a POST that was lost from sight must be waited for before anything else is tried."""
    return SETTLES if outcome.posted else timedelta()


def is_stuck(attempt: int, outcome: Failed) -> bool:
    """Whether staff should know."""
    return outcome.permanent or attempt >= MOST_ATTEMPTS


def _in_words(error: ShopMonkeyError) -> str:
    if error.key_refused:
        return f"{KEY_REFUSED} ({error})"
    if error.status is None and error.permanent:
        return str(error)
    if error.status is None:
        return f"ShopMonkey did not answer ({error})"
    if error.permanent:
        return f"ShopMonkey refused it ({error})"
    return f"ShopMonkey could not take it ({error})"
