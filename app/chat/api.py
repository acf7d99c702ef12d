"""The JSON API of a conversation: the same thread as the page, for programs."""

import time
import uuid
from datetime import datetime
from typing import Any

import orjson
from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from app import chat
from app.booking.wording import price_wording
from app.catalog.pricing import Price
from app.chat import feed, view
from app.chat.access import visit_or_refuse
from app.chat.items import Item, State
from app.chat.message_rules import MessageRefused, is_message_id
from app.chat.routes import per_lead
from app.chat.thread import answer_to, thread
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.live import Note
from app.web.errors import ApiError

blueprint = Blueprint("chat_api", __name__, url_prefix="/api/chat/<public_id>")

LONGEST_WAIT_SECONDS = 75.0


@blueprint.post("")
@per_lead
def say(public_id: str) -> ResponseReturnValue:
    visit = visit_or_refuse(public_id)
    message, client_message_id = _parse()
    try:
        posted = chat.post_customer_message(
            visit.conversation_id, visit.lead_id, message, client_message_id, "web", clock.now()
        )
    except MessageRefused as refused:
        db.session.rollback()
        raise ApiError(422, "message_refused", str(refused)) from None
    if not posted.answered:
        answered = _line_after(visit.conversation_id, posted.item.seq)
    else:
        answered = _answer(visit.conversation_id, posted.item.seq) if posted.state.holder == "assistant" else None
    return jsonify(message=message_json(posted.item), reply=message_json(answered) if answered else None)


@blueprint.get("/history")
@per_lead
def history(public_id: str) -> ResponseReturnValue:
    visit = visit_or_refuse(public_id)
    found = thread(visit.conversation_id, request.args.get("before", type=int))
    following = found.messages[0].seq if found.has_older and found.messages else None
    return jsonify(messages=[message_json(item) for item in found.messages], next_before=following)


@blueprint.get("/context")
@per_lead
def context(public_id: str) -> ResponseReturnValue:
    lead = visit_or_refuse(public_id).lead
    return jsonify(
        lead=_lead_json(lead),
        vehicle=_vehicle_json(lead),
        store=_store_json(lead, clock.now()),
        services=_services_json(lead),
    )


@blueprint.get("/stream")
def stream(public_id: str) -> Response:
    visit = visit_or_refuse(public_id)
    after = request.headers.get("Last-Event-ID") or request.args.get("after")
    return feed.feed_response(visit.conversation_id, after, lambda: visit_or_refuse(public_id), JsonWriter())


class JsonWriter:
    """Events for programs: `text` {id, delta}, `reset` {id} when a text begins again, `message` when it is whole."""

    def __init__(self) -> None:
        self._sent: dict[int, str] = {}

    def item(self, item: Item, state: State | None, note: Note | None) -> bytes:
        if not item.streaming:
            self._sent.pop(item.seq, None)
            return feed.sse(_dumps(message_json(item)), item.position, "message")
        # Whoever joins in mid-text, or again after a lost connection, is told to begin from nothing.
        sent = self._sent.get(item.seq) if item.part > 1 else ""
        self._sent[item.seq] = item.text
        goes_on = sent is not None and item.text.startswith(sent)
        reset = b"" if goes_on else feed.sse(_dumps({"id": item.seq}), item.position, "reset")
        delta = item.text if reset else item.text[len(sent or "") :]
        return reset + feed.sse(_dumps({"id": item.seq, "delta": delta}), item.position, "text")


def message_json(item: Item) -> dict[str, Any]:
    """A message as the API shows it; `id` is its place in the conversation."""
    return {
        "id": item.seq,
        "author": item.author,
        "author_name": item.author_name,
        "channel": item.channel,
        "status": item.status,
        "text": item.text,
        "client_message_id": item.client_message_id,
        "created_at": item.created_at.isoformat(),
        "card": item.card,
    }


def json_body() -> dict[str, Any]:
    """The request's JSON object; none sent is an empty one. Raises ApiError for what is no JSON object."""
    if not request.is_json:
        raise ApiError(415, "unsupported_media_type", "Send application/json.")
    if not request.get_data():
        return {}
    try:
        body = request.get_json(silent=True)
    except RecursionError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(400, "bad_request", "Send a JSON object.")
    return body


def id_in(body: dict[str, Any], name: str) -> str:
    """The caller's own id for what it sends, or a new one. Raises ApiError for what can be no id."""
    given = body.get(name) or uuid.uuid4().hex
    if not isinstance(given, str) or not is_message_id(given):
        raise ApiError(400, "bad_request", f"{name} is a text of 1 to 64 printable characters.")
    return given


def _parse() -> tuple[str, str]:
    body = json_body()
    if not isinstance(body.get("message"), str):
        raise ApiError(400, "bad_request", 'Send {"message": "…", "client_message_id": "…"}.')
    return body["message"], id_in(body, "client_message_id")


def _answer(conversation_id: int, seq: int) -> Item | None:
    """The whole answer to message `seq`, once it is there.

    None when staff take the thread over first, or when it takes longer than anyone waits.
    """
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    for event in feed.watch_items(conversation_id, seq - 1, heartbeat=1.0):
        if event is not None and not event[0].streaming:
            found, held = answer_to(conversation_id, seq)
            db.session.remove()
            if found is not None or held:
                return found
        if time.monotonic() > deadline:
            break
    return None


def _line_after(conversation_id: int, seq: int) -> Item | None:
    """What the house itself said to a message that it heeded."""
    said = thread(conversation_id).messages
    return next((item for item in said if item.seq > seq and item.author == "system"), None)


def _lead_json(lead: Lead) -> dict[str, Any]:
    return {
        "id": lead.public_id,
        "stage": lead.stage,
        "first_name": lead.customer.first_name if lead.customer else None,
        "order_name": lead.order_name,
        "first_engaged_at": _iso(lead.first_engaged_at),
        "last_ai_at": _iso(lead.last_ai_at),
    }


def _vehicle_json(lead: Lead) -> dict[str, Any] | None:
    vehicle = lead.vehicle
    if vehicle is None:
        return None
    return {name: getattr(vehicle, name) for name in ("name", "year", "make", "model", "submodel", "type", "color")}


def _store_json(lead: Lead, now: datetime) -> dict[str, Any]:
    store = lead.location
    state = view.opening(store, now)
    return {
        "name": store.name,
        "phone": store.phone,
        "address": store.address or None,
        "timezone": store.timezone,
        "open_now": state.open if state.known else None,
        "open_wording": state.wording or None,
    }


def _services_json(lead: Lead) -> dict[str, Any]:
    return {
        "requested": [
            {"name": line.name, "price": price_json(line.price), "source": line.source} for line in view.quote_of(lead)
        ],
        "catalog": [
            {"id": row.id, "category": category, "name": row.name, "price": price_json(row.price)}
            for category, rows in view.catalog_of(lead)
            for row in rows
        ],
    }


def price_json(price: Price | None) -> dict[str, Any] | None:
    """A price in cents, with its wording."""
    if price is None:
        return None
    return {
        "kind": price.kind,
        "low_cents": price.low_cents,
        "high_cents": price.high_cents,
        "currency": price.currency,
        "wording": price_wording(price),
    }


def _dumps(data: dict[str, Any]) -> str:
    return orjson.dumps(data).decode()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
