"""Visits that ShopMonkey's calendar does not show as they are."""

from collections.abc import Callable

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import booking, sync
from app.accounts import audit, require_action, staff_or_401, within
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
    return _do(visit_id, "tried again", sync.try_again)


@blueprint.post("/visits/<int:visit_id>/our-time")
@require_action("visits.retry")
def put_visit_back(visit_id: int) -> ResponseReturnValue:
    """ShopMonkey's calendar is to show the visit as the customer was told it."""
    return _do(visit_id, "put back in ShopMonkey", sync.put_back)


@blueprint.post("/visits/<int:visit_id>/their-time")
@require_action("visits.retry")
def take_visit_over(visit_id: int) -> ResponseReturnValue:
    """The visit is to stand as ShopMonkey's calendar shows it; the customer is told."""
    actor = booking.staff(staff_or_401().name)
    return _do(visit_id, "took over from ShopMonkey", lambda push: sync.take_over(push, actor, clock.now()))


def _do(visit_id: int, action: str, deed: Callable[[VisitPush], bool]) -> ResponseReturnValue:
    """Do it, with its audit entry where something came of it. 409 with the reason where it cannot be."""
    staff = staff_or_401()
    push = db.session.scalar(select(VisitPush).where(VisitPush.id == visit_id, within(staff, VisitPush)))
    if push is None:
        abort(404)
    try:
        done = deed(push)
    except BookingRefused as refused:
        db.session.rollback()
        abort(409, str(refused))
    if done:
        audit.record(staff, action, f"visit:{push.visit_key}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.stuck_visits"), 303)
