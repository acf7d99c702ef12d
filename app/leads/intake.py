"""Keeping what another system knows of customers, vehicles and requested services: newest version wins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.leads.models import Customer, Lead, RequestedService, Vehicle


@dataclass(frozen=True)
class Line:
    """One line of an order. `price_cents` is None where the order names no price, or none for sure (`to_confirm`)."""

    shopmonkey_id: str
    name: str
    canned_service_id: str | None
    price_cents: int | None
    to_confirm: bool = False


def keep_customer(company_id: int, values: dict[str, Any], read_at: datetime) -> Customer:
    """The company's customer with `values["shopmonkey_id"]`, made or updated; older values change nothing."""
    customer: Customer = _keep(Customer, company_id, values)
    customer.read_at = read_at
    return customer


def keep_vehicle(company_id: int, values: dict[str, Any]) -> Vehicle:
    """The company's vehicle with `values["shopmonkey_id"]`, made or updated; older values change nothing."""
    return _keep(Vehicle, company_id, values)


def _keep(model: type[Any], company_id: int, values: dict[str, Any]) -> Any:
    statement = insert(model).values(company_id=company_id, **values)
    given = statement.excluded
    update = statement.on_conflict_do_update(
        index_elements=["company_id", "shopmonkey_id"],
        set_={name: given[name] for name in values if name != "shopmonkey_id"},
        where=or_(
            model.shopmonkey_version.is_(None),
            given.shopmonkey_version.is_(None),
            given.shopmonkey_version >= model.shopmonkey_version,
        ),
    )
    db.session.execute(update)
    return db.session.execute(
        select(model)
        .where(model.company_id == company_id, model.shopmonkey_id == values["shopmonkey_id"])
        .execution_options(populate_existing=True)
    ).scalar_one()


def lock_order(company_id: int, order_id: str) -> Lead | None:
    """The order's lead, its row held; None where it has none. Nobody else takes the order until the commit."""
    key = f"order:{company_id}:{order_id}"
    db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    return db.session.execute(
        select(Lead)
        .where(Lead.company_id == company_id, Lead.shopmonkey_order_id == order_id)
        .with_for_update(of=Lead, key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def replace_services(lead: Lead, lines: list[Line]) -> None:
    """Make the lead's requested services exactly these lines, in this order."""
    known = {service.shopmonkey_id: service for service in lead.services}
    kept = []
    for position, line in enumerate({line.shopmonkey_id: line for line in lines}.values()):
        service = known.get(line.shopmonkey_id) or RequestedService(shopmonkey_id=line.shopmonkey_id)
        service.name, service.canned_service_id = line.name, line.canned_service_id
        service.price_cents, service.to_confirm, service.position = line.price_cents, line.to_confirm, position
        kept.append(service)
    lead.services = kept
