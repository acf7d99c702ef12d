"""Catalogue sync: rows a second from parsed payloads into PostgreSQL, beside a bare COPY of the same rows.

python -m tests.bench.catalog_sync [stores] [services]
"""

import contextlib
import io
import json
import statistics
import sys
import time
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

from sqlalchemy import event

from tests.bench.server import postgres
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database, migrate

NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)


def payload(store: str, number: int, cents: int) -> dict:
    """A canned service as ShopMonkey sends it, with the fields that a real one has."""
    kinds = ("Ceramic Tint", "Paint Protection Film", "Vinyl Wraps", "Detailing", "Audio")
    zero = dict.fromkeys(
        ("calculatedPartsCents", "calculatedFeeCents", "calculatedTiresCents", "calculatedSubcontractsCents",
         "calculatedShopSuppliesCents", "calculatedEpaCents", "calculatedTaxCents", "calculatedDiscountCents"), 0
    )  # fmt: skip
    return {
        "id": f"{store}-{number:04d}", "locationId": store, "name": f"Service {number} of the store",
        "note": "Film on all side windows and the rear glass; rejects heat, lifetime warranty against fading." * 2,
        "pricing": "FixedPrice", "fixedPriceCents": cents, "totalCents": cents, "calculatedLaborCents": cents, **zero,
        "labors": [{"hours": 1.5, "rateCents": 12000}], "labels": [{"name": kinds[number % 5]}], "bookable": True,
        "deleted": False, "meta": {"version": cents},
    }  # fmt: skip


class Memory:
    """A ShopMonkey whose payloads are parsed already: what is measured begins there."""

    def __init__(self) -> None:
        self.walks = {}

    def fill(self, stores, services, raised):
        from app.shopmonkey import CannedService
        from app.shopmonkey.lists import Walk

        for store in stores:
            rows = [payload(store, number, 20000 + number * 100 + raised) for number in range(services)]
            self.walks[store] = Walk(tuple(CannedService.from_json(row) for row in rows), services)

    def canned_services(self, location_id, *, bookable=None):
        return self.walks[location_id]


def one_store(location, services, queries):
    """The store by itself, again and again: median milliseconds, and queries a row."""
    from app.db import db
    from app.sync import sync_catalog

    times = []
    for _ in range(15):
        db.session.commit()
        queries.count = 0
        began = time.perf_counter()
        run = sync_catalog(location, "the bench", NOW)
        times.append(time.perf_counter() - began)
        assert run.status == "done", run.error
    middle = statistics.median(times)
    print(
        f"one store's {services} services: {middle * 1000:.1f} ms, {services / middle:,.0f} rows/s, "
        f"{queries.count / services:.2f} queries/row (nothing changed)"
    )


def measured(what, locations, rows, queries):
    """All stores through the worker's own job."""
    from app.db import db
    from app.sync import queue_run, sync_catalogs

    for location in locations:
        queue_run(location, "the bench", NOW)
    db.session.commit()
    queries.count = 0
    began = time.perf_counter()
    done = sync_catalogs(NOW)
    took = time.perf_counter() - began
    assert done == len(locations), done
    print(
        f"{what:<22} {len(locations):>4} stores {rows:>7,} rows {rows / took:>9,.0f} rows/s "
        f"{queries.count / rows:.3f} queries/row"
    )
    return rows / took


def bare_copy(locations):
    """The same rows by COPY into a table with the same columns, checks and indexes, in one go."""
    from app.catalog.models import Service
    from app.db import db

    names = [column.name for column in Service.__table__.columns if column.name != "id"]
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    held = io.StringIO()
    cursor.copy_expert(f"COPY services ({', '.join(names)}) TO STDOUT", held)
    rates = []
    for indexes in ("INCLUDING ALL", ""):
        times = []
        for _ in range(3):
            cursor.execute(f"DROP TABLE IF EXISTS copied; CREATE TABLE copied (LIKE services {indexes})")
            if not indexes:
                cursor.execute("ALTER TABLE copied ALTER id DROP NOT NULL")
            connection.commit()
            held.seek(0)
            began = time.perf_counter()
            cursor.copy_expert(f"COPY copied ({', '.join(names)}) FROM STDIN", held)
            connection.commit()
            times.append(time.perf_counter() - began)
        cursor.execute("SELECT count(*) FROM copied")
        rates.append(cursor.fetchone()[0] / statistics.median(times))
    cursor.execute("DROP TABLE copied")
    connection.commit()
    connection.close()
    print(f"bare COPY                  {rates[0]:>9,.0f} rows/s with the indexes, {rates[1]:,.0f} without")
    return rates[0]


@contextlib.contextmanager
def database():
    """A migrated database of its own."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    try:
        url = create_database(name)
        migrate(url)
        yield url
    finally:
        drop_database(name)


def main(stores: int = 200, services: int = 100) -> None:
    with postgres(), database() as url:
        from app import create_app
        from app.db import db
        from tests.factories.locations import make_company, make_location

        app = create_app(settings_for_tests(url))
        with app.app_context():
            memory, queries = Memory(), SimpleNamespace(count=0)
            app.extensions["shopmonkey"] = lambda company: memory
            company = make_company(shopmonkey_api_key="key")
            locations = [make_location(company, hours=False) for _ in range(stores)]
            names = [location.shopmonkey_id for location in locations]
            db.session.commit()

            @event.listens_for(db.engine, "before_cursor_execute")
            def count(*_):
                queries.count += 1

            rows = stores * services
            memory.fill(names, services, 0)
            first = measured("all new", locations, rows, queries)
            same = measured("nothing changed", locations, rows, queries)
            one_store(locations[0], services, queries)
            memory.fill(names, services, 1)
            changed = measured("every price changed", locations, rows, queries)
            copied = bare_copy(locations)
            print(json.dumps({
                "rows_per_second": {"new": round(first), "same": round(same), "changed": round(changed)},
                "copy": round(copied),
                "share_of_copy": {"new": f"1/{copied / first:.1f}", "same": f"1/{copied / same:.1f}"},
            }))  # fmt: skip
            app.extensions["live"].close()
            db.engine.dispose()


if __name__ == "__main__":
    main(*(int(number) for number in sys.argv[1:]))
