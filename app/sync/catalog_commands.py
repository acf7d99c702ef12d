"""Commands of the catalogue."""

import json
from typing import Any

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.sync.catalog import sync_catalog
from app.sync.models import CatalogRun

catalog_cli = AppGroup("catalog", help="What the stores sell.")
COUNTS = ("listed", "new", "changed", "same", "gone", "odd")


@catalog_cli.command("sync")
@click.option("--location", "wanted", help="One store only: its id here or in ShopMonkey.")
@click.option("--json", "as_json", is_flag=True, help="Print an array of runs.")
def sync(wanted: str | None, as_json: bool) -> None:
    """Bring the catalogue of every store, or of one, in step with ShopMonkey."""
    told, failed = [], 0
    for location_id in _locations(wanted):
        location = db.session.get_one(Location, location_id)
        run = sync_catalog(location, "the command line", clock.now())
        failed += run.status == "failed"
        told.append(_told(run, location.name))
        if not as_json:
            click.echo(_line(told[-1]))
    if as_json:
        click.echo(json.dumps(told))
    if failed:
        raise SystemExit(1)


def _locations(wanted: str | None) -> list[int]:
    query = select(Location.id).order_by(Location.name, Location.id)
    if wanted is None:
        return list(db.session.scalars(query))
    found = list(db.session.scalars(query.where(Location.shopmonkey_id == wanted)))
    if not found and wanted.isdecimal():
        found = list(db.session.scalars(query.where(Location.id == int(wanted))))
    if not found:
        raise click.ClickException(f"No store has the id {wanted}.")
    return found


def _told(run: CatalogRun, store: str) -> dict[str, Any]:
    counts = {name: getattr(run, name) for name in COUNTS}
    known = {"id": run.id, "location_id": run.location_id, "location": store, "status": run.status, "walks": run.walks}
    return {**known, **counts, "error": run.error}


def _line(run: dict[str, Any]) -> str:
    if run["status"] == "done":
        counts = ", ".join(f"{run[name]} {name}" for name in COUNTS[1:])
        return f"{run['location']}: {counts}"
    return f"{run['location']}: {run['status']}" + (f": {run['error']}" if run["error"] else "")
