"""The bays of a store."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.booking.models import ABILITIES, Appointment, Bay
from app.db import db

MOST_BAYS = 40
LONGEST_NAME = 40


class BaysRefused(ValueError):
    """These bays cannot be a store's; the message says why."""


@dataclass(frozen=True, slots=True)
class BayPlan:
    """A bay as somebody wants it. `bay_id` is None for a new one."""

    name: str
    abilities: tuple[str, ...]
    bay_id: int | None = None


def bays_of(location_id: int) -> list[Bay]:
    """The store's bays in the order of their making."""
    return list(db.session.scalars(select(Bay).where(Bay.location_id == location_id).order_by(Bay.id)))


def check_bays(plans: Sequence[BayPlan]) -> None:
    """Raises BaysRefused for a name that is missing, too long or given twice, or a bay that can do nothing."""
    names = [plan.name.casefold() for plan in plans]
    if len(plans) > MOST_BAYS:
        raise BaysRefused(f"A store has at most {MOST_BAYS} bays here.")
    for plan in plans:
        if not plan.name or len(plan.name) > LONGEST_NAME:
            raise BaysRefused(f"A bay needs a name of at most {LONGEST_NAME} characters.")
        if names.count(plan.name.casefold()) > 1:
            raise BaysRefused(f"Two bays are called {plan.name}.")
        if not plan.abilities:
            raise BaysRefused(f"Say what can be done in {plan.name}.")
        if odd := set(plan.abilities) - set(ABILITIES):
            raise BaysRefused(f"{', '.join(sorted(odd))}: choose from {', '.join(ABILITIES)}.")


def save_bays(location_id: int, plans: Iterable[BayPlan]) -> list[Bay]:
    """Make the store's bays exactly `plans`: those named by id stay themselves, the others go.

    Raises BaysRefused, also for one that would go with a visit booked in it.
    """
    plans = list(plans)
    check_bays(plans)
    there = {bay.id: bay for bay in bays_of(location_id)}
    kept = {plan.bay_id for plan in plans if plan.bay_id in there}
    for bay_id in set(there) - kept:
        _refuse_if_needed(there[bay_id])
        db.session.delete(there[bay_id])
    # Two bays that swap their names would meet each other in the unique index.
    for bay_id in kept:
        there[bay_id].name = f"\u2026{bay_id}"
    db.session.flush()
    for plan in plans:
        bay = there[plan.bay_id] if plan.bay_id in kept else Bay(location_id=location_id)
        bay.name, bay.abilities = plan.name, [one for one in ABILITIES if one in plan.abilities]
        db.session.add(bay)
        db.session.flush()
    return bays_of(location_id)


def _refuse_if_needed(bay: Bay) -> None:
    visits = select(Appointment.id).where(
        Appointment.bay_id == bay.id, Appointment.status == "booked", Appointment.busy_until > func.now()
    )
    if db.session.scalar(visits.limit(1)) is not None:
        raise BaysRefused(f"Visits are booked in {bay.name}. Move them first.")
