"""The staff's calendar against the length of a store's history. `python -m tests.bench.staff_calendar`"""

import os
import statistics
import time
import uuid
from datetime import UTC, datetime

from sqlalchemy import text

from tests.bench.booking import PAST, furnish
from tests.bench.server import percentile, postgres
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database, migrate

PATHS = ("?day=2026-12-01", "?day=2026-12-01&view=week", "?day=2024-06-05&view=week", "/today?day=2026-12-01")
ROUNDS = 60


def main() -> None:
    import app as package
    from app.db import db

    name = f"bench_{uuid.uuid4().hex[:8]}"
    with postgres():
        url = create_database(name)
        migrate(url)
        app = package.create_app(settings_for_tests(url, log_level="WARNING"))
        try:
            with app.app_context():
                pages(app)
                db.session.remove()
                app.extensions["live"].close()
                db.engine.dispose()
        finally:
            drop_database(name)


def pages(app) -> None:
    """Each page as somebody of the store asks for it, forty visits ahead in four bays."""
    from app.db import db
    from app.lib import clock
    from app.locations.models import Location
    from tests.factories.accounts import make_staff, sign_in
    from tests.factories.booking import NOW

    clock.use(lambda: NOW)
    store_id, bays = furnish()
    store = db.session.get_one(Location, store_id)
    company_id = store.company_id
    browser = sign_in(app.test_client(), make_staff(store, "store_manager"))
    there = 0
    for past in (1, 100_000):
        span = {"first": there + 1, "last": past, "now": NOW}
        db.session.execute(PAST, {"company_id": company_id, "location_id": store_id, "bay_id": bays[0], **span})
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE appointments"))
        there = past
        for path in PATHS:
            ask(browser, path, past)
    clock.use(None)


def ask(browser, path: str, past: int) -> None:
    from app.db import db

    spent, cpu = [], []
    for _ in range(ROUNDS):
        db.session.remove()
        started, began = time.perf_counter(), time.process_time()
        assert browser.get(f"/staff/calendar{path}").status_code == 200
        spent.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - began) * 1000)
    print(
        f"/staff/calendar{path:<28} {past:>7,} past visits: median {statistics.median(spent):.1f} ms,"
        f" p95 {percentile(spent, 95):.1f} ms, of it Python {statistics.median(cpu):.1f} ms CPU"
    )


if __name__ == "__main__":
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores")
    main()
