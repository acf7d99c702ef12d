"""Stores as ShopMonkey knows them, read again a few times a day: one may be renamed, or move."""

from datetime import timedelta

from sqlalchemy import select

from app.db import db
from app.locations.models import Company, Location
from app.locations.stores import refresh_store
from app.shopmonkey import LocationPayload, ShopMonkeyError
from app.sync.clients import clients_of
from app.sync.failures import Failures
from app.sync.turns import keep_turn, turn_at

JOB = "store details"
EVERY = timedelta(hours=6)
SOONER = timedelta(minutes=10)


def refresh_details(company: Company) -> int:
    """Take over names, addresses, zones and phones of the company's stores; how many changed.

    Does nothing but every six hours, or sooner after ShopMonkey could not be asked. Commits. Raises the first
    ShopMonkeyError, after what the other keys show was taken over.
    """
    company_id, account, changed = company.id, company.shopmonkey_id, 0
    found: dict[str, LocationPayload] = {}
    failures = Failures()
    with turn_at(company_id, JOB, SOONER) as turn:
        clients = clients_of(company) if turn else []
        db.session.commit()
        for client in clients:
            if failures.hopeless:
                break
            keep_turn(company_id, JOB)
            db.session.commit()
            try:
                found |= {one.id: one for one in client.locations() if one.company_id in (None, account)}
                failures.went_well()
            except ShopMonkeyError as error:
                failures.add(error)
        for store in db.session.scalars(select(Location).where(Location.company_id == company_id)):
            if store.shopmonkey_id in found:
                changed += refresh_store(store, found[store.shopmonkey_id])
        db.session.commit()
        if turn and (failures.first is None or failures.first.permanent):
            turn.pause = EVERY
    if failures.first:
        raise failures.first
    return changed
