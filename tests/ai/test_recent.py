"""Health tells what every process has seen of a provider, not only the one that answers."""

import os

from flask import Flask

from app.ai.models import ProviderCall
from app.db import db
from tests.factories.locations import make_location


def test_health_counts_the_calls_of_all_processes_and_says_whose_breaker_it_shows(app: Flask) -> None:
    store = make_location()
    for outcome, provider in (("ok", "openai"), ("error", "openai"), ("stalled", "openai"), ("error", "anthropic")):
        whose = {"company_id": store.company_id, "location_id": store.id, "provider": provider}
        db.session.add(ProviderCall(**whose, model="m", outcome=outcome, total_ms=9))
    db.session.flush()
    told = app.test_client().get("/api/health").json["checks"]["openai"]
    assert (told["recent"]["calls"], told["recent"]["failed"]) == (3, 2)
    assert told["recent"]["last_success"]
    assert (told["process"], told["breaker"]) == (os.getpid(), "closed")
