"""Times and durations of visits in the reader's language."""

from datetime import date, datetime

from flask_babel import format_date, format_time
from flask_babel import gettext as _

from app.web.i18n import current_language

# With its minutes always, as appointments are written: `10:00 AM`, `10:00 a. m.`, `10 h 00`.
CLOCK = {"en": "h:mm a", "es": "h:mm a", "fr": "H 'h' mm"}
LONG_DAY = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM", "fr": "EEEE d MMMM"}


def day_wording(day: date) -> str:
    """`Tuesday, December 1`."""
    return str(format_date(day, LONG_DAY[current_language()], rebase=False))


def short_day(day: date) -> tuple[str, str]:
    """The day as a tab shows it: `Tue` and `Dec 1`."""
    form = "MMM d" if current_language() == "en" else "d MMM"
    return str(format_date(day, "EEE", rebase=False)), str(format_date(day, form, rebase=False))


def time_wording(moment: datetime) -> str:
    """`10:00 AM`. The moment's own zone is kept."""
    return str(format_time(moment, CLOCK[current_language()], rebase=False)).replace("\u202f", " ")


def moment_wording(moment: datetime) -> str:
    """`Tuesday, December 1 at 10:00 AM`. The moment's own zone is kept."""
    day, time = day_wording(moment.date()), time_wording(moment)
    if current_language() == "es":
        return f"{day} a {'la' if moment.hour % 12 == 1 else 'las'} {time}"
    return _("%(day)s at %(time)s", day=day, time=time)


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
