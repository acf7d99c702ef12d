"""What is asked of prices, models that answer well and badly, and what a customer reads as a price."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from app.ai.port import CustomerTurn, Event, Prompt, Stop, Text, ToolCall, ToolResult, Usage
from app.catalog.models import ClassPrice, Service
from app.db import db
from app.locations.models import Company, Location
from app.sandbox import catalogue
from tests.factories.locations import make_location

STORES = {"coral-springs": "Coral Springs", "boulder": "Boulder"}
OTHER = {"coral-springs": "boulder", "boulder": "coral-springs"}
VEHICLES = {"Sedan": ("Toyota", "Camry"), "SUV": ("Toyota", "RAV4"), "Truck": ("Ford", "F-150")}
MANNERS = ("tools", "memory", "liar")
MOST_AT_ONCE = 5


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
        return [line for line in questions[-1].splitlines() if line in self.ids][-MOST_AT_ONCE:]

    def _lines(self, prices: dict[str, str]) -> str:
        return "\n".join(f"- **{name}**: {price}" for name, price in prices.items())

    def _say(self, text: str) -> Iterator[Event]:
        for piece in re.findall(r".{1,7}", text, re.S):
            yield Text(piece)


def store(key: str, company: Company) -> tuple[Location, dict[str, int]]:
    """A demo store with its catalogue, and the ids of its services by name."""
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


def lies_about(key: str, names: list[str], vehicle: str, chance: random.Random) -> dict[str, str]:
    """A wrong price of each name: an invented one, or the other store's where it is another."""
    lies = {}
    for name in names:
        tempting = [f"${31 + chance.randrange(9)}.17", *price(OTHER[key], name, vehicle)]
        lies[name] = chance.choice([one for one in tempting if one not in price(key, name, vehicle)])
    return lies
