"""The demo company's data files: stores, staff, leads, example customers, and each store's hundred services."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"


@cache
def company() -> dict[str, Any]:
    """The company with its stores and staff."""
    found: dict[str, Any] = json.loads((DATA / "company.json").read_text())
    return found


@cache
def demo_leads() -> tuple[dict[str, Any], ...]:
    """The leads that are there from the start."""
    return tuple(json.loads((DATA / "leads.json").read_text()))


@cache
def demo_visits() -> tuple[dict[str, Any], ...]:
    """The callers who are in the calendar from the start."""
    return tuple(json.loads((DATA / "visits.json").read_text()))


@cache
def examples() -> tuple[dict[str, Any], ...]:
    """The customers whose order one press of a button places."""
    return tuple(json.loads((DATA / "examples.json").read_text()))


@cache
def services(store_key: str) -> tuple[dict[str, Any], ...]:
    """A store's services: the one source of ShopMonkey's canned services and of our own rows."""
    with (DATA / f"services-{store_key}.csv").open(newline="") as file:
        return tuple(_service(row) for row in csv.DictReader(file))


def service(store_key: str, slug: str) -> dict[str, Any]:
    """One service of the store. Raises KeyError where it has none of that name."""
    return {row["id"]: row for row in services(store_key)}[f"{store_key}-{slug}"]


def store(key: str) -> dict[str, Any]:
    """One store. Raises KeyError for an unknown one."""
    found: dict[str, Any] = {row["key"]: row for row in company()["stores"]}[key]
    return found


def _service(row: dict[str, str]) -> dict[str, Any]:
    pairs = (part.split("=") for part in row["classes"].split())
    return {
        **row,
        "minutes": int(row["minutes"]) if row["minutes"] else None,
        "low": int(row["low"]) if row["low"] else None,
        "high": int(row["high"]) if row["high"] else None,
        "classes": {name: int(cents) for name, cents in pairs},
    }
