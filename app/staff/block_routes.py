"""Time that staff keep free, in one bay or in all of the store."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import booking
from app.accounts import audit, require_action, staff_or_401
from app.booking import BlockRefused
from app.booking.availability import today_of
from app.booking.bays import bays_of
from app.db import db
from app.lib import clock
from app.lib.text import whole_number
from app.locations.models import Location
from app.staff.calendar_access import block_or_404, chosen_store_or_404
from app.staff.calendar_days import parse_day
from app.staff.frame import blueprint
from app.staff.visit_times import TimeRefused, read_moment

FIELDS = ("bay", "from_day", "from_time", "to_day", "to_time", "why")


@blueprint.get("/calendar/blocks/new")
@require_action("blocks.edit")
def new_block() -> ResponseReturnValue:
    """An empty form for a day."""
    store = chosen_store_or_404()
    day = parse_day(request.args.get("day", ""), today_of(store, clock.now())).isoformat()
    return _form_page(store, {"from_day": day, "to_day": day, "bay": request.args.get("bay", "")})


@blueprint.post("/calendar/blocks")
@require_action("blocks.edit")
def add_block() -> ResponseReturnValue:
    """Keep that time free. 422 for a time that cannot be."""
    store, staff, now = chosen_store_or_404(), staff_or_401(), clock.now()
    typed = {name: request.form.get(name, "").strip()[:300] for name in FIELDS}
    try:
        starts_at = read_moment(typed["from_day"], typed["from_time"], store.timezone)
        ends_at = read_moment(typed["to_day"], typed["to_time"], store.timezone)
        bay_id = whole_number(typed["bay"])
        block = booking.add_block(store.id, starts_at, ends_at, bay_id, typed["why"], staff.name, now)
    except (BlockRefused, TimeRefused) as refusal:
        db.session.rollback()
        return _form_page(chosen_store_or_404(), typed, str(refusal)), 422
    detail = {"from": starts_at.isoformat(), "to": ends_at.isoformat(), "bay": bay_id, "why": block.why}
    audit.record(staff, "blocked time", f"store:{store.id}", now, detail)
    address = url_for("staff.calendar", store=store.id, day=typed["from_day"])
    db.session.commit()
    return redirect(address, 303)


@blueprint.get("/calendar/blocks/<int:block_id>")
@require_action("calendar.read")
def block(block_id: int) -> ResponseReturnValue:
    """One blocked time."""
    found, store = block_or_404(block_id)
    names = {bay.id: bay.name for bay in bays_of(store.id)}
    return render_template("staff/block.html", block=found, store=store, bay=names.get(found.bay_id or 0))


@blueprint.post("/calendar/blocks/<int:block_id>/removal")
@require_action("blocks.edit")
def remove_block(block_id: int) -> ResponseReturnValue:
    """Let that time be booked again."""
    found, store = block_or_404(block_id)
    day = request.form.get("day", "")
    detail = {"from": found.starts_at.isoformat(), "to": found.ends_at.isoformat(), "bay": found.bay_id}
    booking.remove_block(found)
    audit.record(staff_or_401(), "removed a block", f"store:{store.id}", clock.now(), detail)
    address = url_for("staff.calendar", store=store.id, day=day or None)
    db.session.commit()
    return redirect(address, 303)


def _form_page(store: Location, typed: dict[str, str], problem: str = "") -> str:
    return render_template("staff/block_new.html", store=store, typed=typed, bays=bays_of(store.id), problem=problem)
