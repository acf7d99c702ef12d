"""What staff do with the follow-up of one lead: hold it, go on, leave one contact out, send one now, tell of a call."""

from collections.abc import Callable
from datetime import datetime

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.staff.access import lead_or_404
from app.staff.frame import blueprint
from app.staff.parts import sequence_part
from app.touchpoints import runs
from app.web.rendering import wants_fragment

Deed = Callable[[Lead, str, datetime], None]


@blueprint.get("/leads/<public_id>/sequence")
@require_action("leads.read")
def sequence(public_id: str) -> ResponseReturnValue:
    """The lead's follow-up, live."""
    return sequence_part(lead_or_404(public_id)).answer()


@blueprint.post("/leads/<public_id>/sequence/pause")
@require_action("sequence.control")
def pause_sequence(public_id: str) -> ResponseReturnValue:
    """Hold everything that is to come."""
    return _do(public_id, "paused the follow-up", runs.pause)


@blueprint.post("/leads/<public_id>/sequence/resumption")
@require_action("sequence.control")
def resume_sequence(public_id: str) -> ResponseReturnValue:
    """Go on."""
    return _do(public_id, "resumed the follow-up", runs.resume)


@blueprint.post("/leads/<public_id>/phone-calls")
@require_action("sequence.control")
def note_phone_call(public_id: str) -> ResponseReturnValue:
    """Somebody has spoken with the customer: nothing more goes out by itself."""
    return _do(public_id, "spoke by phone", runs.spoke_by_phone)


@blueprint.post("/leads/<public_id>/touch-points/<int:touch_point_id>/skip")
@require_action("sequence.control")
def skip_touch_point(public_id: str, touch_point_id: int) -> ResponseReturnValue:
    """Leave one contact out."""
    return _do(public_id, "left out a contact", lambda lead, by, now: runs.skip(lead, touch_point_id, by, now))


@blueprint.post("/leads/<public_id>/touch-points/<int:touch_point_id>/dispatch")
@require_action("sequence.control")
def dispatch_touch_point(public_id: str, touch_point_id: int) -> ResponseReturnValue:
    """Let one contact pass the fence now."""
    return _do(public_id, "sent a contact early", lambda lead, by, now: runs.send_early(lead, touch_point_id, by, now))


def _do(public_id: str, action: str, deed: Deed) -> ResponseReturnValue:
    """Do it, with its audit entry; 409 with the follow-up as it is and the reason, where it is too late for that."""
    found, staff, now = lead_or_404(public_id), staff_or_401(), clock.now()
    problem, status = "", 200
    try:
        deed(found, staff.name, now)
        audit.record(staff, action, f"lead:{public_id}", now)
        db.session.commit()
    except runs.NotPossible as refusal:
        db.session.rollback()
        problem, status = str(refusal), 409
    if wants_fragment():
        return sequence_part(lead_or_404(public_id), problem).__html__(), status
    # A plain form has no place for the reason of a click that came too late: the page shows how things stand.
    return redirect(url_for("staff.lead", public_id=public_id, _anchor="sequence"), 303)
