"""The frame of the dashboard: nobody passes without signing in, nothing is cached, and what every template may ask."""

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


@blueprint.app_template_filter("when")
def _when(at: datetime | None, zone: str) -> str:
    return when(at, zone, clock.now()) if at else ""


@blueprint.app_template_filter("clock")
def _clock(at: datetime, zone: str) -> str:
    return clock_words(at, zone)


@blueprint.app_template_filter("clock_until")
def _clock_until(start: datetime, end: datetime, zone: str) -> str:
    return clock_until(start, end, zone)


@blueprint.app_template_filter("local_day")
def _local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


@blueprint.app_template_filter("day_words")
def _day_words(at: datetime, zone: str) -> str:
    return day_words(at, zone)


@blueprint.app_template_filter("duration")
def _duration(minutes: int) -> str:
    return duration(minutes)


@blueprint.app_template_filter("how_long")
def _how_long(since: datetime) -> str:
    return how_long(since, clock.now())


@blueprint.app_template_filter("national")
def _national(e164: str) -> str:
    return phone.display(e164)


@blueprint.app_template_filter("usd")
def _usd(dollars: Decimal) -> str:
    """What a provider charged: often a fraction of a cent."""
    return f"${dollars:.4f}" if dollars < 1 else f"${dollars:,.2f}"


@blueprint.context_processor
def _who_looks() -> dict[str, Any]:
    staff = current_staff()
    return {"staff": staff, "may": lambda action: staff is not None and may(staff, action)}
