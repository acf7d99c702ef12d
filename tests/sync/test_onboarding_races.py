"""Two people add the same store at the same moment."""

import threading
from datetime import UTC, datetime

from sqlalchemy import func, select

from app.db import db
from app.locations.models import Company, Location
from app.shopmonkey.payloads import LocationPayload
from app.sync import onboarding
from app.sync.models import CatalogRun, StoreSetup
from tests.factories.locations import make_company

GOLDEN = LocationPayload(id="golden", name="Tint World Golden", timezone="America/Denver")


def test_it_becomes_one_store_with_one_setup(live_app):
    company_id = make_company().id
    db.session.commit()
    start, made = threading.Barrier(4), []

    def add() -> None:
        with live_app.app_context():
            company = db.session.get_one(Company, company_id)
            start.wait(10)
            stores = onboarding.add_stores(company, [GOLDEN], {}, None, "somebody", datetime.now(UTC))
            db.session.commit()
            made.append(len(stores))
            db.session.remove()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(made) == [0, 0, 0, 1]
    for table in (Location, StoreSetup, CatalogRun):
        assert db.session.scalar(select(func.count()).select_from(table)) == 1
