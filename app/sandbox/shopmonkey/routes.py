"""The stand-in's addresses under `/sandbox/shopmonkey/v3` that only read."""

from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from app.sandbox.shopmonkey import objects
from app.sandbox.shopmonkey.asked import Refused, listing, searching
from app.sandbox.shopmonkey.gate import close_door, manners, not_found, open_door, refusal, state
from app.sandbox.shopmonkey.objects import Listing, Payload
from app.sandbox.tables import session

Answer = Response | tuple[Response, int]

KINDS = "order, customer, vehicle, location, canned_service, webhook, appointment, workflow_status, label"
HYDRATED = ("customer", "vehicle", "workflowStatus")

blueprint = Blueprint("shopmonkey_stand_in", __name__, url_prefix="/sandbox/shopmonkey/v3")
blueprint.before_request(open_door)
blueprint.after_request(close_door)


@blueprint.errorhandler(Refused)
def refuse(error: Refused) -> Answer:
    return refusal(400, "BOFF-97d5f9", str(error))


@blueprint.get("/auth/api_key/status")
def key_status() -> Answer:
    return jsonify(success=True, data={"status": "active", "companyId": g.account.company_id})


@blueprint.get("/user")
def list_users() -> Answer:
    return _page(listing("user", request.args, manners()))


@blueprint.get(f"/<any({KINDS}):kind>")
def list_objects(kind: str) -> Answer:
    return _page(listing(kind, request.args, manners()))


@blueprint.post("/<any(appointment, customer):kind>/search")
def search_objects(kind: str) -> Answer:
    return _page(searching(kind, body(), manners()))


@blueprint.post("/appointment/search_replacement")
def search_calendar() -> Answer:
    asked = body()
    for name in ("dateMin", "dateMax", "technicians"):
        if name not in asked:
            return refusal(400, "BOFF-97d5f9", f"body must have required property '{name}'")
    where = {"startDate": {"gte": asked["dateMin"], "lte": asked["dateMax"]}}
    paging = {name: value for name, value in asked.items() if name in ("limit", "skip")}
    return _page(searching("appointment", paging | {"where": where}, manners()), recurring=True)


@blueprint.get(f"/<any({KINDS}):kind>/<object_id>")
def show_object(kind: str, object_id: str) -> Answer:
    with session() as opened:
        found = visible(objects.get(opened, kind, object_id), kind)
        if found is None or (found["deleted"] and manners().deleted_is_404):
            return not_found(kind)
        for part in HYDRATED if kind == "order" else ():
            table = "workflow_status" if part == "workflowStatus" else part
            found[part] = objects.get(opened, table, found[f"{part}Id"]) if found.get(f"{part}Id") else None
    return jsonify(success=True, data=found)


@blueprint.get("/order/<order_id>/service")
def order_services(order_id: str) -> Answer:
    with session() as opened:
        if visible(objects.get(opened, "order", order_id), "order") is None:
            return not_found("order")
        found = objects.children(opened, "order_service", order_id)
    return jsonify(success=True, data=found, meta={"total": len(found), "hasMore": False})


@blueprint.route("/", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@blueprint.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def unknown(path: str) -> Answer:
    return not_found("route")


def body() -> dict[str, Any]:
    """The JSON object that came. Raises Refused for anything else."""
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refused("body must be object")
    return given


def visible(row: Payload | None, kind: str) -> Payload | None:
    """The row as far as the key shows it."""
    return row if row is not None and g.account.sees(row, kind) else None


def _page(asked: Listing, recurring: bool = False) -> Answer:
    with session() as opened:
        asked = asked.within(g.account.locations, recurring)
        found, total = objects.search(opened, asked, state().chance, manners())
    more = "true" if asked.skip + asked.limit < total else "false"
    written = f'{{"success":true,"data":[{",".join(found)}],"meta":{{"total":{total},"hasMore":{more}}}}}'
    return Response(written, mimetype="application/json")
