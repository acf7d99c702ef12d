"""The stores, each one's checklist, and its switch to real people."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, may, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.staff.frame import blueprint
from app.staff.live import Live
from app.staff.stores import store_or_404, stores_page
from app.sync.checklist import checklist_of
from app.sync.live_switch import LiveRefused, switch_live, why_not_live
from app.sync.onboarding import start_setup

RUNNING_SECONDS, STILL_SECONDS = 2, 15


@blueprint.get("/stores")
@require_action("stores.edit")
def stores() -> ResponseReturnValue:
    """Every store of theirs, with what it still needs."""
    return render_template("staff/stores.html", page=stores_page(staff_or_401(), request.args))


@blueprint.get("/stores/<int:location_id>")
@require_action("stores.edit")
def store(location_id: int) -> ResponseReturnValue:
    """One store: what is set up, what is missing, and the way to each."""
    found = store_or_404(location_id)
    return render_template("staff/stores_store.html", store=found, checklist=_checklist_part(found))


@blueprint.get("/stores/<int:location_id>/checklist")
@require_action("stores.edit")
def store_checklist(location_id: int) -> ResponseReturnValue:
    """The checklist again, for the page that is open."""
    return _checklist_part(store_or_404(location_id)).answer()


@blueprint.post("/stores/<int:location_id>/setups")
@require_action("stores.edit")
def set_store_up(location_id: int) -> ResponseReturnValue:
    """Have what ShopMonkey is needed for tried again."""
    found, staff, now = store_or_404(location_id), staff_or_401(), clock.now()
    start_setup(found, staff.email, now)
    audit.record(staff, "set up again", f"store:{found.id}", now)
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


@blueprint.get("/stores/<int:location_id>/live")
@require_action("stores.live")
def store_live(location_id: int) -> ResponseReturnValue:
    """What going live means, and the button."""
    return _live_page(store_or_404(location_id))


@blueprint.post("/stores/<int:location_id>/live")
@require_action("stores.live")
def switch_store_live(location_id: int) -> ResponseReturnValue:
    """Go live, when confirmed and complete; or stop, at once. 409 where the store cannot be live."""
    found, staff, wanted = store_or_404(location_id), staff_or_401(), request.form.get("live") == "yes"
    if wanted and request.form.get("confirmed") != "yes":
        return _live_page(found, "Tick the box to confirm."), 422
    try:
        changed = switch_live(found, wanted)
    except LiveRefused as refusal:
        return _live_page(found, str(refusal)), 409
    if changed:
        audit.record(staff, "went live" if wanted else "stopped being live", f"store:{found.id}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


def _checklist_part(found: Location) -> Live:
    checklist, staff = checklist_of(found), staff_or_401()
    shown: dict[str, Any] = {"store": found, "checklist": checklist}
    html = render_template("staff/_stores_checklist.html", **shown, may=lambda action: may(staff, action))
    url = url_for("staff.store_checklist", location_id=found.id)
    return Live("checklist", url, RUNNING_SECONDS if checklist.running else STILL_SECONDS, html)


def _live_page(found: Location, problem: str = "") -> str:
    return render_template("staff/stores_live.html", store=found, why_not=why_not_live(found), problem=problem)
