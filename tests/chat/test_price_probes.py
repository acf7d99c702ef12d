"""Three hundred prices asked for at both demo stores, read from the bytes that reach the browser.

The models are scripted: one that uses its tools, one that writes prices from memory and uses them once it is told,
and one that misquotes whatever it is told.
"""

import os
import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from app import chat
from app.ai.failover import breaker_of
from app.ai.port import CustomerTurn, Event, Prompt, Stop, Text, ToolCall, ToolResult, Usage
from app.assistant.brief import forget_stores
from app.assistant.models import PriceReceipt, WithheldSentence
from app.catalog.models import ClassPrice, Service
from app.chat import feed, generation, posting
from app.chat.models import Conversation
from app.db import db
from app.sandbox import catalogue
from tests.chat.test_generation import NOW
from tests.factories.leads import make_lead, make_vehicle
from tests.factories.locations import make_company, make_location

pytestmark = pytest.mark.soak

STORES = {"coral-springs": "Coral Springs", "boulder": "Boulder"}
VEHICLES = {"Sedan": ("Toyota", "Camry"), "SUV": ("Toyota", "RAV4"), "Truck": ("Ford", "F-150")}
AT_ONCE = 5
REPLIES = 150 if os.environ.get("TEST_SCALE") == "full" else 60


def dollars_read(text: str, names: list[str]) -> dict[str, list[str]]:
    """What a customer reads as the price of each name, in a page's HTML or a text message: amounts by line."""
    lines = unescape(re.sub(r"<(?!/?(?:strong|em|b)\b)[^>]*>", "\n", text))
    found: dict[str, list[str]] = {}
    for line in re.sub(r"</?\w+>|\*\*", "", lines).splitlines():
        for name in names:
            if line.strip().startswith(name):
                found[name] = re.findall(r"\$[\d,.]*\d", line[line.index(name) + len(name) :])
    return found


@dataclass
class Model:
    """Is asked for services by name, one a line. `manner`: tools, memory or liar."""

    manner: str
    ids: dict[str, int]
    wrong: dict[str, str]
    name: str = "scripted"
    model: str = "scripted-1"

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        results = [turn for turn in prompt.turns if isinstance(turn, ToolResult)]
        last = prompt.turns[-1]
        told = isinstance(last, CustomerTurn) and last.text.startswith("[")
        if self.manner == "liar":
            yield from self._say(f"Of course, here you go:\n\n{self._lines(self.wrong)}\n\nAnything else?")
        elif isinstance(last, ToolResult):
            wanted = len(self._asked(prompt))
            yield from self._say(f"Here you go:\n\n{''.join(f'- {one.content}{chr(10)}' for one in results[-wanted:])}")
        elif self.manner == "tools" or told:
            for number, name in enumerate(self._asked(prompt), 1):
                yield ToolCall(f"t{len(prompt.turns)}-{number}", "price_for_vehicle", {"service_id": self.ids[name]})
            yield Stop("tools", Usage(100, 20), self.model, "request-1")
            return
        else:
            asked = {name: self.wrong[name] for name in self._asked(prompt)}
            yield from self._say(f"From memory:\n\n{self._lines(asked)}\n")
        yield Stop("end", Usage(100, 20), self.model, "request-1")

    def _asked(self, prompt: Prompt) -> list[str]:
        questions = [turn.text for turn in prompt.turns if isinstance(turn, CustomerTurn) and "[" not in turn.text[:1]]
        return [line for line in questions[-1].splitlines() if line in self.ids][-AT_ONCE:]

    def _lines(self, prices: dict[str, str]) -> str:
        return "\n".join(f"- **{name}**: {price}" for name, price in prices.items())

    def _say(self, text: str) -> Iterator[Event]:
        for piece in re.findall(r".{1,7}", text, re.S):
            yield Text(piece)


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


def store(key: str, company: object) -> tuple[object, dict[str, int]]:
    location = make_location(company, name=f"Tint World {STORES[key]}", city=STORES[key])
    ids = {}
    for row in catalogue.services(key):
        service = Service(
            company_id=location.company_id, location_id=location.id, shopmonkey_id=row["id"], name=row["name"],
            category=row["category"], kind=row["kind"], low_cents=row["low"], high_cents=row["high"],
        )  # fmt: skip
        service.class_prices = [
            ClassPrice(vehicle_class=name, kind="exact", low_cents=cents) for name, cents in row["classes"].items()
        ]
        db.session.add(service)
        db.session.flush()
        ids[row["name"]] = service.id
    return location, ids


def price(key: str, name: str, vehicle: str) -> list[str]:
    """The amounts of the true price, by the demo's own file."""
    row = next(row for row in catalogue.services(key) if row["name"] == name)
    cents = row["classes"].get(vehicle.lower())
    amounts = [cents] if cents else [row["low"], row["high"] if row["kind"] == "range" else None]
    return [f"${one // 100:,}" for one in amounts if one]


@pytest.mark.parametrize("key", STORES)
def test_every_price_that_reaches_the_browser_is_exact(live_app: Flask, key: str) -> None:
    forget_stores()
    breaker_of("scripted").succeeded()
    company = make_company()
    places = {one: store(one, company) for one in STORES}
    location, ids = places[key]
    other = "boulder" if key == "coral-springs" else "coral-springs"
    leads = {
        vehicle: make_lead(location, vehicle=make_vehicle(company, type=vehicle, make=make, model=model))
        for vehicle, (make, model) in VEHICLES.items()
    }
    talks = {vehicle: (lead.id, chat.open_conversation(lead).id) for vehicle, lead in leads.items()}
    db.session.commit()
    watchers = {vehicle: Watcher(live_app, talk[1]) for vehicle, talk in talks.items()}
    chance, wrong = random.Random(key), []
    asked = dict.fromkeys(("tools", "memory", "liar"), 0)
    shown = dict(asked)
    try:
        for number in range(REPLIES // 2):
            vehicle = list(VEHICLES)[number % 3]
            manner = list(shown)[number // 3 % 3]
            lead_id, conversation_id = talks[vehicle]
            names = chance.sample([row["name"] for row in catalogue.services(key) if row["kind"] != "ask"], AT_ONCE)
            lies = {name: chance.choice([f"${number + 31}", *price(other, name, vehicle)]) for name in names}
            model = Model(manner, ids, lies)
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
