"""What ShopMonkey does not know of a store, as flags say it or as somebody answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import click

from app.booking.bays import BayPlan, BaysRefused, bays_of, check_bays, save_bays
from app.booking.models import ABILITIES
from app.db import db
from app.locations.hours import Stretch
from app.locations.models import Location
from app.locations.week import HoursRefused, parse_week
from app.locations.writing import LOOK, SENDERS, write_hours, write_settings
from app.sync.onboarding import OnboardingRefused


@dataclass(frozen=True, slots=True)
class Given:
    """What was said; None or empty leaves a store as it is."""

    hours: list[Stretch] | None
    bays: list[BayPlan]
    settings: dict[str, str]


def given_settings(given: Mapping[str, Any]) -> Given:
    """The flags, checked as far as they can be without a store. Raises OnboardingRefused, HoursRefused, BaysRefused."""
    hours = given.get("hours")
    settings = {name: given[name] for name in (*LOOK, *SENDERS) if given.get(name) is not None}
    bays = [_bay(text) for text in given.get("bays", ())]
    check_bays(bays)
    return Given(None if hours is None else _week(hours), bays, settings)


def settle(store: Location, given: Given) -> None:
    """Write what was given. Bays of the same names stay themselves. Raises SettingsRefused."""
    write_settings(store, given.settings)
    if given.hours is not None:
        write_hours(store, given.hours)
    if given.bays:
        ids = {bay.name: bay.id for bay in bays_of(store.id)}
        save_bays(store.id, [BayPlan(plan.name, plan.abilities, ids.get(plan.name)) for plan in given.bays])


def ask_for_missing(location_id: int, given: Given) -> None:
    """Ask for hours and bays where neither flag nor table has them; an empty answer leaves them for later. Commits."""
    store = db.session.get_one(Location, location_id)
    name, hours_known = store.name, bool(store.hours or given.hours)
    bays_known = bool(bays_of(location_id) or given.bays)
    db.session.commit()
    hours = None if hours_known else _asked(f"Hours of {name}, as in Mon-Fri 9-18; Sat 9-15 (empty: later)", _week)
    bays = None if bays_known else _asked(f"Bays of {name}, as in Tint 1: tint, film; Lift: lift (empty: later)", _bays)
    if hours:
        write_hours(db.session.get_one(Location, location_id), hours)
    if bays:
        save_bays(location_id, bays)
    db.session.commit()


def _asked(question: str, parse: Any) -> Any:
    while answer := click.prompt(question, default="", show_default=False).strip():
        try:
            return parse(answer)
        except (OnboardingRefused, HoursRefused, BaysRefused) as refusal:
            click.echo(str(refusal))
    return None


def _week(text: str) -> list[Stretch]:
    try:
        return parse_week(text)
    except HoursRefused:
        raise
    except ValueError as error:
        raise OnboardingRefused(f"hours: {error}") from error


def _bay(text: str) -> BayPlan:
    name, _, abilities = text.partition(":")
    named = tuple(one.strip().lower() for one in abilities.split(",") if one.strip())
    return BayPlan(" ".join(name.split()), named or ABILITIES)


def _bays(text: str) -> list[BayPlan]:
    plans = [_bay(part) for part in text.split(";") if part.strip()]
    check_bays(plans)
    return plans
