"""What a message answers, and how long it counts as asked for. Pure."""

from datetime import datetime, timedelta

from app.messaging.gate import UNASKED

# Both by the recipient's reasonable expectation; the second is 47 CFR 64.1200(a)(12), which presumes five minutes fine.
ANSWER_WITHIN = timedelta(minutes=15)
CONFIRM_WITHIN = timedelta(minutes=5)

TOO_LATE = "Too late to confirm the opt-out: that is allowed within 5 minutes only"


def is_unasked(purpose: str, asked_at: datetime | None, now: datetime) -> bool:
    """Whether quiet hours and the daily cap bind a text: nobody asked for it, or its answer comes 15 minutes late."""
    if purpose in UNASKED:
        return True
    return purpose != "staff" and asked_at is not None and now - asked_at > ANSWER_WITHIN


def too_late(purpose: str, asked_at: datetime | None, now: datetime) -> str | None:
    """Why the one confirmation of an opt-out may not go out any more, or None."""
    late = purpose == "opt_out_confirmation" and asked_at is not None and now - asked_at > CONFIRM_WITHIN
    return TOO_LATE if late else None
