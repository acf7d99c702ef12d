"""Visits that ShopMonkey's calendar does not show as they are."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import booking, sync
from app.accounts import audit, require_action, staff_or_401, within
from app.accounts.models import StaffUser
from app.booking import BookingRefused
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.sync.models import VisitPush


@blueprint.get("/visits")
@require_action("visits.read")
def stuck_visits() -> ResponseReturnValue:
    """What staff have to enter by hand, or have tried again."""
    allowed = within(staff_or_401(), VisitPush)
    return render_template("staff/visits.html", visits=sync.stuck_visits(allowed), strayed=sync.strayed_visits(allowed))


@blueprint.post("/visits/<int:visit_id>/attempts")
@require_action("visits.retry")
def retry_visit(visit_id: int) -> ResponseReturnValue:
    """Try one of them again. One that is on its way by now is left alone."""
    staff = staff_or_401()
    push = _push(visit_id, staff)
    if sync.try_again(push):
        audit.record(staff, "tried again", f"visit:{push.visit_key}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.stuck_visits"), 303)


@blueprint.post("/visits/<int:visit_id>/our-time")
@require_action("visits.retry")
def put_visit_back(visit_id: int) -> ResponseReturnValue:
    """ShopMonkey's calendar is to show the visit as the customer was told it."""
    staff = staff_or_401()
    push = _push(visit_id, staff)
    if sync.put_back(push):
        audit.record(staff, "put back in ShopMonkey", f"visit:{push.visit_key}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.stuck_visits"), 303)


@blueprint.post("/visits/<int:visit_id>/their-time")
@require_action("visits.retry")
def take_visit_over(visit_id: int) -> ResponseReturnValue:
    """The visit is to stand as ShopMonkey's calendar shows it; the customer is told."""
    staff = staff_or_401()
    push = _push(visit_id, staff)
    try:
        taken = sync.take_over(push, booking.staff(staff.name), clock.now())
    except BookingRefused as refused:
        db.session.rollback()
        abort(409, str(refused))
    if taken:
        audit.record(staff, "took over from ShopMonkey", f"visit:{push.visit_key}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.stuck_visits"), 303)


def _push(visit_id: int, staff: StaffUser) -> VisitPush:
    held = select(VisitPush).where(VisitPush.id == visit_id, within(staff, VisitPush))
    push = db.session.scalar(held)
    if push is None:
        abort(404)
    return push
