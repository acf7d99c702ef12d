"""The scripted customers as data: read from `scenarios/*.toml`, checked when read."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent / "scenarios"
# A Monday morning in winter, by the store's clock: nothing special about it.
USUAL_NOW = datetime(2026, 11, 30, 10)  # noqa: DTZ001 - each store has its own zone
LANGUAGES = ("en", "es", "fr")
STATES = ("offered", "booked", "moved", "cancelled", "handed_over")
EXPECTED = {
    "price": list, "total": list, "no_price": list, "appointment": dict, "handed_over": bool, "opted_out": bool,
    "language": str, "answers": int, "mentions": list, "never": list, "upsell_at_most": int,
}  # fmt: skip


class ScenarioError(ValueError):
    """A scenario that cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What the customer does next: one message or a burst of them, or `wait_hours` of silence.

    With `until` the turn is left out once that has happened, and repeated up to `most` times until it has. `good` is
    what a good model does about it, for the scripted one.
    """

    say: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    by: str = "web"
    until: str | None = None
    most: int = 1
    wait_hours: float = 0


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scripted customer. `services` maps a key to how its service is found in a store's catalogue.

    `each` is category where the scenario is to be played for a service of every category. `now` is by the store's
    clock. `order` are the keys on the customer's own order, `order_cents` its price for each. `booked` is when they
    have a visit already, for the service `service`. `other` puts another customer with a visit into the store.
    """

    name: str
    turns: tuple[Turn, ...]
    expect: Mapping[str, Any]
    services: Mapping[str, str] = field(default_factory=dict)
    each: str | None = None
    vehicle: str = "sedan"
    language: str = "en"
    now: datetime = USUAL_NOW
    order: tuple[str, ...] = ()
    order_cents: int | None = None
    booked: datetime | None = None
    other: bool = False


@cache
def scenarios() -> tuple[Scenario, ...]:
    """All of them, by file and in its order. Raises ScenarioError."""
    found = [
        _scenario(data, path.stem)
        for path in sorted(FOLDER.glob("*.toml"))
        for data in tomllib.loads(path.read_text())["scenario"]
    ]
    names = [one.name for one in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ScenarioError(f"two scenarios are named {min(twice)!r}")
    return tuple(found)


def chosen(patterns: Sequence[str]) -> tuple[Scenario, ...]:
    """Those whose name holds one of the patterns; all without any. Raises ScenarioError where one fits none."""
    every = scenarios()
    for pattern in patterns:
        if not any(pattern.lower() in one.name.lower() for one in every):
            raise ScenarioError(f"no scenario is named like {pattern!r}")
    if not patterns:
        return every
    return tuple(one for one in every if any(pattern.lower() in one.name.lower() for pattern in patterns))


def _scenario(data: dict[str, Any], theme: str) -> Scenario:
    name = f"{theme}: {data.get('name')}"
    try:
        given = {**data, "name": name, "turns": tuple(_turn(one) for one in data["turns"])}
        given["order"] = tuple(data.get("order", ()))
        scenario = Scenario(**given)
    except (KeyError, TypeError) as error:
        raise ScenarioError(f"{name}: {error}") from error
    _check(scenario)
    return scenario


def _turn(data: dict[str, Any]) -> Turn:
    said = data.get("say", ())
    turn = {**data, "say": (said,) if isinstance(said, str) else tuple(said), "good": tuple(data.get("good", ()))}
    return Turn(**turn)


def _check(scenario: Scenario) -> None:
    wrong = [key for key, value in scenario.expect.items() if not isinstance(value, EXPECTED.get(key, ()))]
    keys = {*scenario.services, *(("service",) if scenario.each else ())}
    named = {*scenario.order, *(key for one in ("price", "total", "no_price") for key in scenario.expect.get(one, ()))}
    problems = {
        f"unknown expectation {', '.join(wrong)}": bool(wrong),
        "expects nothing": not scenario.expect,
        "says nothing": not any(turn.say for turn in scenario.turns),
        f"unknown service {', '.join(named - keys)}": not named <= keys,
        "unknown language": scenario.language not in LANGUAGES,
        "unknown state": any(turn.until not in (None, *STATES) for turn in scenario.turns),
        "a visit needs a service": scenario.booked is not None and "service" not in keys,
    }
    for problem, is_so in problems.items():
        if is_so:
            raise ScenarioError(f"{scenario.name}: {problem}")
