"""How far a provider's statuses bring a delivery, in whatever order they come. Pure."""

from collections.abc import Iterable

# Twilio's MessageStatus (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values).
RANKS = {
    "accepted": 0,
    "scheduled": 1,
    "queued": 2,
    "sending": 3,
    "sent": 4,
    "delivered": 5,
    "undelivered": 5,
    "failed": 5,
    "canceled": 5,
    "read": 6,
}
LAST = 5
FAILING = frozenset({"undelivered", "failed", "canceled"})
OURS = {
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
    "delivered": "delivered",
    "read": "delivered",
}


def advances(status: str, before: Iterable[str]) -> bool:
    """Whether `status` says more than the statuses heard `before` of the same message: callbacks come in any order.

    What is final stays, except that what was delivered may be read.
    """
    if status not in RANKS:
        return False
    highest = max((RANKS[known] for known in before if known in RANKS), default=-1)
    if highest >= LAST:
        return status == "read" and highest == LAST and not FAILING & set(before)
    return RANKS[status] > highest


def ours(status: str) -> str:
    """The delivery's status that a provider's stands for: whatever it took and has not ended counts as sent."""
    return OURS.get(status, "sent")
