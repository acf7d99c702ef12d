"""Every scenario at every store, several times, by one provider after another."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from flask import Flask
from sqlalchemy import select

from app.ai.failover import breaker_of
from app.ai.port import Provider
from app.db import db
from app.locations.models import Location
from app.trials.casting import Cast, NotThere, cast_at
from app.trials.judging import judge
from app.trials.playing import play
from app.trials.record import Record
from app.trials.scenario import Scenario
from app.trials.scores import Finding, Score, Tries
from app.trials.scripted_bad import SCRIPTED, BreaksOff

Watch = Callable[[str, int, Sequence[Finding]], None]


def casts(scenarios: Iterable[Scenario]) -> tuple[list[Cast], dict[str, str]]:
    """The scenarios at the stores of this database, and why some are left out.

    Those of a category are played at each store, others at one in turn; what one store has not, at the next.
    """
    stores = list(db.session.scalars(select(Location).order_by(Location.id)))
    found: list[Cast] = []
    skipped: dict[str, str] = {}
    for number, scenario in enumerate(scenarios):
        if scenario.each:
            found += [cast for store in stores for cast in cast_at(scenario, store)]
            continue
        at = number % len(stores)
        for store in (*stores[at:], *stores[:at]):
            try:
                found += cast_at(scenario, store)
                skipped.pop(scenario.name, None)
                break
            except NotThere as missing:
                skipped[scenario.name] = str(missing)
    db.session.rollback()
    return found, skipped


def run(
    app: Flask,
    every: Sequence[Cast],
    skipped: dict[str, str],
    provider: Provider,
    runs: int,
    watch: Watch | None = None,
) -> Score:
    """The provider's score over these; `watch` hears of every try. `provider` may be a scripted model."""
    skipped, tries, records = dict(skipped), [], []
    label = "?"
    for cast in every:
        findings = []
        for number in range(runs):
            try:
                record, found = one_try(app, cast, provider)
            except NotThere as missing:
                skipped[cast.name] = str(missing)
                break
            records.append(record)
            findings.append(found)
            label = record.prompt_version or label
            if watch is not None:
                watch(cast.name, number + 1, found)
        if findings:
            tries.append(Tries(cast.name, tuple(findings)))
    live = not provider.name.startswith("scripted")
    withheld = sum(one.withheld for one in records)
    return Score(provider.name, provider.model, live, label, tries, _cost(records), withheld, skipped)


def one_try(app: Flask, cast: Cast, provider: Provider) -> tuple[Record, tuple[Finding, ...]]:
    """Play and judge once. Raises NotThere."""
    breaker_of(provider.name).succeeded()
    others = (provider.stand_in,) if isinstance(provider, BreaksOff) else ()
    record = play(app, cast, provider, others)
    return record, judge(cast, record)


def scripted(names: Iterable[str] = ()) -> Iterator[Provider]:
    """New scripted models of those names; all of them without any."""
    for name in names or SCRIPTED:
        yield SCRIPTED[name]()


def _cost(records: Sequence[Record]) -> Decimal | None:
    costs = [one.cost for one in records]
    return None if None in costs else sum((cost for cost in costs if cost is not None), Decimal(0))
