"""A refused booking as customers and programs are told it."""

from collections.abc import Callable

from flask_babel import gettext as _

from app.booking import BookingRefused

# What others did meanwhile is a conflict; what can never be is unprocessable.
CONFLICTS = ("taken", "already_booked", "hold_over", "not_open")


def status_of(refused: BookingRefused) -> int:
    """The HTTP status of the refusal."""
    if refused.code == "not_yours":
        return 404
    return 409 if refused.code in CONFLICTS else 422


def refusal_wording(refused: BookingRefused) -> str:
    """Why it cannot be, to the customer."""
    return _REFUSALS[refused.code]()


_REFUSALS: dict[str, Callable[[], str]] = {
    "taken": lambda: _("Somebody else has just taken that time."),
    "closed": lambda: _("The store cannot begin this work at that time."),
    "past": lambda: _("That time is past."),
    "too_soon": lambda: _("That is too soon for the store to be ready for you."),
    "too_far": lambda: _("That is further ahead than the store takes bookings."),
    "no_bay": lambda: _("All of this cannot be done in one visit here."),
    "unknown_service": lambda: _("Choose at least one service that this store offers."),
    "too_late_to_change": lambda: _("It is too late to change this visit here. Please call the store."),
    "already_booked": lambda: _("You already have a visit booked. You can change that one."),
    "hold_over": lambda: _("We could not keep that time for you any longer. Please choose again."),
    "not_open": lambda: _("This visit is over, or was cancelled."),
    "not_yours": lambda: _("There is no such visit."),
}
