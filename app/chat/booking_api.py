"""The JSON API of bookings: free times, and the lead's one appointment."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from app import booking
from app.assistant.visit_services import quoted, requested
from app.booking import CUSTOMER, BookingRefused, QuotedService, Slot, Wish
from app.booking.availability import TWO_WEEKS, today_of
from app.booking.models import Appointment
from app.booking.wording import moment_wording
from app.chat.access import visit_or_refuse
from app.chat.api import id_in, json_body, price_json
from app.chat.booking_errors import status_of
from app.chat.booking_words import duration_wording
from app.chat.cards import VisitCard, read_card, visit_card
from app.chat.picker import trouble_of
from app.chat.routes import per_lead
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.lib.text import whole_number
from app.web.errors import ApiError

blueprint = Blueprint("booking_api", __name__, url_prefix="/api/chat/<public_id>")

PARTS = ("morning", "afternoon")
LONGEST_SPAN_DAYS = 62
Route = Callable[..., ResponseReturnValue]


def _refusals(route: Route) -> Route:
    """A refused booking as its error, with the free times to take instead."""

    @wraps(route)
    def answered(public_id: str) -> ResponseReturnValue:
        try:
            return route(public_id)
        except BookingRefused as refused:
            db.session.rollback()
            more = {"slots": [slot_json(slot) for slot in refused.slots]} if refused.slots else {}
            raise ApiError(status_of(refused), refused.code, str(refused), **more) from None

    return answered


@blueprint.get("/slots")
@per_lead
@_refusals
def slots(public_id: str) -> ResponseReturnValue:
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    services = quoted(lead, _ids(request.args.getlist("service")) or requested(lead))
    first, last = _span(today_of(lead.location, now))
    part = request.args.get("part")
    if part and part not in PARTS:
        raise ApiError(400, "bad_request", "part is morning or afternoon.")
    work = booking.work_of(services)
    found = booking.free_slots(lead.location_id, work, now, first, last)
    return jsonify(
        **_work_json(services),
        timezone=lead.location.timezone,
        bookable=not trouble_of(lead),
        slots=[slot_json(slot) for slot in (booking.in_part(found, part) if part else found)],
    )


@blueprint.get("/appointment")
@per_lead
@_refusals
def appointment(public_id: str) -> ResponseReturnValue:
    lead = visit_or_refuse(public_id).lead
    return jsonify(appointment=appointment_json(_wanted(lead, {}, clock.now()), lead))


@blueprint.post("/appointment")
@per_lead
@_refusals
def book(public_id: str) -> ResponseReturnValue:
    lead, body, now = visit_or_refuse(public_id).lead, json_body(), clock.now()
    client_id = id_in(body, "client_id")
    action = _one_of(body, ("book", "hold"))
    services = quoted(lead, _ids(body.get("service_ids") or []) or requested(lead))
    wish = Wish(lead.location_id, _start(body), services, client_id, CUSTOMER, lead_id=lead.id)
    booking.freshen(wish.location_id, wish.starts_at, now)
    made = booking.book(wish, now) if action == "book" else booking.hold(wish, now)
    db.session.commit()
    return jsonify(appointment=appointment_json(made, lead)), 201


@blueprint.patch("/appointment")
@per_lead
@_refusals
def change(public_id: str) -> ResponseReturnValue:
    lead, body, now = visit_or_refuse(public_id).lead, json_body(), clock.now()
    action = _one_of(body, ("move", "renew", "book"))
    wanted = _wanted(lead, body, now)
    if action == "move":
        booking.freshen(lead.location_id, _start(body), now)
        changed = booking.move(wanted.id, _start(body), CUSTOMER, now)
    else:
        changed = (booking.renew_hold if action == "renew" else booking.book_held)(wanted.id, CUSTOMER, now)
    db.session.commit()
    return jsonify(appointment=appointment_json(changed, lead))


@blueprint.delete("/appointment")
@per_lead
@_refusals
def cancel(public_id: str) -> ResponseReturnValue:
    lead, now = visit_or_refuse(public_id).lead, clock.now()
    cancelled = booking.cancel(_wanted(lead, json_body(), now).id, CUSTOMER, now)
    db.session.commit()
    return jsonify(appointment=appointment_json(cancelled, lead))


def slot_json(slot: Slot) -> dict[str, Any]:
    """A free time: moments with the store's offset, and finished wording."""
    return {
        "starts_at": slot.local_start.isoformat(),
        "ends_at": slot.local_end.isoformat(),
        "wording": moment_wording(slot.local_start),
    }


