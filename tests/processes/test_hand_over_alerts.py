"""Workers that die while they call staff to a customer: everybody is told, and nobody twice."""

import pytest

from tests.conftest import settings_for_tests
from tests.processes.conftest import STORE
from tests.processes.system import SECRET_KEY, Guest, System, eventually


@pytest.fixture
def advisor(system: System) -> str:
    """The address of the store's advisor, who wants to be told by email; nobody else works there."""
    from app import create_app
    from app.db import db
    from app.locations.models import Location
    from tests.factories.accounts import make_staff

    app = create_app(settings_for_tests(system.url, secret_key=SECRET_KEY))
    with app.app_context():
        system.rows("UPDATE staff_users SET active = false")
        address = make_staff(db.session.query(Location).filter_by(shopmonkey_id=STORE).one(), alert_by="email").email
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return address


def ask_for_a_person(system: System, guest: Guest) -> None:
    system.rows(
        "UPDATE conversations SET waiting_since = now(), waiting_reason = 'wants a person' WHERE id = %s",
        guest.conversation_id,
    )


def alerts(system: System, advisor: str) -> list[str]:
    query = "SELECT status FROM deliveries WHERE recipient = %s AND purpose = 'staff'"
    return [status for (status,) in system.rows(query, advisor)]


def told(system: System, address: str) -> int:
    return system.one("SELECT count(*) FROM sandbox.outbox WHERE recipient = %s", address)


def test_a_worker_killed_while_it_writes_the_alert_leaves_it_to_the_next(system, guest, advisor) -> None:
    with system.worker() as worker, system.holding("LOCK TABLE hand_over_alerts IN SHARE ROW EXCLUSIVE MODE"):
        ask_for_a_person(system, guest)
        eventually(system.someone_waits_for_a_lock, "the worker at the lock")
        worker.kill()
    eventually(lambda: not system.someone_waits_for_a_lock(), "the dead worker's connections to end")
    with system.worker(), system.worker():
        eventually(lambda: alerts(system, advisor) == ["sent"], "the alert")
    assert told(system, advisor) == 1


def test_a_worker_killed_before_it_hands_the_alert_over_leaves_it_to_the_next(system, guest, advisor) -> None:
    # The last look at the conversation waits for the lead, and with it the sending.
    with system.worker() as worker:
        system.rows("UPDATE staff_users SET quiet_from = '00:00', quiet_until = '23:59' WHERE email = %s", advisor)
        ask_for_a_person(system, guest)
        eventually(lambda: alerts(system, advisor) == ["queued"], "the alert that waits")
        with system.holding("SELECT FROM leads WHERE id = %s FOR UPDATE", guest.lead_id):
            system.rows("UPDATE deliveries SET not_before = NULL WHERE recipient = %s", advisor)
            eventually(system.someone_waits_for_a_lock, "the last look")
            worker.kill()
    eventually(lambda: not system.someone_waits_for_a_lock(), "the dead worker's connections to end")
    assert (alerts(system, advisor), told(system, advisor)) == (["queued"], 0)
    with system.worker(), system.worker():
        eventually(lambda: alerts(system, advisor) == ["sent"], "the alert")
    assert told(system, advisor) == 1


def test_a_worker_killed_while_the_provider_takes_the_alert_never_sends_it_again(system, guest, advisor) -> None:
    with system.worker() as worker, system.holding("LOCK TABLE sandbox.outbox IN SHARE ROW EXCLUSIVE MODE"):
        ask_for_a_person(system, guest)
        eventually(lambda: alerts(system, advisor) == ["sending"], "the fence passed")
        eventually(system.someone_waits_for_a_lock, "the provider's call")
        worker.kill()
    eventually(lambda: not system.someone_waits_for_a_lock(), "the dead worker's connections to end")
    taken = told(system, advisor)
    system.rows("UPDATE deliveries SET sending_at = sending_at - interval '10 minutes' WHERE status = 'sending'")
    with system.worker(), system.worker():
        eventually(lambda: alerts(system, advisor) != ["sending"], "the reconciled alert")
    assert alerts(system, advisor) == ["sent" if taken else "unknown"]
    assert told(system, advisor) == taken <= 1
