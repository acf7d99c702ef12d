"""The bench's own database: real catalogues in it, nobody reachable from it, and nothing left of it."""

import os

import pytest
from sqlalchemy import create_engine, func, select, text

from app.ai.models import ProviderCall
from app.assistant.models import PromptVersion, TrialRun
from app.booking.models import Appointment
from app.catalog.models import Service
from app.chat.models import Message
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.locations.models import Company, Location
from app.messaging.models import Consent, Delivery
from app.messaging.transports import transports
from app.trials.bench import casts, run
from app.trials.scenario import chosen
from app.trials.scratch import NoScratch, _create, scratch_app
from app.trials.scripted import Scripted

KEPT = (Lead, Message, Appointment, Delivery, Consent, ProviderCall, TrialRun)


def databases() -> set[str]:
    with create_engine(db.engine.url).connect() as connection:
        return set(connection.scalars(text("SELECT datname FROM pg_database WHERE datname LIKE 'trials%'")))


@pytest.fixture
def stores(house):
    """The ids of both stores, live and with secrets, in the application's own database."""
    with house.app_context():
        company = db.session.scalars(select(Company)).one()
        company.shopmonkey_api_key = "real-key"
        for store in db.session.scalars(select(Location)):
            store.live = True
        db.session.commit()
        yield list(db.session.scalars(select(Location.id).order_by(Location.id)))
        db.session.rollback()
        for store in db.session.scalars(select(Location)):
            store.live = False
        db.session.commit()


def test_it_has_the_catalogues_and_no_way_to_anybody(house, stores) -> None:
    before = databases()
    with scratch_app(stores, None, os.environ["TEST_DATABASE_TEMPLATE"]) as app:
        scratch = db.engine.url.database
        assert scratch not in before
        assert scratch in databases()
        assert db.session.scalar(select(func.count()).select_from(Service)) == 200
        assert db.session.scalars(select(Location.live).distinct()).all() == [False]
        assert db.session.scalars(select(Company.shopmonkey_api_key)).all() == [None]
        assert (transports().sms, transports().email) == (None, None)
        settings = app.config["SETTINGS"]
        assert (settings.sms_ready, settings.email_ready, settings.sandbox) == (False, False, False)
    assert scratch not in databases()


def test_a_whole_trial_leaves_no_trace_and_the_time_as_it_was(house, stores) -> None:
    def kept() -> list[int]:
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in KEPT]

    before = kept()
    with scratch_app(stores, None, os.environ["TEST_DATABASE_TEMPLATE"]) as app:
        scratch = db.engine.url.database
        every, skipped = casts(chosen(["the first time offered", "coupon"]))
        score = run(app, every, skipped, Scripted(), 2)
    assert score.pass_hat(2) == 1
    assert kept() == before
    assert scratch not in databases()
    assert clock.now().year >= 2026
    assert transports() is house.extensions["messaging"]


def test_a_trial_that_breaks_leaves_nothing_either(house, stores) -> None:
    scratch: set[str | None] = set()

    def break_a_trial() -> None:
        with scratch_app(stores, None, os.environ["TEST_DATABASE_TEMPLATE"]):
            scratch.add(db.engine.url.database)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_a_trial()
    assert len(scratch) == 1
    assert scratch.isdisjoint(databases())


def test_what_a_killed_process_left_behind_is_dropped_by_the_next(house, stores) -> None:
    server = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text("CREATE DATABASE trials_20200101_deadbeef"))
    server.dispose()
    with scratch_app(stores, None, os.environ["TEST_DATABASE_TEMPLATE"]):
        pass
    assert "trials_20200101_deadbeef" not in databases()


def test_a_version_is_tried_with_its_own_words(house, stores) -> None:
    company_id = db.session.scalars(select(Company.id)).one()
    version = PromptVersion(
        company_id=company_id, number=7, status="draft", persona="Otto.", tone="", rules="", changed_by="Frances",
        changed_at=clock.now(),
    )  # fmt: skip
    db.session.add(version)
    db.session.commit()
    try:
        with scratch_app(stores, version.id, os.environ["TEST_DATABASE_TEMPLATE"]) as app:
            every, skipped = casts(chosen(["haggling: asks for a discount"]))
            assert run(app, every, skipped, Scripted(), 1).prompt_label.endswith(".7")
    finally:
        db.session.delete(db.session.get_one(PromptVersion, version.id))
        db.session.commit()


def test_without_the_right_to_make_databases_one_line_says_so(house, stores) -> None:
    owner = create_engine(db.engine.url, isolation_level="AUTOCOMMIT")
    with owner.connect() as connection:
        connection.execute(text("CREATE ROLE trials_guest LOGIN"))
        guest = create_engine(db.engine.url.set(username="trials_guest"), isolation_level="AUTOCOMMIT")
        with pytest.raises(NoScratch, match="grant it CREATEDB"):
            _create(guest, "trials_never", None)
        connection.execute(text("DROP ROLE trials_guest"))
    owner.dispose()
