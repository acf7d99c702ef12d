"""The stand-in's addresses under `/sandbox/shopmonkey/v3`."""

import hmac
import random
import time
import uuid
from collections import deque

from flask import Blueprint, Response, current_app, jsonify, request

from app.sandbox.shopmonkey import objects
from app.sandbox.shopmonkey.asked import Refused, listing
from app.sandbox.tables import session

blueprint = Blueprint("shopmonkey_stand_in", __name__, url_prefix="/sandbox/shopmonkey/v3")

# Calls a minute and key. The real number is not published; this one is far above what a well-behaved client makes.
CALLS_A_MINUTE = 6_000

chance = random.Random()  # noqa: S311
calls: deque[float] = deque()


@blueprint.before_request
def check_key_and_rate() -> tuple[Response, int] | None:
    given = request.headers.get("Authorization", "")
    expected = f"Bearer {current_app.config['SETTINGS'].shopmonkey_api_key}"
    if not hmac.compare_digest(given.encode(), expected.encode()):
        return refusal(401, "AUTH-0c1f7a", "Unauthorized")
    now = time.monotonic()
    while calls and calls[0] < now - 60:
        calls.popleft()
    if len(calls) >= CALLS_A_MINUTE:
        return refusal(429, "RATE-51d2c0", "Too many requests")
    calls.append(now)
    return None


@blueprint.after_request
def tell_request_and_rate(response: Response) -> Response:
    response.headers["X-Request-Id"] = str(uuid.uuid4())
    response.headers["X-RateLimit-Limit-Minute"] = str(CALLS_A_MINUTE)
    response.headers["X-RateLimit-Remaining-Minute"] = str(max(0, CALLS_A_MINUTE - len(calls)))
    if response.status_code == 429:
        response.headers["Retry-After"] = str(int(calls[0] + 61 - time.monotonic()) if calls else 1)
    return response


@blueprint.get("/auth/api_key/status")
def key_status() -> Response:
    return jsonify(success=True, data={"status": "active"})


@blueprint.get("/<any(order, customer, vehicle, location, canned_service, webhook):kind>")
def list_objects(kind: str) -> Response | tuple[Response, int]:
    try:
        asked = listing(kind, request.args)
    except Refused as error:
        return refusal(400, "BOFF-97d5f9", str(error))
    with session() as opened:
        found, total = objects.search(opened, asked, chance)
    return jsonify(success=True, data=found, meta={"total": total, "hasMore": asked.skip + len(found) < total})


@blueprint.get("/<any(order, customer, vehicle, location, canned_service, webhook):kind>/<object_id>")
def show_object(kind: str, object_id: str) -> Response | tuple[Response, int]:
    with session() as opened:
        found = objects.get(opened, kind, object_id)
        if found is None:
            return not_found(kind)
        if kind == "order":
            for part in ("customer", "vehicle"):
                found[part] = objects.get(opened, part, found[f"{part}Id"]) if found[f"{part}Id"] else None
    return jsonify(success=True, data=found)


@blueprint.get("/order/<order_id>/service")
def order_services(order_id: str) -> Response | tuple[Response, int]:
    with session() as opened:
        if objects.get(opened, "order", order_id) is None:
            return not_found("order")
        found = objects.children(opened, "order_service", order_id)
    return jsonify(success=True, data=found, meta={"total": len(found), "hasMore": False})


@blueprint.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "DELETE"])
@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def unknown(path: str) -> tuple[Response, int]:
    return not_found("route")


def not_found(what: str) -> tuple[Response, int]:
    return refusal(404, "NOTF-3b8e21", f"{what} not found")


def refusal(status: int, code: str, message: str) -> tuple[Response, int]:
    """An error as the API words it."""
    return jsonify(success=False, code=code, message=message, documentation_url="https://shopmonkey.dev"), status
