"""One customer of a demo store in front of the proof, without a database: catalogue, tools' facts, calendar."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from app.assistant.facts import Facts, Learned, PriceFact
from app.assistant.gate import Gate
from app.assistant.menu import Entry, Menu, tokens_of
from app.assistant.own_links import OwnLinks
from app.assistant.plain import plain, words_of
from app.assistant.price_proof import Setting
from app.assistant.proof import Failure, Proof
from app.assistant.store_calendar import Calendar
from app.catalog.pricing import Price
from app.sandbox import catalogue

# A Friday, four days before Tuesday, December 1.
NOW = datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("America/New_York"))
HONEST = "I'd rather have the store confirm that price for you."


@dataclass
class World:
    """`store` of the demo company, and a customer with a vehicle of `vehicle_class` named `vehicle`.

    A tool told of work that takes three hours, and of work that takes four; `terms` are the store's own words.
    """

    store: str = "coral-springs"
    vehicle_class: str = "sedan"
    vehicle: str = "2021 Toyota Camry"
    customer: tuple[str, ...] = ()
    language: str = "en"
    facts: Facts = field(default_factory=Facts)
    terms: tuple[tuple[str, str], ...] = (("", "The maker's warranty is 10 years and covers bubbling."),)

    def __post_init__(self):
        self.rows = list(catalogue.services(self.store))
        self.ids = {row["name"]: number for number, row in enumerate(self.rows, 1)}
        self.facts.learn(Learned(durations=(180, 240), terms=self.terms))
        self.menu = Menu(tuple(Entry(self.ids[row["name"]], row["name"], bool(row["classes"])) for row in self.rows))

    def price(self, name: str, vehicle_class: str | None = None) -> Price:
        row = self.row(name)
        cents = row["classes"].get(vehicle_class or self.vehicle_class)
        return Price("exact", cents, None) if cents else Price(row["kind"], row["low"], row["high"])

    def row(self, name: str):
        return self.rows[self.ids[name] - 1]

    def fact(self, name: str, price: Price | None = None, listed: Price | None = None) -> PriceFact:
        classes = self.row(name)["classes"]
        return PriceFact(self.ids[name], name, price or self.price(name), self.vehicle_class if classes else "", listed)

    def told(self, *names: str, asked: bool = False) -> "World":
        """A tool gave these prices; `asked` one by one."""
        facts = tuple(self.fact(name) for name in names)
        self.facts.learn(Learned(prices=facts, asked=tuple(fact.service_id for fact in facts) if asked else ()))
        return self

    def proof(self) -> Proof:
        setting = Setting(
            question=tokens_of(plain(" ".join(self.customer))),
            wanted=tokens_of(plain(" ".join(self.customer))),
            vehicle_class=self.vehicle_class,
            vehicle=frozenset(words_of(plain(self.vehicle))),
            vehicle_name=plain(self.vehicle),
            names=frozenset({"maria"}),
            others=("boulder",) if self.store == "coral-springs" else ("coral springs",),
        )
        return Proof(self.facts, self.menu, setting, Calendar(NOW), self.customer, self.language)

    def judge(self, text: str) -> Failure | None:
        """The first failure of a whole answer, sentence by sentence; None when all of it may be shown."""
        gate = self.gate()
        gate.feed(text)
        gate.flush()
        return gate.failure

    def gate(self, rewrites: int = 1) -> Gate:
        links = OwnLinks(("https://tint.example.com",), "(954) 555-0142")
        return Gate(self.proof(), lambda failure, language: HONEST, links, rewrites)
