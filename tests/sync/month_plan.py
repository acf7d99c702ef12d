"""What happens in the simulated month: orders, their lives, the outage. Made from a seed, nothing is left to chance."""

import random
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

Fields = dict[str, Any]

LEAD_COLUMN = "Website Leads"
COLUMNS = (LEAD_COLUMN, "In Progress", "Done")
DAYS = 30
# A life's first turn comes this long after the order: the order has been seen by then, whatever was dropped.
FIRST_TURN = timedelta(hours=60)
# Some orders of these days come into the leads' column so long after they were made, and no webhook tells of it.
SLOW_DAYS = (timedelta(days=3), timedelta(days=9))
SLOW_FOR = timedelta(hours=12)
LAST_ORDER = timedelta(days=DAYS - 5)
OUTAGE = (timedelta(days=11, hours=9), timedelta(days=11, hours=15))


@dataclass(frozen=True)
class Scale:
    stores: int
    orders: int
    services: int
    tick: timedelta
    workers: int
    kill_every: int
    # Seconds that polling may take to catch up, and the end to settle.
    patience: float


SCALES = {
    "small": Scale(8, 200, 20, timedelta(hours=12), 2, 15, 60.0),
    "medium": Scale(40, 3_000, 40, timedelta(hours=2), 3, 12, 600.0),
    "full": Scale(200, 20_000, 100, timedelta(hours=1), 3, 12, 1200.0),
}


@dataclass(frozen=True, order=True)
class Change:
    """What somebody at the shop does to an order. `fields` of None takes the row away for good.

    One that is not `told` reaches us by no webhook.
    """

    at: timedelta
    order_id: str = field(compare=False)
    fields: Fields | None = field(compare=False)
    told: bool = field(default=True, compare=False)


@dataclass(frozen=True)
class Plan:
    scale: Scale
    orders: dict[str, Fields]
    arrivals: list[tuple[timedelta, str]]
    changes: list[Change]
    leads: frozenset[str]
    # Told at once of their making and of a first change, so that two workers meet at them.
    hurried: frozenset[str]
    # Made, but shown only after the next poll, and told by no webhook.
    late: frozenset[str]


def store_id(number: int) -> str:
    return f"store-{number:03}"


def column_id(store: int, name: str) -> str:
    return f"column-{store:03}-{COLUMNS.index(name)}"


def make_plan(scale: Scale, seed: int) -> Plan:
    dice = random.Random(seed)
    orders, arrivals, changes, leads, hurried, late = {}, [], [], set(), set(), set()
    for number in range(scale.orders):
        order_id, at = f"order-{number:05}", dice.random() * LAST_ORDER
        orders[order_id] = _order(dice, scale, number)
        arrivals.append((at, order_id))
        if _is_lead(orders[order_id]):
            leads.add(order_id)
        elif number % 4 == 3 and _is_slow(orders[order_id], at):
            leads.add(order_id)
            changes.append(Change(at + SLOW_FOR, order_id, _in_lead_column(orders[order_id]), told=False))
        if number % 4 == 0:
            hurried.add(order_id)
        elif number % 20 == 1:
            late.add(order_id)
        changes += _life(dice, scale, order_id, at)
    return Plan(scale, orders, sorted(arrivals), sorted(changes), frozenset(leads), frozenset(hurried), frozenset(late))


def outage_holds(at: timedelta) -> bool:
    return OUTAGE[0] <= at < OUTAGE[1]


def _order(dice: random.Random, scale: Scale, number: int) -> Fields:
    store = dice.randrange(scale.stores)
    column = LEAD_COLUMN if dice.random() < 0.85 else dice.choice(COLUMNS[1:])
    odd = dice.choice([{"status": "RepairOrder"}, {"imported": True}, {"authorized": True}])
    return {
        "number": str(1000 + number),
        "name": "New Quote Auto Window Tinting",
        "status": "Estimate",
        "locationId": store_id(store),
        "workflowStatusId": column_id(store, column),
        "customerId": f"customer-{number:05}",
        "vehicleId": f"vehicle-{number % 50}",
        **(odd if dice.random() < 0.1 else {}),
    }


def _is_slow(order: Fields, at: timedelta) -> bool:
    return SLOW_DAYS[0] <= at < SLOW_DAYS[1] and _is_lead(order | _in_lead_column(order))


def _in_lead_column(order: Fields) -> Fields:
    return {"workflowStatusId": column_id(int(order["locationId"].removeprefix("store-")), LEAD_COLUMN)}


def _is_lead(order: Fields) -> bool:
    plain = order["status"] == "Estimate" and not order.get("imported") and not order.get("authorized")
    return plain and order["workflowStatusId"].endswith(f"-{COLUMNS.index(LEAD_COLUMN)}")


def _life(dice: random.Random, scale: Scale, order_id: str, born: timedelta) -> list[Change]:
    other_store = store_id(dice.randrange(scale.stores))
    authorized, invoiced = {"authorized": True, "status": "RepairOrder"}, {"invoiced": True, "status": "Invoice"}
    paid, archived, deleted = {"paid": True}, {"archived": True}, {"deleted": True}
    lives: list[list[Fields | None]] = [
        [], [], [{"name": "New Quote, called back"}], [authorized], [authorized, invoiced],
        [authorized, invoiced, paid, archived], [invoiced], [archived], [archived, {"archived": False}],
        [deleted], [deleted, {"authorized": True}], [None], [{"locationId": other_store}],
        [{"locationId": other_store}, authorized], [paid, {"locationId": other_store}], [authorized, deleted],
    ]  # fmt: skip
    turns, at = [], born + FIRST_TURN
    for fields in dice.choice(lives):
        at += timedelta(hours=dice.random() * 6)
        turns.append(Change(at, order_id, fields))
    return turns


def right_stage(order: Fields | None) -> str:
    """The stage that the order's own fields ask for; None stands for an order that is gone."""
    if order is None or order["deleted"]:
        return "lost"
    if order["paid"] or order["invoiced"]:
        return "won"
    if order["archived"]:
        return "lost"
    return "booked" if order["authorized"] else "open"
