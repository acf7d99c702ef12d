"""The calendar: a store's day by bay, its week, and today's list to print."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import sync
from app.accounts import require_action, staff_or_401, visible_locations, within
from app.booking.availability import today_of
from app.lib import clock
from app.locations.models import Location
from app.staff.calendar import Shown, day_grid, read_calendar, week_columns
from app.staff.calendar_access import chosen_store
from app.staff.calendar_list import day_list
from app.staff.frame import blueprint
from app.staff.live import Live
from app.sync.models import VisitPush
from app.web.rendering import wants_fragment

CALENDAR_SECONDS = 10


@blueprint.get("/calendar")
@require_action("calendar.read")
def calendar() -> ResponseReturnValue:
    """The days of one store; for htmx only what stands in them."""
    store, staff, now = chosen_store(), staff_or_401(), clock.now()
    if store is None:
        return render_template("staff/calendar_without_store.html")
    shown = Shown.parse(request.args, today_of(store, now))
    part = _calendar_part(store, shown)
    if wants_fragment():
        return part.answer()
    stores = visible_locations(staff)
    return render_template(
        "staff/calendar.html",
        store=store,
        shown=shown,
        calendar=part,
        store_options=[(str(one.id), one.name) for one in stores],
        stuck=sync.stuck_count(within(staff, VisitPush)),
    )


@blueprint.get("/calendar/today")
@require_action("calendar.read")
def calendar_list() -> ResponseReturnValue:
    """One day's visits to print: today's, unless another is asked for."""
    store, now = chosen_store(), clock.now()
    if store is None:
        return render_template("staff/calendar_without_store.html")
    shown = Shown.parse({"day": request.args.get("day", "")}, today_of(store, now))
    return render_template("staff/calendar_list.html", store=store, shown=shown, found=day_list(store, shown.day, now))


def _calendar_part(store: Location, shown: Shown) -> Live:
    now = clock.now()
    found = read_calendar(store, shown, now)
    view = {"week": week_columns(found, now)} if shown.week else {"grid": day_grid(found, now)}
    html = render_template(
        f"staff/_calendar_{'week' if shown.week else 'day'}.html", found=found, shown=shown, store=store, **view
    )
    where: dict[str, Any] = {"store": store.id, "day": shown.day, "view": "week" if shown.week else None}
    return Live("calendar", url_for("staff.calendar", **where), CALENDAR_SECONDS, html)
