"""Why an order is (not) a lead, and what another rule would make of the orders of the last days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.locations.models import Company
from app.shopmonkey import Order, ShopMonkeyPort
from app.sync.clients import clients_of
from app.sync.lead_rule import Check, Rule, checks
from app.sync.reading import read_order
from app.sync.rules import Judge, rule_of

LOOKED_BACK = timedelta(days=7)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Explanation:
    """What the rule says of one order now, and the lead that it is, whatever the rule says now."""

    order: Order
    checks: list[Check]
    lead_public_id: str | None

    @property
    def by_rule(self) -> bool:
        """Whether the rule would make it a lead."""
        return all(check.passed for check in self.checks)

    @property
    def why(self) -> str:
        """The first thing against it, else that nothing is."""
        return next((check.words for check in self.checks if not check.passed), "nothing speaks against it")


@dataclass(frozen=True)
class Preview:
    """Orders of the last days as a rule judges them by the time when they came in. `total` is how many there were."""

    found: list[Explanation]
    total: int

    @property
    def matched(self) -> int:
        return sum(one.by_rule for one in self.found)


def explain(company: Company, asked: str, now: datetime) -> list[Explanation]:
    """The orders with that number or id, as the company's rule judges them; empty where ShopMonkey has none.

    Commits; no transaction is open while it waits. Raises ShopMonkeyError.
    """
    company_id, rule, clients = company.id, rule_of(company.id), clients_of(company)
    db.session.commit()
    found: dict[str, Explanation] = {}
    for client in clients:
        for order in _named(client, asked):
            found.setdefault(order.id, _explained(Judge(company_id, client, rule), order, now))
    return list(found.values())


def preview(company: Company, rule: Rule, now: datetime) -> Preview:
    """What `rule` makes of up to a hundred orders of the last week. Commits; raises ShopMonkeyError."""
    company_id, clients = company.id, clients_of(company)
    db.session.commit()
    found, total = [], 0
    for client in clients:
        page = client.orders_created(now - LOOKED_BACK, now)
        total += page.total
        judge = Judge(company_id, client, rule)
        found += [_explained(judge, order, order.created_at or now) for order in page.orders]
    found.sort(key=lambda one: one.order.created_at or now, reverse=True)
    return Preview(found[:MOST_SHOWN], total)


def _named(client: ShopMonkeyPort, asked: str) -> Iterator[Order]:
    if asked.isdigit():
        yield from client.orders_numbered(asked)
    order = read_order(client, asked)
    if order is not None:
        yield order


def _explained(judge: Judge, order: Order, now: datetime) -> Explanation:
    column = judge.column(order, now)
    lead = select(Lead.public_id).where(Lead.company_id == judge.company_id, Lead.shopmonkey_order_id == order.id)
    public_id = db.session.scalar(lead)
    db.session.commit()
    return Explanation(order, list(checks(order, judge.rule, column, now)), public_id)
