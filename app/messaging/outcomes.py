"""What a provider's answer makes of a delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.messaging.port import Sent, TransportError

# One further try after each; refused for longer than this, it is given up.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))


@dataclass(frozen=True)
class Outcome:
    """The status to write, with its reason in words. `not_before` is set when it goes back to `queued`.

    `final` closes an unknown one: the provider was asked, or cannot be.
    """

    status: str
    reason: str | None = None
    code: str | None = None
    sent: Sent | None = None
    not_before: datetime | None = None
    final: bool = False


def taken(sent: Sent) -> Outcome:
    """The provider has it."""
    return Outcome("sent", sent=sent)


def refused(error: TransportError, provider: str, attempt: int, now: datetime) -> Outcome:
    """Unknown, failed for good, or queued for another try, by what the error says and how many tries there were."""
    if error.unknown:
        reason = f"{provider} did not say whether it took this message: {error.message}"
        return Outcome("unknown", reason, error.code)
    if error.permanent:
        return Outcome("failed", f"{provider} refused it: {error.message}", error.code)
    if attempt > len(BACKOFF):
        return Outcome("failed", f"Given up after {attempt} tries: {error.message}", error.code)
    reason = f"{provider} could not take it, another try follows: {error.message}"
    return Outcome("queued", reason, error.code, not_before=now + _spread(BACKOFF[attempt - 1], now))


def _spread(wait: timedelta, now: datetime) -> timedelta:
    """Up to a quarter longer: what was refused together does not come back together."""
    return wait + wait / 4 * (now.microsecond % 1000) / 1000
