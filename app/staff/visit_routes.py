"""Visits that do not get into ShopMonkey's calendar."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import sync
from app.accounts import audit, require_action, staff_or_401, within
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.sync.models import VisitPush


@blueprint.get("/visits")
@require_action("visits.read")
def stuck_visits() -> ResponseReturnValue:
    """What staff have to enter by hand, or have tried again."""
    allowed = within(staff_or_401(), VisitPush)
    return render_template("staff/visits.html", visits=sync.stuck_visits(allowed))


@blueprint.post("/visits/<int:visit_id>/attempts")
@require_action("visits.retry")
def retry_visit(visit_id: int) -> ResponseReturnValue:
    """Try one of them again. One that is on its way by now is left alone."""
    staff = staff_or_401()
    push = db.session.scalar(select(VisitPush).where(VisitPush.id == visit_id, within(staff, VisitPush)))
    if push is None:
        abort(404)
    if sync.try_again(push):
        audit.record(staff, "tried again", f"visit:{push.visit_key}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.stuck_visits"), 303)
