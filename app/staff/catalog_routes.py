"""The catalogue screen: what a store sells, at what price, and how its last syncs went."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.catalog.models import Service
from app.catalog.pricing import CLASSES
from app.catalog.store_prices import PriceProblem, clear_price, set_price
from app.db import db
from app.lib import clock
from app.staff.catalog import catalog_page, runs_part, service_or_404, store_of_request
from app.staff.catalog_forms import KINDS, form_of, store_price
from app.staff.frame import blueprint
from app.staff.live import Live
from app.sync import queue_run

RUNS_SECONDS = 3


@blueprint.get("/catalog")
@require_action("catalog.read")
def catalog() -> ResponseReturnValue:
    """One store's catalogue, what needs staff first."""
    location, stores = store_of_request(staff_or_401(), request.args.get("store", type=int))
    query = request.args.get("search", "")[:100]
    options = [(str(store.id), store.name) for store in stores]
    return render_template(
        "staff/catalog.html",
        page=catalog_page(location, query),
        runs=_runs(location.id),
        query=query,
        store_options=options,
    )


@blueprint.get("/catalog/syncs")
@require_action("catalog.read")
def catalog_syncs() -> ResponseReturnValue:
    """How the store's last syncs went, by itself."""
    location, _ = store_of_request(staff_or_401(), request.args.get("store", type=int))
    return _runs(location.id).answer()


@blueprint.post("/catalog/syncs")
@require_action("catalog.sync")
def sync_catalog() -> ResponseReturnValue:
    """Have the store's catalogue synced now."""
    staff, now = staff_or_401(), clock.now()
    location, _ = store_of_request(staff, request.form.get("store", type=int))
    queue_run(location, staff.name, now)
    audit.record(staff, "asked for a catalogue sync", f"location:{location.id}", now)
    db.session.commit()
    return redirect(url_for("staff.catalog", store=location.id), 303)


@blueprint.get("/catalog/<int:service_id>")
@require_action("catalog.read")
def service(service_id: int) -> ResponseReturnValue:
    """One service with its prices, to be edited."""
    found = service_or_404(staff_or_401(), service_id)
    return _service_page(found, form_of(found))


@blueprint.post("/catalog/<int:service_id>/price")
@require_action("catalog.price")
def set_service_price(service_id: int) -> ResponseReturnValue:
    """Give the service the store's own price."""
    staff, now = staff_or_401(), clock.now()
    found = service_or_404(staff, service_id)
    before = found.price.wording
    try:
        set_price(found, store_price(request.form), now)
    except PriceProblem as problem:
        return _service_page(found, request.form.to_dict(), problem), 422
    return _saved(found, before)


@blueprint.post("/catalog/<int:service_id>/price/removal")
@require_action("catalog.price")
def remove_service_price(service_id: int) -> ResponseReturnValue:
    """Go back to the price that ShopMonkey lists."""
    found = service_or_404(staff_or_401(), service_id)
    before = found.price.wording
    clear_price(found, clock.now())
    return _saved(found, before)


def _saved(found: Service, before: str) -> ResponseReturnValue:
    detail = {"before": before, "after": found.price.wording}
    audit.record(staff_or_401(), "changed a price", f"service:{found.id}", clock.now(), detail)
    location_id, service_id = found.location_id, found.id
    db.session.commit()
    return redirect(url_for("staff.catalog", store=location_id, _anchor=f"service-{service_id}"), 303)


def _service_page(found: Service, values: dict[str, str], problem: PriceProblem | None = None) -> str:
    return render_template(
        "staff/catalog_service.html", service=found, values=values, problem=problem, kinds=KINDS, classes=CLASSES
    )


def _runs(location_id: int) -> Live:
    location, _ = store_of_request(staff_or_401(), location_id)
    html = render_template("staff/_catalog_runs.html", part=runs_part(location))
    return Live("catalog-runs", url_for("staff.catalog_syncs", store=location.id), RUNS_SECONDS, html)
