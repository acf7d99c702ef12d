"""Numbers that cannot receive SMS, and mailboxes that take no mail, as providers told us."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.messaging.consents import normal_address
from app.messaging.failures import BAD_NUMBERS, STRIKES, UNREACHABLE
from app.messaging.models import BadNumber, Delivery, DeliveryEvent

WHY = {**BAD_NUMBERS, UNREACHABLE: "the phone was out of reach again and again"}


def bad_number(company_id: int, address: str) -> str | None:
    """Why nothing is sent to this number or mailbox, in plain words; None where nothing is known against it."""
    known = select(BadNumber.code).where(BadNumber.company_id == company_id, BadNumber.address == _normal(address))
    found = db.session.execute(known).one_or_none()
    return None if found is None else why_bad(address, found.code)


def why_bad(address: str, code: str | None) -> str:
    """What the provider's error says of a number or mailbox that is known as bad, in plain words."""
    if "@" in address:
        return f"This mailbox takes no mail: it came back with status {code}"
    why = WHY.get(code or "", f"error {code}" if code else "the provider said so")
    return f"This number cannot receive texts: {why}"


def mark_bad(company_id: int, address: str, code: str | None, at: datetime) -> None:
    """Keep that this number or mailbox cannot be reached; what is known of it already stays."""
    values = {"company_id": company_id, "address": _normal(address), "code": code, "since": at}
    db.session.execute(insert(BadNumber).values(values).on_conflict_do_nothing())


def forget_bad(company_ids: Collection[int], address: str) -> None:
    """Somebody wrote to these companies from there: it can be reached, whatever a provider said."""
    db.session.execute(
        delete(BadNumber).where(BadNumber.company_id.in_(company_ids), BadNumber.address == _normal(address))
    )


def out_of_reach(delivery: Delivery) -> bool:
    """Whether texts to this number were out of reach as often as is taken for good, since one last arrived."""
    theirs = (Delivery.company_id == delivery.company_id, Delivery.recipient == delivery.recipient)
    events = select(DeliveryEvent).join(Delivery, Delivery.id == DeliveryEvent.delivery_id).where(*theirs)
    arrived = events.where(DeliveryEvent.status == "delivered").with_only_columns(func.max(DeliveryEvent.at))
    strikes = events.with_only_columns(func.count()).where(
        DeliveryEvent.error_code == UNREACHABLE,
        DeliveryEvent.at > func.coalesce(arrived.scalar_subquery(), text("'-infinity'::timestamptz")),
    )
    return (db.session.scalar(strikes) or 0) >= STRIKES


def _normal(address: str) -> str:
    return normal_address("email" if "@" in address else "sms", address)
