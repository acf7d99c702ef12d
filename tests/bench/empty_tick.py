"""One empty tick of each touch point job over a million planned touch points that are not due.

`python -m tests.bench.empty_tick [--n 1000000]`
"""

import argparse
import time
import uuid
from datetime import timedelta

from sqlalchemy import text

from tests.bench.due_touch_points import NOON, load, make_app
from tests.bench.server import percentile, postgres

POINTS = """
    INSERT INTO touch_points (company_id, location_id, lead_id, step, step_id, channel, due_at, planned_for)
    SELECT company_id, location_id, lead_id, n, step_id, channel, :due + make_interval(secs => n % 2592000), :due
    FROM (SELECT * FROM touch_points WHERE step = 0 ORDER BY id LIMIT 100) points, generate_series(100, :each) n
"""
RUNS = """
    WITH people AS (
        INSERT INTO customers (company_id, shopmonkey_id) SELECT company_id, 'bulk-' || n
        FROM (SELECT company_id FROM customers LIMIT 1) c, generate_series(1, :runs) n RETURNING id, company_id
    ), bulk AS (
        INSERT INTO leads (public_id, company_id, location_id, customer_id, shopmonkey_order_id)
        SELECT 'bulk' || people.id, people.company_id, (SELECT min(id) FROM locations), people.id, 'bulk-' || people.id
        FROM people RETURNING id, company_id, location_id, customer_id
    )
    INSERT INTO sequence_runs (lead_id, company_id, location_id, customer_id, sequence_id, version, counted_from,
                               settles_at)
    SELECT id, company_id, location_id, customer_id, (SELECT min(id) FROM sequences), 1, :due,
           :due + make_interval(secs => id % 2592000)
    FROM bulk
"""


def main() -> None:
    from app.db import db
    from app.touchpoints.jobs import send_due
    from app.touchpoints.replanning import replan_changed
    from app.touchpoints.settling import settle
    from tests.databases import create_database, drop_database, migrate

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=1_000_000)
    given = options.parse_args()
    name = f"bench_{uuid.uuid4().hex[:10]}"
    with postgres():
        url = create_database(name)
        try:
            migrate(url)
            load(url, 100)
            app = make_app(url)
            with app.app_context():
                due = NOON + timedelta(days=1)
                db.session.execute(text(POINTS), {"due": due, "each": given.n // 100 + 99})
                db.session.execute(text(RUNS), {"due": due, "runs": given.n // 13})
                db.session.commit()
                db.session.execute(text("ANALYZE"))
                db.session.commit()
                count = db.session.scalar(text("SELECT count(*) FROM touch_points WHERE status = 'planned'"))
                print(f"{count} planned touch points, {given.n // 13} runs")
                moment = NOON - timedelta(days=1)
                for job, tick in (("touchpoints", send_due), ("settling", settle), ("sequences", replan_changed)):
                    times = [timed(tick, moment) for _ in range(200)]
                    print(f"{job}: p50 {percentile(times, 50):.2f} ms, p95 {percentile(times, 95):.2f} ms")
                db.session.remove()
                db.engine.dispose()
        finally:
            drop_database(name)


def timed(tick, moment) -> float:
    began = time.perf_counter()
    assert tick(moment) == 0
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
