"""Free times against the length of a store's history, and bookings by many at once. `python -m tests.bench.booking`"""

import os
import statistics
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from tests.bench.server import percentile, postgres
from tests.conftest import settings_for_tests
from tests.databases import create_database, drop_database, migrate

CLIENTS, BOOKINGS_EACH = 50, 8
PAST = text("""
    INSERT INTO appointments (public_id, company_id, location_id, bay_id, status, starts_at, ends_at, busy_until,
        minutes, abilities, price_kind, currency, price_wording, client_id, changed_at)
    SELECT 'past-' || n, :company_id, :location_id, :bay_id, CASE WHEN n % 5 = 0 THEN 'booked' ELSE 'done' END,
        CAST(:now AS timestamptz) - n * interval '3 hours', CAST(:now AS timestamptz) - n * interval '3 hours'
        + interval '2 hours', CAST(:now AS timestamptz) - n * interval '3 hours' + interval '2 hours', 120, '["tint"]',
        'exact', 'USD', '$299', 'past-' || n, now()
    FROM generate_series(CAST(:first AS bigint), CAST(:last AS bigint)) AS n
""")


def main() -> None:
    import app as package
    from app.db import db

    name = f"bench_{uuid.uuid4().hex[:8]}"
    with postgres():
        url = create_database(name)
        migrate(url)
        package._connections = lambda: {"pool_size": 20, "max_overflow": 0, "pool_timeout": 60}
        app = package.create_app(settings_for_tests(url))
        try:
            with app.app_context():
                free_times()
                for stores in (1, 10):
                    bookings(app, stores)
                db.session.remove()
                app.extensions["live"].close()
                db.engine.dispose()
        finally:
            drop_database(name)


def free_times() -> None:
    """Two weeks at a store of four bays with forty visits ahead, in a session as a request has it."""
    from app.booking import free_slots, work_of
    from app.db import db
    from tests.factories.booking import NOW, tint

    store_id, bays = furnish()
    company_id = db.session.scalar(text("SELECT company_id FROM locations WHERE id = :id"), {"id": store_id})
    there = 0
    for past in (1, 100, 100_000):
        span = {"first": there + 1, "last": past, "now": NOW}
        db.session.execute(PAST, {"company_id": company_id, "location_id": store_id, "bay_id": bays[0], **span})
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE appointments"))
        there, spent, cpu = past, [], []
        for _ in range(60):
            started, began = time.perf_counter(), time.process_time()
            found = free_slots(store_id, work_of([tint()]), NOW)
            spent.append((time.perf_counter() - started) * 1000)
            cpu.append((time.process_time() - began) * 1000)
            db.session.remove()
        print(
            f"free times of two weeks, {past:>7,} past visits: median {statistics.median(spent):.1f} ms,"
            f" p95 {percentile(spent, 95):.1f} ms, of it Python {statistics.median(cpu):.1f} ms CPU, {len(found)} slots"
        )


def furnish() -> tuple[int, list[int]]:
    from app.booking import book, staff
    from app.db import db
    from tests.factories.booking import NOW, TEN, make_bay, make_wish
    from tests.factories.leads import make_lead
    from tests.factories.locations import make_location

    store = make_location()
    bays = [make_bay(store, "tint").id for _ in range(4)]
    lead = make_lead(store)
    days = [day for day in range(13) if (TEN + timedelta(days=day)).weekday() != 6][:10]
    for day in days:
        for hour in range(4):
            start = TEN + timedelta(days=day, hours=hour)
            book(make_wish(lead, start, actor=staff("Anna")), NOW)
    db.session.commit()
    return store.id, bays


def bookings(app, stores: int) -> None:
    """Fifty clients, each booking one visit after the other at the times offered, over so many stores."""
    from app.db import db
    from tests.factories.booking import make_bay
    from tests.factories.leads import make_lead
    from tests.factories.locations import make_location

    places = []
    for _ in range(stores):
        store = make_location()
        for _ in range(4):
            make_bay(store, "tint")
        places.append(store)
    total = CLIENTS * BOOKINGS_EACH
    leads = [(make_lead(places[n % stores]).id, places[n % stores].id) for n in range(total)]
    db.session.commit()
    spent: list[float] = []
    came: Counter[str] = Counter()
    barrier = threading.Barrier(CLIENTS)
    clients = [
        threading.Thread(target=client, args=(app, leads[n::CLIENTS], n, barrier, spent, came)) for n in range(CLIENTS)
    ]
    started = time.perf_counter()
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    rate = total / (time.perf_counter() - started)
    print(
        f"{CLIENTS} clients at {stores} store(s), 1 process: p50 {percentile(spent, 50):.0f} ms, p99"
        f" {percentile(spent, 99):.0f} ms, {rate:.0f} a second, {dict(came)}"
    )


def client(app, leads, number: int, barrier, spent: list[float], came: Counter) -> None:
    from app.booking import BookingRefused, book
    from app.db import db
    from tests.factories.booking import NOW, TEN, make_wish

    barrier.wait()
    with app.app_context():
        for turn, (lead_id, location_id) in enumerate(leads):
            from app.leads.models import Lead

            lead = db.session.get_one(Lead, lead_id)
            start = TEN + timedelta(days=(number + turn * 7) % 50, minutes=30 * ((number + turn) % 12))
            wish = make_wish(lead, start, location_id=location_id)
            db.session.rollback()
            began = time.perf_counter()
            try:
                book(wish, NOW)
                db.session.commit()
                came["booked"] += 1
            except BookingRefused as refused:
                db.session.rollback()
                came[refused.code] += 1
            spent.append((time.perf_counter() - began) * 1000)
            db.session.remove()


if __name__ == "__main__":
    print(f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores")
    main()
