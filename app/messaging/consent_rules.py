"""What the entries of a consent ledger allow. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile

WORD = {"sms": "texts", "email": "email"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, as far as it decides anything. An implied opt-in ends at `expires_at`."""

    kind: str
    at: datetime
    expires_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether it is an opt-in that still holds."""
        return self.kind == "opt_in" and (self.expires_at is None or self.expires_at > now)


def reason_against(entries: Sequence[Entry], channel: str, now: datetime, asked: bool) -> str | None:
    """None where these entries, newest first and all that apply, allow a message; else the reason in plain words.

    Without a standing opt-in nothing unasked goes out. What the person `asked` for needs none: only an opt-out that
    nothing has lifted since forbids it.
    """
    opt_out = next((entry for entry in entries if entry.kind == "opt_out"), None)
    later = list(takewhile(lambda entry: entry.kind == "opt_in", entries))
    # A START or YES that was held up on its way does not lift the STOP that was said after it.
    since = [entry for entry in later if opt_out is None or entry.at >= opt_out.at]
    if any(entry.stands(now) for entry in since):
        return None
    if opt_out and not since:
        return f"Opted out of {WORD[channel]} on {_day(opt_out.at)}"
    if asked:
        return None
    if since:
        ended = max(entry.expires_at for entry in since if entry.expires_at)
        return f"The consent to {WORD[channel]} ran out on {_day(ended)}"
    return f"No consent to {WORD[channel]}"


def months_later(start: datetime, months: int) -> datetime:
    """The same day of the month so many months on, or that month's last."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    first_after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (first_after - date(year, month + 1, 1)).days
    return start.replace(year=year, month=month + 1, day=min(start.day, last))


def _day(at: datetime) -> str:
    return f"{at:%B} {at.day}, {at.year}"
