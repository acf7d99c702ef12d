"""The stand-in's addresses that change something."""

from datetime import datetime

from flask import g, jsonify, request

from app.lib import clock
from app.sandbox.shopmonkey import changes, objects, shapes
from app.sandbox.shopmonkey.asked import Refused
from app.sandbox.shopmonkey.gate import manners, not_found, refusal
from app.sandbox.shopmonkey.objects import Payload
from app.sandbox.shopmonkey.orders import next_number
from app.sandbox.shopmonkey.routes import KINDS, Answer, blueprint, body, visible
from app.sandbox.shopmonkey.writing import made, written
from app.sandbox.tables import session


@blueprint.post(f"/<any({KINDS}):kind>")
def create(kind: str) -> Answer:
    row = made(kind, body(), clock.now(), manners()) | {"companyId": g.account.company_id}
    with session() as opened:
        if kind == "webhook" and _name_taken(row["name"]):
            return refusal(400, "BOFF-5a20e1", "a webhook with this name already exists")
        if kind == "order":
            row["number"] = next_number(opened)
            opened.commit()
    return jsonify(success=True, data=changes.make(kind, row))


@blueprint.put(f"/<any({KINDS}):kind>/<object_id>")
def update(kind: str, object_id: str) -> Answer:
    said = written(kind, body(), manners())
    if kind == "webhook" and said.get("enabled"):
        said |= {"error": False, "errorMessage": None, "errorDate": None, "failures": 0}
    return _changed(kind, object_id, said)


@blueprint.put("/order/<object_id>/move")
def move_order(object_id: str) -> Answer:
    given = body()
    return _changed(
        "order", object_id, {name: given[name] for name in ("locationId", "workflowStatusId") if name in given}
    )


@blueprint.delete(f"/<any({KINDS}):kind>/<object_id>")
def delete(kind: str, object_id: str) -> Answer:
    if manners().empty_delete_refused and request.is_json and not request.get_data():
        raise Refused("Body cannot be empty when content-type is set to 'application/json'")
    if not g.account.may_delete:
        return refusal(403, "PERM-44b0d9", "Forbidden")
    if not _seen(kind, object_id):
        return not_found(kind)
    gone = changes.delete(kind, object_id, clock.now())
    return jsonify(success=True, data=gone)


@blueprint.patch("/appointment/<object_id>/<any(confirm, cancel):what>")
def answer_appointment(object_id: str, what: str) -> Answer:
    if what == "confirm":
        return _changed("appointment", object_id, {"confirmationStatus": "Confirmed"})
    note = (request.get_json(silent=True) or {}).get("cancellationNote")
    return _changed(
        "appointment", object_id, {"confirmationStatus": "Declined", "cancellationNote": note or "Cancelled"}
    )


@blueprint.post("/order/<order_id>/service")
def add_services(order_id: str) -> Answer:
    given = request.get_json(silent=True)
    if not isinstance(given, list):
        raise Refused("body must be array")
    now = clock.now()
    if not _seen("order", order_id):
        return not_found("order")
    lines = [_line(order_id, line, ordinal, now) for ordinal, line in enumerate(given)]
    with session() as opened:
        objects.put(opened, "order_service", lines)
        opened.commit()
    return jsonify(success=True, data=lines)


def _line(order_id: str, line: Payload, ordinal: int, now: datetime) -> Payload:
    labors = line.get("labors") or []
    # Without labour a line costs nothing, whatever its canned service costs.
    cents = sum(round(part.get("hours", 0) * part.get("rateCents", 0)) for part in labors)
    fields = {"cannedServiceId": line.get("cannedServiceId"), "labors": labors, "totalCents": cents}
    return shapes.order_service(order_id, line.get("name") or "Service", ordinal, now, **fields)


def _changed(kind: str, object_id: str, fields: Payload) -> Answer:
    if not _seen(kind, object_id):
        return not_found(kind)
    return jsonify(success=True, data=changes.change(kind, object_id, clock.now(), **fields))


def _seen(kind: str, object_id: str) -> bool:
    with session() as opened:
        row = visible(objects.get(opened, kind, object_id), kind)
    return row is not None and not row["deleted"]


def _name_taken(name: str) -> bool:
    with session() as opened:
        asked = objects.Listing("webhook", 1, where={"name": [("eq", name)], "deleted": [("eq", False)]})
        return objects.count(opened, asked) > 0