def appointment_json(made: Appointment, lead: Lead) -> dict[str, Any]:
    """An appointment as its row has it."""
    card = read_card(visit_card(made, lead))
    assert isinstance(card, VisitCard)
    return {
        "id": made.public_id,
        "status": made.status,
        "starts_at": card.starts_at.isoformat(),
        "ends_at": card.ends_at.isoformat(),
        "wording": card.wording,
        "hold_until": made.hold_until.isoformat() if made.hold_until else None,
        "change_until": (made.starts_at - booking.rules_of(made.location_id).change_until).isoformat(),
        "duration_minutes": card.minutes,
        "duration_wording": card.duration,
        "services": [
            {"id": row.service_id, "name": name, "price": price_json(price)}
            for row, (name, price) in zip(made.services, card.services, strict=True)
        ],
        "price": price_json(card.price),
    }


def _work_json(services: Sequence[QuotedService]) -> dict[str, Any]:
    minutes = sum(one.minutes for one in services)
    return {
        "services": [
            {"id": one.service_id, "name": one.name, "minutes": one.minutes, "price": price_json(one.price)}
            for one in services
        ],
        "duration_minutes": minutes,
        "duration_wording": duration_wording(minutes),
        "price": price_json(booking.total(services)),
    }


def _wanted(lead: Lead, body: dict[str, Any], now: datetime) -> Appointment:
    """The appointment that is named, else the visit ahead, else what is held. Raises BookingRefused (not_yours)."""
    named = body.get("appointment_id") or request.args.get("appointment_id")
    if named:
        return booking.appointment_of(lead.id, str(named))
    found = booking.visit_ahead(lead.id, now) or booking.held_by(lead.id, now)
    if found is None:
        raise BookingRefused("not_yours")
    return found


def _one_of(body: dict[str, Any], actions: tuple[str, ...]) -> str:
    action = body.get("action", actions[0])
    if action not in actions:
        raise ApiError(400, "bad_request", f"action is one of {', '.join(actions)}.")
    return str(action)


def _ids(given: Any) -> list[int]:
    ids = [whole_number(str(one)) for one in given] if isinstance(given, list) else [None]
    if None in ids:
        raise ApiError(400, "bad_request", "Services are given by their ids.")
    return [one for one in ids if one is not None]


def _start(body: dict[str, Any]) -> datetime:
    try:
        start = datetime.fromisoformat(str(body.get("starts_at")))
        start.astimezone()
    except (ValueError, OverflowError):
        start = None
    if start is None or start.tzinfo is None or not 2000 < start.year < 9000:
        raise ApiError(400, "bad_request", "starts_at is an ISO time with its offset, as /slots gives it.")
    return start


def _span(today: date) -> tuple[date, date]:
    """The days that are asked for: `day` alone, or `from` through `to`; two weeks from today where none is named."""
    try:
        given = {name: date.fromisoformat(request.args[name]) for name in ("day", "from", "to") if name in request.args}
    except ValueError:
        raise ApiError(400, "bad_request", "Days are written as 2026-12-01.") from None
    if not all(2000 <= one.year < 2100 for one in given.values()):
        raise ApiError(400, "bad_request", "Ask for days of this century.")
    first = given.get("day") or given.get("from") or today
    last = given.get("day") or given.get("to") or first + TWO_WEEKS
    if not 0 <= (last - first).days < LONGEST_SPAN_DAYS:
        raise ApiError(400, "bad_request", f"Ask for at most {LONGEST_SPAN_DAYS} days, the first one first.")
    return first, last
