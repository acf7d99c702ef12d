"""Times and prices of visits as customers read them, in the language that is spoken now."""

from datetime import date, datetime

from flask_babel import format_date, format_time
from flask_babel import gettext as _

from app.catalog.pricing import Price
from app.lib import money
from app.web.i18n import current_language

# With its minutes always, as appointments are written: `10:00 AM`, `10:00 a. m.`, `10 h 00`.
CLOCK = {"en": "h:mm a", "es": "h:mm a", "fr": "H 'h' mm"}
LONG_DAY = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM", "fr": "EEEE d MMMM"}


def day_wording(day: date) -> str:
    """`Tuesday, December 1`."""
    return str(format_date(day, LONG_DAY[current_language()], rebase=False))


def time_wording(moment: datetime) -> str:
    """`10:00 AM`. The moment's own zone is kept."""
    return str(format_time(moment, CLOCK[current_language()], rebase=False)).replace("\u202f", " ")


def moment_wording(moment: datetime) -> str:
    """`Tuesday, December 1 at 10:00 AM`. The moment's own zone is kept."""
    day, time = day_wording(moment.date()), time_wording(moment)
    if current_language() == "es":
        return f"{day} a {'la' if moment.hour % 12 == 1 else 'las'} {time}"
    return _("%(day)s at %(time)s", day=day, time=time)


def price_wording(price: Price) -> str:
    """`$299`, `from $299`, `$299 to $399`; what has no amount is told so."""
    if price.kind == "to_confirm":
        return _("price to be confirmed")
    if price.kind == "ask" or price.low_cents is None:
        return _("price on request")
    low = money.wording(price.low_cents, price.currency)
    if price.kind == "range" and price.high_cents is not None:
        return _("%(low)s to %(high)s", low=low, high=money.wording(price.high_cents, price.currency))
    return _("from %(price)s", price=low) if price.kind == "from" else low
