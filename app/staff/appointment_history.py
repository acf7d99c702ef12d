"""What has happened to a visit, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.booking.models import AppointmentChange

WORDS = {
    "held": "Held",
    "renewed": "Held for five more minutes",
    "booked": "Booked",
    "moved": "Moved",
    "cancelled": "Cancelled",
    "confirmed": "Confirmed",
    "no_show": "Nobody came",
    "done": "Done",
    "released": "Hold let go",
    "expired": "Hold ran out",
}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change: what, by whom, when and why."""

    words: str
    actor: str
    at: datetime
    why: str


def line_of(change: AppointmentChange, bays: Mapping[int, str], zone: str) -> HistoryLine:
    """The change in words: `Moved from Tue, Dec 1, 10:00 AM, Tint 1 to …`."""
    words, there = WORDS.get(change.change, change.change), _where(change.to_starts_at, change.to_bay_id, bays, zone)
    if change.change == "moved" and change.from_starts_at:
        words = f"{words} from {_where(change.from_starts_at, change.from_bay_id, bays, zone)} to {there}"
    elif change.change in ("held", "booked"):
        words = f"{words} for {there}"
    return HistoryLine(words, change.actor, change.at, change.why)


def _where(at: datetime, bay_id: int | None, bays: Mapping[int, str], zone: str) -> str:
    local = at.astimezone(ZoneInfo(zone))
    clock = f"{local:%I:%M %p}".lstrip("0")
    bay = f", {bays[bay_id]}" if bay_id is not None and bay_id in bays else ""
    return f"{local:%a, %b} {local.day}, {clock}{bay}"
