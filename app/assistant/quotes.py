"""The price that a customer was shown stays theirs for the conversation, whatever the price list says meanwhile."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, and_, case, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.assistant.facts import PriceFact
from app.assistant.models import PriceReceipt
from app.assistant.tooling import Desk
from app.catalog.models import ClassPrice, Service
from app.catalog.pricing import Price
from app.catalog.search import offered
from app.db import db


def offered_services(desk: Desk, ids: Iterable[object]) -> list[Service]:
    """Those services of the desk's store that are on offer, in the order of the ids; odd ids find nothing."""
    wanted = [one for one in ids if isinstance(one, int) and not isinstance(one, bool) and 0 < one < 2**63]
    if not wanted:
        return []
    query = select(Service).where(Service.id.in_(wanted), offered(desk.store.location_id))
    found = {service.id: service for service in db.session.scalars(query)}
    return [found[one] for one in wanted if one in found]


def facts_for(desk: Desk, service_ids: Iterable[int]) -> list[PriceFact]:
    """What those services cost this lead, those with a price that is told; keeps it as given."""
    return [fact for fact in facts_of(desk, offered_services(desk, sorted(service_ids))) if fact.price.told]


def facts_of(desk: Desk, services: Sequence[Service]) -> list[PriceFact]:
    """What each service costs this lead. Keeps the prices given now for later; commits nothing.

    A price is the customer's from when the conversation showed it: until then the price list's newer one replaces it.
    What their own order prices, but not for sure, has no other price.
    """
    lead, vehicle_class = desk.lead.lead_id, desk.lead.vehicle_class or ""
    wanted = {
        service.id: Price("to_confirm", None, None, service.currency)
        if service.shopmonkey_id in desk.lead.doubtful
        else service.price_for(vehicle_class)
        for service in services
    }
    kept = _receipts(lead, wanted, vehicle_class)
    theirs = {key: receipt.price for key, receipt in kept.items() if receipt.shown_at is not None}
    same = {key for key, receipt in kept.items() if receipt.price == wanted[key]}
    given = {key: price for key, price in wanted.items() if price.told and key not in theirs and key not in same}
    _keep(lead, vehicle_class, given, desk.now)
    return [
        fact_of(service.id, service.name, theirs.get(service.id, wanted[service.id]), wanted[service.id],
                vehicle_class if service.class_prices else "")
        for service in services
    ]  # fmt: skip


def fact_of(service_id: int, name: str, given: Price, listed: Price, vehicle_class: str) -> PriceFact:
    """The price as it was given; `listed` only where it says something else by now."""
    return PriceFact(service_id, name, given, vehicle_class, None if given == listed else listed)


def facts_before(lead_id: int, vehicle_class: str | None, connection: Connection) -> list[PriceFact]:
    """What this lead may be told without asking a tool again: prices that were shown, or given and still listed."""
    own = and_(ClassPrice.service_id == Service.id, ClassPrice.vehicle_class == PriceReceipt.vehicle_class)
    by_class = ClassPrice.id.is_not(None)
    listed = {
        name: case((by_class, getattr(ClassPrice, name)), else_=getattr(Service, name)).label(f"listed_{name}")
        for name in ("kind", "low_cents", "high_cents")
    }
    still = and_(*(getattr(PriceReceipt, name).is_not_distinct_from(column) for name, column in listed.items()))
    query = (
        select(
            PriceReceipt.service_id, PriceReceipt.vehicle_class, PriceReceipt.kind, PriceReceipt.low_cents,
            PriceReceipt.high_cents, PriceReceipt.currency, Service.name, Service.currency.label("listed_currency"),
            by_class.label("by_class"), *listed.values(),
        )
        .join(Service, Service.id == PriceReceipt.service_id)
        .outerjoin(ClassPrice, own)
        .where(
            PriceReceipt.lead_id == lead_id, PriceReceipt.vehicle_class == (vehicle_class or ""),
            or_(PriceReceipt.shown_at.is_not(None), still), Service.gone_at.is_(None),
        )
        .order_by(PriceReceipt.given_at, PriceReceipt.id)
    )  # fmt: skip
    return [
        fact_of(
            row.service_id, row.name,
            Price(row.kind, row.low_cents, row.high_cents, row.currency),
            Price(row.listed_kind, row.listed_low_cents, row.listed_high_cents, row.listed_currency),
            row.vehicle_class if row.by_class else "",
        )
        for row in connection.execute(query)
    ]  # fmt: skip


def mark_shown(lead_id: int, service_ids: Iterable[int], now: datetime, connection: Connection) -> None:
    """These prices are about to be shown: from now on they are the customer's."""
    ids = [one for one in service_ids if one > 0]
    if ids:
        unshown = (PriceReceipt.lead_id == lead_id, PriceReceipt.service_id.in_(ids), PriceReceipt.shown_at.is_(None))
        connection.execute(update(PriceReceipt).where(*unshown).values(shown_at=now))


def _receipts(lead_id: int, wanted: Iterable[int], vehicle_class: str) -> dict[int, PriceReceipt]:
    query = select(PriceReceipt).where(
        PriceReceipt.lead_id == lead_id,
        PriceReceipt.service_id.in_(list(wanted)),
        PriceReceipt.vehicle_class == vehicle_class,
    )
    return {receipt.service_id: receipt for receipt in db.session.scalars(query)}


def _keep(lead_id: int, vehicle_class: str, prices: dict[int, Price], now: datetime) -> None:
    if not prices:
        return
    rows = [
        {
            "lead_id": lead_id,
            "service_id": service_id,
            "vehicle_class": vehicle_class,
            "kind": price.kind,
            "low_cents": price.low_cents,
            "high_cents": price.high_cents,
            "currency": price.currency,
            "given_at": now,
        }
        for service_id, price in sorted(prices.items())
    ]
    receipt = insert(PriceReceipt).values(rows)
    newer = {name: receipt.excluded[name] for name in ("kind", "low_cents", "high_cents", "currency", "given_at")}
    places = [PriceReceipt.lead_id, PriceReceipt.service_id, PriceReceipt.vehicle_class]
    unshown = PriceReceipt.shown_at.is_(None)
    db.session.execute(receipt.on_conflict_do_update(index_elements=places, set_=newer, where=unshown))
