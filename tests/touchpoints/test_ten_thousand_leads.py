"""Leads by the thousand, workers that die anywhere, PostgreSQL gone for a moment, and people who answer, opt out, book
and take over just then: nobody gets a message twice or after a stop, and none is lost.

Counted at the providers, a process of its own that nobody kills. TEST_SCALE=full (`make soak`) is 10,000 leads.
"""

import os
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import fresh_database_url, settings_for_tests
from tests.touchpoints.storm import SCALES, TROUBLES, Scale, Storm, run_wave, storm
from tests.wire.providers import providers

pytestmark = [pytest.mark.processes, pytest.mark.soak]

GUARDS = ("reply", "booking", "takeover", "pause", "stop", "look", "commit")
SEED = 20261127
WAVES = 2

LEDGER = """
SELECT deliveries.public_id, deliveries.lead_id, deliveries.status, deliveries.reason, touch_points.step
FROM deliveries LEFT JOIN touch_points ON touch_points.delivery_id = deliveries.id
"""
TOUCH_POINTS = """
SELECT touch_points.lead_id, step, touch_points.status, touch_points.reason, deliveries.public_id, deliveries.status,
       deliveries.reason, EXISTS (SELECT FROM lead_events WHERE lead_events.lead_id = touch_points.lead_id
                                  AND kind = 'touch_point' AND text LIKE '%%may not have gone out%%')
FROM touch_points LEFT JOIN deliveries ON deliveries.id = delivery_id WHERE step < %s
"""


def test_nobody_gets_a_message_twice_or_after_a_stop_and_none_is_lost(tmp_path: Path) -> None:
    scale = SCALES[os.environ.get("TEST_SCALE") or "small"]
    wrong = run(scale, tmp_path)
    assert wrong == [], "\n".join(wrong[:40])


@pytest.mark.skipif(os.environ.get("TEST_SCALE") != "full", reason="a minute for each guard")
@pytest.mark.parametrize("guard", GUARDS)
def test_it_is_seen_when_a_guard_of_the_fence_is_taken_out(guard: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("WITHOUT", guard)
    assert run(SCALES["small"], tmp_path) != []


def run(scale: Scale, folder: Path) -> list[str]:
    """What is wrong at the end, in words."""
    from app import create_app
    from app.chat.runner import drain
    from app.db import db

    with fresh_database_url() as url, providers(folder / "taken.jsonl", TROUBLES) as post:
        app = create_app(settings_for_tests(url, public_url="https://chat.example.com"))
        # Customers' messages are taken here and answered by nobody.
        drain(app, 0)
        with app.app_context(), storm(app, url, scale, post, folder, SEED) as made:
            try:
                return weather(made)
            finally:
                db.session.remove()
                app.extensions["live"].close()
                db.engine.dispose()


def weather(made: Storm) -> list[str]:
    began = time.monotonic()
    for wave in range(WAVES):
        run_wave(made, wave)
    lived = time.monotonic() - began
    assert made.killed, "no worker was killed"
    assert made.restarts, "PostgreSQL never went away"
    wrong = [*twice(made), *after_a_stop(made), *lost(made)]
    seen = Counter(row["trouble"] for row in made.providers.taken if row["trouble"] != "ok")
    print(
        f"{len(made.guests)} leads, {len(made.providers.taken)} messages at the providers ({dict(seen)} with trouble),"
        f" {made.stopped} stops, {made.killed} workers killed, PostgreSQL gone {made.restarts} times, in"
        f" {lived:.0f} s; {dict(known_by_ledger(made))}; {len(wrong)} wrong"
    )
    return wrong


def known_by_ledger(made: Storm) -> Counter:
    return Counter(row[2] for row in made.ask(LEDGER))


def twice(made: Storm) -> list[str]:
    """The same words to the same person, or the same message, more than once."""
    texts = Counter((row["to"], row["text"]) for row in made.providers.taken)
    ids = Counter(row["public_id"] for row in made.providers.taken)
    return [f"twice: {what}" for counted in (texts, ids) for what, count in counted.items() if count > 1]


def after_a_stop(made: Storm) -> list[str]:
    """Messages at the providers whose fence came after a stop, or that never passed one."""
    stops_of_lead, stops_of_address = defaultdict(list), defaultdict(list)
    for lead_id, channel, address, kind, at in made.ask("SELECT * FROM storm.stops"):
        stops = stops_of_lead[lead_id] if lead_id else stops_of_address[channel, address]
        stops.append((at, kind))
    columns = "public_id, lead_id, purpose, channel, recipient, at"
    passed = {row[0]: row[1:] for row in made.ask(f"SELECT {columns} FROM storm.fences ORDER BY at")}
    wrong = []
    for row in made.providers.taken:
        lead_id, purpose, channel, recipient, at = passed.get(row["public_id"], (None, None, None, None, None))
        if at is None or at > datetime.fromtimestamp(row["at"], UTC):
            wrong.append(f"no fence committed before: {row}")
        elif purpose == "touch_point":
            stops = stops_of_lead[lead_id] + stops_of_address[channel, recipient]
            wrong += [f"fence at {at}, after {kind} at {stopped}: {row}" for stopped, kind in stops if stopped < at]
    return wrong


def lost(made: Storm) -> list[str]:
    """Touch points that neither arrived nor say why, or of which the ledger says something else than the provider."""
    arrived = {row["public_id"] for row in made.providers.taken}
    stopped = {guest.lead_id for guest in made.guests if guest.kind}
    wrong = [f"arrived, ledger: {row}" for row in made.ask(LEDGER) if row[0] in arrived and row[2] not in GONE]
    for row in made.ask(TOUCH_POINTS, WAVES):
        lead_id, _, status, reason, public_id, sent, why, said_unknown = row
        if status == "paused":
            fine = lead_id in stopped
        elif status == "done":
            fine = public_id in arrived if sent == "sent" else sent == "unknown" and why and said_unknown
        else:
            fine = reason and (lead_id in stopped or sent == "failed" or "mailbox" in reason)
        if not fine:
            wrong.append(f"lost: {row}")
    return wrong


GONE = ("sent", "unknown")
