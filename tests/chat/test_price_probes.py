"""Three hundred prices asked for at both demo stores, read from the bytes that reach the browser.

The models are scripted: one that uses its tools, one that writes prices from memory and uses them once it is told,
and one that misquotes whatever it is told.
"""

import os
import random
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app import chat
from app.ai.failover import breaker_of
from app.assistant.brief import forget_stores
from app.assistant.models import PriceReceipt, WithheldSentence
from app.chat import feed, generation, posting
from app.chat.models import Conversation
from app.db import db
from app.sandbox import catalogue
from tests.chat.price_probes import (
    MANNERS,
    MOST_AT_ONCE,
    STORES,
    VEHICLES,
    Model,
    dollars_read,
    lies_about,
    price,
    store,
)
from tests.chat.test_generation import NOW
from tests.factories.leads import make_lead, make_vehicle
from tests.factories.locations import make_company

pytestmark = pytest.mark.soak

REPLIES = 150 if os.environ.get("TEST_SCALE") == "full" else 60


class Watcher:
    """A browser's open feed: keeps its bytes until told to stop."""

    def __init__(self, app: Flask, conversation_id: int) -> None:
        self._app, self._conversation_id = app, conversation_id
        self._done = threading.Event()
        self.answers: list[str] = []
        self.ready = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        assert self.ready.wait(10)

    def _watch(self) -> None:
        with self._app.test_request_context():
            for event in feed._events(self._conversation_id, 0, lambda: None, feed.HtmlWriter()):
                self.ready.set()
                if b"message--assistant" in event:
                    self.answers.append(event.decode())
                if self._done.is_set() and b"the end" in event:
                    return

    def stop(self) -> None:
        self._done.set()
        with self._app.app_context():
            posting.post_system_line(self._conversation_id, "the end", NOW)
        self._thread.join(10)


@pytest.mark.parametrize("key", STORES)
def test_every_price_that_reaches_the_browser_is_exact(live_app: Flask, key: str) -> None:
    forget_stores()
    breaker_of("scripted").succeeded()
    company = make_company()
    places = {one: store(one, company) for one in STORES}
    location, ids = places[key]
    leads = {
        vehicle: make_lead(location, vehicle=make_vehicle(company, type=vehicle, make=make, model=model))
        for vehicle, (make, model) in VEHICLES.items()
    }
    talks = {vehicle: (lead.id, chat.open_conversation(lead).id) for vehicle, lead in leads.items()}
    db.session.commit()
    watchers = {vehicle: Watcher(live_app, talk[1]) for vehicle, talk in talks.items()}
    offered = [row["name"] for row in catalogue.services(key) if row["kind"] != "ask"]
    chance, wrong = random.Random(key), []
    asked = dict.fromkeys(MANNERS, 0)
    shown = dict(asked)
    try:
        for number in range(REPLIES // 2):
            vehicle = list(VEHICLES)[number % 3]
            manner = MANNERS[number // 3 % 3]
            lead_id, conversation_id = talks[vehicle]
            names = chance.sample(offered, MOST_AT_ONCE)
            model = Model(manner, ids, lies_about(key, names, vehicle, chance))
            live_app.extensions["providers_for"] = lambda _, model=model: (model,)
            said = "How much are these?\n" + "\n".join(names)
            posted = posting.post_customer_message(conversation_id, lead_id, said, f"c{number}", "web", NOW)
            watchers[vehicle].answers.clear()
            generation.generate(posted.reply_id, "this")
            whole = wait_for_the_end(watchers[vehicle])
            for event in [*watchers[vehicle].answers, whole]:
                for name, amounts in dollars_read(event, names).items():
                    if amounts and amounts != price(key, name, vehicle):
                        wrong.append((manner, name, amounts, price(key, name, vehicle)))
            asked[manner] += len(names)
            shown[manner] += sum(bool(amounts) for amounts in dollars_read(whole, names).values())
    finally:
        for watcher in watchers.values():
            watcher.stop()
    print(f"\n{key}: prices asked by manner of model {asked}, shown {shown}, wrong {len(wrong)}")
    assert wrong == []
    assert sum(asked.values()) >= 150
    assert shown == {**asked, "liar": 0}
    assert db.session.scalars(select(WithheldSentence.kind).distinct()).all() == ["price"]
    assert db.session.scalars(select(PriceReceipt).where(PriceReceipt.shown_at.is_not(None))).first() is not None
    assert db.session.scalars(select(Conversation).where(Conversation.waiting_since.is_not(None))).first() is not None


def wait_for_the_end(watcher: Watcher) -> str:
    """The event that carries the whole answer."""
    for _ in range(1000):
        for event in watcher.answers:
            if 'aria-busy="false"' in event:
                return event
        threading.Event().wait(0.01)
    raise AssertionError("the answer never came to its end")
