"""Times and durations of visits in the reader's language."""

from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _

from app.booking.wording import moment_wording, time_wording
from app.web.i18n import current_language


def short_day(day: date) -> tuple[str, str]:
    """The day as a tab shows it: `Tue` and `Dec 1`."""
    form = "MMM d" if current_language() == "en" else "d MMM"
    return str(format_date(day, "EEE", rebase=False)), str(format_date(day, form, rebase=False))


def ready_wording(start: datetime, end: datetime) -> str:
    """When the car can be picked up: a time of the same day, or a day."""
    when = time_wording(end) if start.date() == end.date() else moment_wording(end)
    return _("Ready about %(when)s", when=when)


def duration_wording(minutes: int) -> str:
    """`about 45 min`, `about 2 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("about %(n)s min", n=minutes)
    if not rest:
        return _("about %(n)s h", n=hours)
    return _("about %(hours)s h %(minutes)s min", hours=hours, minutes=rest)
