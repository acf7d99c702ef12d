"""The customer's pages for taking a time: choose, hold, book, move, cancel. Each also works as a plain form."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import booking
from app.booking import CUSTOMER, BookingRefused
from app.booking.calendar_file import calendar_file
from app.booking.models import Appointment
from app.chat import booking_screens as screens
from app.chat.access import visit_or_refuse
from app.chat.booking_errors import refusal_wording, status_of
from app.chat.cards import read_card
from app.chat.holding import hand_over
from app.chat.picker import take
from app.chat.routes import per_lead
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.web.rendering import wants_fragment

blueprint = Blueprint("booking", __name__, url_prefix="/chat/<public_id>/visit")
blueprint.add_app_template_filter(read_card)

Deed = Callable[[], Appointment]

ASKED = "The customer wants a time for a visit and found none to book."


@blueprint.get("")
@per_lead
def page(public_id: str) -> str:
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    visit = _named(lead) or booking.visit_ahead(lead.id, now)
    if visit is not None and visit.status != "booked" and "visit" in request.args:
        return screens.visit_screen(lead, visit, now)
    if visit is not None and visit.status == "booked":
        return _booked(lead, visit, now)
    if "choosing" in request.args:
        return screens.services_screen(lead, request)
    held = booking.held_by(lead.id, now)
    if held is not None and "other" not in request.args:
        return screens.held_screen(lead, held)
    return screens.picker_screen(lead, request, now)


@blueprint.post("")
@per_lead
def hold(public_id: str) -> ResponseReturnValue:
    """Keep a time for the customer for a few minutes."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    booking.freshen(lead.location_id, _start(), now)
    return _held(lead, now, lambda: take(lead, screens.chosen_services(request, lead), _start(), CUSTOMER, now))


@blueprint.post("/<visit_id>/renewal")
@per_lead
def renewal(public_id: str, visit_id: str) -> ResponseReturnValue:
    """Keep the time for some minutes more."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    held = _own(lead, visit_id)
    return _held(lead, now, lambda: booking.renew_hold(held.id, CUSTOMER, now))


@blueprint.post("/<visit_id>/booking")
@per_lead
def book(public_id: str, visit_id: str) -> ResponseReturnValue:
    """Book the time that is held."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    held = _own(lead, visit_id)
    booking.freshen(lead.location_id, held.starts_at, now)
    return _changed(lead, now, lambda: booking.book_held(held.id, CUSTOMER, now))


@blueprint.post("/<visit_id>/new-time")
@per_lead
def new_time(public_id: str, visit_id: str) -> ResponseReturnValue:
    """Move the visit."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    visit = _own(lead, visit_id)
    booking.freshen(lead.location_id, _start(), now)
    return _changed(lead, now, lambda: booking.move(visit.id, _start(), CUSTOMER, now), visit)


@blueprint.post("/<visit_id>/cancellation")
@per_lead
def cancellation(public_id: str, visit_id: str) -> ResponseReturnValue:
    """Cancel the visit."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    visit = _own(lead, visit_id)
    return _changed(lead, now, lambda: booking.cancel(visit.id, CUSTOMER, now), visit)


@blueprint.post("/<visit_id>/confirmation")
@per_lead
def confirmation(public_id: str, visit_id: str) -> ResponseReturnValue:
    """The customer will come."""
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    visit = _own(lead, visit_id)
    return _changed(lead, now, lambda: booking.confirm(visit.id, CUSTOMER, now), visit)


@blueprint.post("/team")
@per_lead
def team(public_id: str) -> ResponseReturnValue:
    """Have the store's team set a time."""
    visit = visit_or_refuse(public_id)
    hand_over(visit.conversation_id, ASKED, clock.now())
    return screens.team_screen(visit.lead)


@blueprint.get("/<visit_id>/calendar.ics")
@per_lead
def calendar(public_id: str, visit_id: str) -> Response:
    lead = visit_or_refuse(public_id).lead
    visit = _own(lead, visit_id)
    file = calendar_file(visit, lead.location, "PUBLISH", screens.invitation(visit, lead), clock.now())
    name = {"Content-Disposition": 'attachment; filename="visit.ics"'}
    return Response(file, content_type="text/calendar; charset=utf-8", headers=name)


def _booked(lead: Lead, visit: Appointment, now: datetime) -> str:
    if "to" in request.args:
        return screens.moving_screen(lead, visit, _start("to"))
    if "moving" in request.args:
        return screens.picker_screen(lead, request, now, moving=visit)
    if "cancelling" in request.args:
        return screens.cancel_screen(lead, visit)
    return screens.visit_screen(lead, visit, now)


def _held(lead: Lead, now: datetime, deed: Deed) -> ResponseReturnValue:
    """Keep the time, and show it; or what can be done instead."""
    try:
        held = deed()
    except BookingRefused as refused:
        return _refused(lead, refused, now)
    db.session.commit()
    return _answer(lead) or screens.held_screen(lead, held)


def _changed(lead: Lead, now: datetime, deed: Deed, visit: Appointment | None = None) -> ResponseReturnValue:
    """Do it, and show the visit; or what can be done instead, for a `visit` that stands already."""
    try:
        changed = deed()
    except BookingRefused as refused:
        return _refused(lead, refused, now, visit)
    db.session.commit()
    return _answer(lead, visit=changed.public_id) or screens.visit_screen(lead, changed, now)


def _refused(
    lead: Lead, refused: BookingRefused, now: datetime, visit: Appointment | None = None
) -> ResponseReturnValue:
    """What can be done instead: other times to choose from, or the visit as it stands."""
    db.session.rollback()
    status, words = status_of(refused), refusal_wording(refused)
    standing = booking.visit_ahead(lead.id, now) if refused.code == "already_booked" else None
    if refused.code in ("too_late_to_change", "not_open"):
        standing = visit
    if standing is not None:
        return screens.visit_screen(lead, standing, now, notice=words), status
    held = booking.held_by(lead.id, now) if refused.code == "hold_over" else None
    if held is not None:
        return screens.held_screen(lead, held, notice=words), status
    moving = visit if visit is not None and visit.status == "booked" else None
    return screens.picker_screen(lead, request, now, refused, moving), status


def _answer(lead: Lead, visit: str | None = None) -> ResponseReturnValue | None:
    """Where a plain form goes on; None where a piece of the page is wanted."""
    return None if wants_fragment() else redirect(url_for(".page", public_id=lead.public_id, visit=visit), 303)


def _named(lead: Lead) -> Appointment | None:
    return _own(lead, request.args["visit"]) if request.args.get("visit") else None


def _own(lead: Lead, visit_id: str) -> Appointment:
    try:
        return booking.appointment_of(lead.id, visit_id)
    except BookingRefused:
        abort(404)


def _start(name: str = "start") -> datetime:
    try:
        start = datetime.fromisoformat(request.values.get(name, ""))
    except ValueError:
        abort(400, "Choose one of the times.")
    if start.tzinfo is None or not 2000 < start.year < 9000:
        abort(400, "Choose one of the times.")
    return start
