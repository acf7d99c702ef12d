"""The frame of the dashboard: nobody passes without signing in, nothing is cached, and what every template may ask."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint

from app.accounts import access, current_staff, may
from app.lib import clock, phone
from app.staff.times import clock_until, clock_words, day_words, duration, how_long, when

blueprint = Blueprint("staff", __name__, url_prefix="/staff")
blueprint.before_request(access.in_english)
blueprint.before_request(access.sign_in_first)
blueprint.after_request(access.never_stored)


def _when(at: datetime | None, zone: str) -> str:
    return when(at, zone, clock.now()) if at else ""


def _how_long(since: datetime) -> str:
    return how_long(since, clock.now())


def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _usd(dollars: Decimal) -> str:
    """What a provider charged: often a fraction of a cent."""
    return f"${dollars:.4f}" if dollars < 1 else f"${dollars:,.2f}"


FILTERS: dict[str, Callable[..., object]] = {
    "when": _when, "how_long": _how_long, "local_day": _local_day, "usd": _usd, "clock": clock_words,
    "clock_until": clock_until, "day_words": day_words, "duration": duration, "national": phone.display,
}  # fmt: skip
for _name, _words in FILTERS.items():
    blueprint.add_app_template_filter(_words, _name)


@blueprint.context_processor
def _who_looks() -> dict[str, Any]:
    staff = current_staff()
    return {"staff": staff, "may": lambda action: staff is not None and may(staff, action)}
