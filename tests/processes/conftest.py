"""One system for all of these tests: they run in one group, on one worker of xdist."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.conftest import TEST_ENCRYPTION_KEY, fresh_database_url, settings_for_tests
from tests.factories.webhooks import SECRET
from tests.processes.system import SECRET_KEY, Guest, System
from tests.wire.llm_server import LlmServer
from tests.wire.shopmonkey_server import KEY, ShopMonkeyServer, shopmonkey_server

ACCOUNT, STORE = "processes-company", "processes-store"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/processes" in item.nodeid:
            item.add_marker(pytest.mark.processes)
            item.add_marker(pytest.mark.xdist_group("processes"))


@pytest.fixture(scope="session")
def shopmonkey() -> Iterator[ShopMonkeyServer]:
    with shopmonkey_server() as server:
        server.locations[STORE] = {"id": STORE, "companyId": ACCOUNT}
        yield server


@pytest.fixture(scope="session")
def whole_system(shopmonkey: ShopMonkeyServer) -> Iterator[System]:
    with fresh_database_url() as url, LlmServer() as llm:
        _open_store(url)
        environ = {
            "DATABASE_URL": url, "SANDBOX": "1", "SECRET_KEY": SECRET_KEY, "ENCRYPTION_KEYS": TEST_ENCRYPTION_KEY,
            "LOG_LEVEL": "ERROR", "FLASK_APP": "wsgi.py", "ANTHROPIC_API_KEY": "test", "OPENAI_API_KEY": "",
            "ANTHROPIC_BASE_URL": llm.url("anthropic"),
            "SHOPMONKEY_API_KEY": KEY, "SHOPMONKEY_BASE_URL": shopmonkey.url,
        }  # fmt: skip
        system = System(url, llm, environ)
        try:
            system.start_web()
            system.start_web()
            system.wait_for_web()
            yield system
        finally:
            system.stop()


@pytest.fixture
def system(whole_system: System) -> System:
    """The system, whole again after what the test before did to it."""
    whole_system.wait_for_web()
    whole_system.llm.requests.clear()
    return whole_system


@pytest.fixture
def guest(system: System) -> Guest:
    """A new lead's customer."""
    from app import create_app
    from app.chat import open_conversation
    from app.db import db
    from app.locations.models import Location
    from app.web.links import COOKIE_PURPOSE, sign
    from tests.factories.leads import make_lead

    app = create_app(settings_for_tests(system.url, secret_key=SECRET_KEY))
    with app.app_context():
        lead = make_lead(db.session.query(Location).filter_by(shopmonkey_id=STORE).one())
        conversation = open_conversation(lead)
        cookie = sign(COOKIE_PURPOSE, [[lead.public_id, lead.link_generation]])
        made = Guest(lead.id, lead.public_id, conversation.id, cookie)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return made


def _open_store(url: str) -> None:
    from app import create_app
    from app.db import db
    from tests.factories.catalog import make_service
    from tests.factories.locations import make_company, make_location

    app = create_app(settings_for_tests(url, secret_key=SECRET_KEY))
    with app.app_context():
        company = make_company(shopmonkey_id=ACCOUNT, shopmonkey_webhook_secret=SECRET)
        make_service(make_location(company, shopmonkey_id=STORE, timezone=_zone_at_noon()))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _zone_at_noon() -> str:
    """A zone where it is about noon now: texts are allowed."""
    behind = datetime.now(UTC).hour - 12
    return f"Etc/GMT{behind:+d}" if behind else "Etc/GMT"
