"""Which lead somebody means who writes to us."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import lazyload

from app.db import db
from app.leads.models import Customer, Lead


def lead_of_phone(
    phone: str, company_ids: Sequence[int] | None = None, location_ids: Sequence[int] | None = None
) -> Lead | None:
    """That person's newest open lead at these stores, else their newest; `phone` is E.164, None means any store."""
    return _newest(Customer.phone == phone, company_ids, location_ids)


def lead_of_email(address: str, company_id: int) -> Lead | None:
    """That person's newest open lead at the company, else their newest."""
    return _newest(func.lower(Customer.email) == address.lower(), (company_id,), None)


def lead_of_public_id(public_id: str) -> Lead | None:
    """The lead that an address of ours names."""
    return db.session.scalar(select(Lead).where(Lead.public_id == public_id))


def _newest(
    theirs: ColumnElement[bool], company_ids: Sequence[int] | None, location_ids: Sequence[int] | None
) -> Lead | None:
    query = select(Lead).join(Customer, Customer.id == Lead.customer_id).where(theirs)
    if company_ids is not None:
        query = query.where(Lead.company_id.in_(company_ids))
    if location_ids is not None:
        query = query.where(Lead.location_id.in_(location_ids))
    closed = Lead.stage.in_(("won", "lost"))
    ordered = query.options(lazyload("*")).order_by(closed, Lead.created_at.desc(), Lead.id.desc())
    return db.session.scalars(ordered.limit(1)).first()
