"""Why a booking could not be done."""

from collections.abc import Sequence
from typing import Literal

from app.booking.slots import Slot

Code = Literal[
    "taken", "closed", "past", "too_soon", "too_far", "no_bay", "unknown_service",
    "too_late_to_change", "already_booked", "hold_over", "not_open", "not_yours",
]  # fmt: skip

WORDS: dict[str, str] = {
    "taken": "Somebody else has just taken that time.",
    "closed": "The store does not begin such work at that time.",
    "past": "That time is past.",
    "too_soon": "That is too soon for the store to be ready.",
    "too_far": "That is further ahead than the store takes bookings.",
    "no_bay": "The store has no bay in which all of this can be done in one visit.",
    "too_late_to_change": "It is too late to change this visit here. Please call the store.",
    "already_booked": "There is a visit booked already. Change that one, or ask the store for another.",
    "hold_over": "This time cannot be kept any longer without booking it.",
    "not_open": "This visit is over or was cancelled.",
    "not_yours": "There is no such visit.",
}


class BookingRefused(Exception):
    """A booking that cannot be: `code` for programs, the message in English for people, and `slots` that are free
    instead, in order of time, where the wished time was the matter. Nothing was changed."""

    def __init__(self, code: Code, message: str = "", slots: Sequence[Slot] = ()) -> None:
        super().__init__(message or WORDS[code])
        self.code: Code = code
        self.slots = tuple(slots)
