"""The hand behind the stand-in: switches, keys, rows as they are given, the clock, and what was sent.

Under `/sandbox/shopmonkey/control`; it takes the settings' own key, and never fails on purpose.
"""

import hmac
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, request

from app.lib import clock
from app.sandbox.clock import set_to
from app.sandbox.shopmonkey import accounts, changes, hooks, manners, objects
from app.sandbox.shopmonkey.gate import state
from app.sandbox.shopmonkey.writing import EMPTY
from app.sandbox.tables import session

blueprint = Blueprint("shopmonkey_control", __name__, url_prefix="/sandbox/shopmonkey/control")


@blueprint.before_request
def check_key() -> None:
    expected = f"Bearer {current_app.config['SETTINGS'].shopmonkey_api_key}"
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
        abort(401)


@blueprint.route("/manners", methods=["GET", "PUT"])
def show_or_change_manners() -> Response | tuple[Response, int]:
    with session() as opened:
        in_force = manners.manners_of(opened)
        if request.method == "PUT":
            try:
                in_force = manners.changed(manners.Manners() if request.args.get("fresh") else in_force, _body())
            except ValueError as error:
                return jsonify(error=str(error)), 400
            manners.keep(opened, in_force)
            opened.commit()
            state().forget()
            state().reseed(in_force.seed, again="seed" in _body())
    return jsonify(asdict(in_force))


@blueprint.put("/keys/<key>")
def change_key(key: str) -> Response:
    with session() as opened:
        accounts.keep_account(opened, key, _body())
        opened.commit()
    state().forget()
    return jsonify(key=key)


@blueprint.put("/clock")
def change_clock() -> Response:
    given = _body().get("now")
    set_to(datetime.fromisoformat(given) if given else None)
    current_app.extensions["sandbox_clock"].forget()
    return jsonify(now=clock.now().isoformat())


@blueprint.post("/objects/<kind>")
def put_objects(kind: str) -> Response | tuple[Response, int]:
    """Rows as they are given, `createdDate` and all; `tell` lets the webhooks know."""
    if kind not in EMPTY:
        return jsonify(error=f"there is no kind {kind!r}"), 400
    given = _body()
    at = given.get("at")
    now = datetime.fromisoformat(at) if at else clock.now()
    rows = changes.put_many(kind, given["rows"], now, bool(given.get("tell")))
    return jsonify(written=len(rows))


@blueprint.get("/objects/<kind>")
def all_objects(kind: str) -> Response:
    """Every row of the kind, whole and in order: what is really there. `after` is the last id that was shown."""
    with session() as opened:
        rows = objects.after(opened, kind, request.args.get("after", ""), int(request.args.get("limit", "1000")))
    return jsonify(rows=rows)


@blueprint.delete("/objects/<kind>/<object_id>")
def remove_object(kind: str, object_id: str) -> Response:
    """Take the row away for good, as if it never was."""
    with session() as opened:
        objects.remove(opened, kind, object_id)
        opened.commit()
    return jsonify(removed=object_id)


@blueprint.get("/deliveries")
def deliveries() -> Response:
    return jsonify(hooks.dispatch().told())


@blueprint.get("/calls")
def calls() -> Response:
    return jsonify(dict(state().answered))


def _body() -> dict[str, Any]:
    given = request.get_json()
    return given if isinstance(given, dict) else {}
