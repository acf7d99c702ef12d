"""The customer's pages for taking a time: choose, hold, book, move, cancel. Each also works as a plain form."""

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

ASKED = "The customer wants a time for a visit and found none to book."


@blueprint.get("")
@per_lead
def page(public_id: str) -> str:
    lead, now = _lead(public_id), clock.now()
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
    lead, now = _lead(public_id), clock.now()
    booking.freshen(lead.location_id, _start(), now)
    try:
        held = take(lead, screens.chosen_services(request, lead), _start(), CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now)
    db.session.commit()
    return _answer(public_id) or screens.held_screen(lead, held)


@blueprint.post("/<visit_id>/booking")
@per_lead
def book(public_id: str, visit_id: str) -> ResponseReturnValue:
    lead, now = _lead(public_id), clock.now()
    held = _own(lead, visit_id)
    booking.freshen(lead.location_id, held.starts_at, now)
    try:
        booked = booking.book_held(held.id, CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now)
    db.session.commit()
    return _answer(public_id, visit=visit_id) or screens.visit_screen(lead, booked, now)


@blueprint.post("/<visit_id>/renewal")
@per_lead
def renewal(public_id: str, visit_id: str) -> ResponseReturnValue:
    lead, now = _lead(public_id), clock.now()
    try:
        held = booking.renew_hold(_own(lead, visit_id).id, CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now)
    db.session.commit()
    return _answer(public_id) or screens.held_screen(lead, held)


@blueprint.post("/<visit_id>/new-time")
@per_lead
def new_time(public_id: str, visit_id: str) -> ResponseReturnValue:
    lead, now = _lead(public_id), clock.now()
    visit = _own(lead, visit_id)
    booking.freshen(lead.location_id, _start(), now)
    try:
        visit = booking.move(visit.id, _start(), CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now, visit)
    db.session.commit()
    return _answer(public_id, visit=visit_id) or screens.visit_screen(lead, visit, now)


@blueprint.post("/<visit_id>/cancellation")
@per_lead
def cancellation(public_id: str, visit_id: str) -> ResponseReturnValue:
    lead, now = _lead(public_id), clock.now()
    visit = _own(lead, visit_id)
    try:
        visit = booking.cancel(visit.id, CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now, visit)
    db.session.commit()
    return _answer(public_id, visit=visit_id) or screens.visit_screen(lead, visit, now)


@blueprint.post("/<visit_id>/confirmation")
@per_lead
def confirmation(public_id: str, visit_id: str) -> ResponseReturnValue:
    """The customer will come."""
    lead, now = _lead(public_id), clock.now()
    visit = _own(lead, visit_id)
    try:
        visit = booking.confirm(visit.id, CUSTOMER, now)
    except BookingRefused as refused:
        return _refused(lead, refused, now, visit)
    db.session.commit()
    return _answer(public_id, visit=visit_id) or screens.visit_screen(lead, visit, now)


@blueprint.post("/team")
@per_lead
def team(public_id: str) -> ResponseReturnValue:
    """Have the store's team set a time."""
    visit = visit_or_refuse(public_id)
    hand_over(visit.conversation_id, ASKED, clock.now())
    return screens.team_screen(db.session.get_one(Lead, visit.lead_id))


@blueprint.get("/<visit_id>/calendar.ics")
@per_lead
def calendar(public_id: str, visit_id: str) -> Response:
    lead = _lead(public_id)
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


def _answer(public_id: str, **where: object) -> ResponseReturnValue | None:
    """Where a plain form goes on; None where a piece of the page is wanted."""
    return None if wants_fragment() else redirect(url_for(".page", public_id=public_id, **where), 303)  # type: ignore[arg-type]


def _lead(public_id: str) -> Lead:
    return db.session.get_one(Lead, visit_or_refuse(public_id).lead_id)


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
