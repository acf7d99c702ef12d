"""Orders that polling was shown and could not take in: kept, tried again, and shown to staff."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.shopmonkey import Order, ShopMonkeyError
from app.sync.models import UnreadOrder

# So often it holds the watermark, in case that it is ShopMonkey that is unwell and not the order.
HELD_ATTEMPTS = 3
AT_ONCE = 20
MOST_SHOWN = 100
# Every minute for an hour, then four times an hour, for as long as a usual lead rule would still take the order.
SOON, SOON_ATTEMPTS = timedelta(minutes=1), 60
LATER, MOST_ATTEMPTS = timedelta(minutes=15), 60 + 4 * 71


def failed(company_id: int, order: Order, error: ShopMonkeyError, attempts: int = 1) -> bool:
    """Write the failure down; whether the order is set aside, so that polling may go on without it.

    It is set aside after HELD_ATTEMPTS, of which this failure counts for `attempts`: for all that there are where it is
    hopeless to ask again. Commits nothing.
    """
    row = {"company_id": company_id, "shopmonkey_order_id": order.id, "order_number": order.number}
    row |= {"store": order.location_id, "error": str(error)[:500]}
    row |= {"attempts": MOST_ATTEMPTS if error.permanent else attempts}
    first = insert(UnreadOrder).values(**row)
    again: dict[str, object] = {
        "error": first.excluded.error,
        "attempts": UnreadOrder.attempts + first.excluded.attempts,
    }
    kept = first.on_conflict_do_update(index_elements=["company_id", "shopmonkey_order_id"], set_=again)
    so_far = db.session.scalar(kept.returning(UnreadOrder.attempts)) or attempts
    if so_far < HELD_ATTEMPTS:
        return False
    waits = pause(so_far)
    due = {"set_aside_at": func.coalesce(UnreadOrder.set_aside_at, func.now())}
    _update(_is(company_id, order.id), **due, next_attempt_at=func.now() + waits if waits else None)
    return True


def pause(attempts: int) -> timedelta | None:
    """How long to wait after that many failed attempts; None when only a person has it tried again."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return SOON if attempts < SOON_ATTEMPTS else LATER


def taken(company_id: int, order_ids: Iterable[str]) -> None:
    """Forget failures of orders that have come in after all; the others are tried again at once. Commits nothing.

    ShopMonkey answers again: what failed while it did not should not wait for its turn.
    """
    ids = list(order_ids)
    if ids:
        forget(company_id, ids)
        waiting = (UnreadOrder.company_id == company_id, UnreadOrder.next_attempt_at > func.now())
        _update(*waiting, next_attempt_at=func.now())


def forget(company_id: int, order_ids: Iterable[str]) -> None:
    """Forget failures of orders that have been read. Commits nothing."""
    theirs = (UnreadOrder.company_id == company_id, UnreadOrder.shopmonkey_order_id.in_(list(order_ids)))
    db.session.execute(delete(UnreadOrder).where(*theirs).execution_options(synchronize_session=False))


def forget_held(company_id: int) -> None:
    """Everything was read: what failed before and is not wanted any more leaves no trace. Commits nothing."""
    held = (UnreadOrder.company_id == company_id, UnreadOrder.set_aside_at.is_(None))
    db.session.execute(delete(UnreadOrder).where(*held).execution_options(synchronize_session=False))


def set_aside(company_id: int) -> frozenset[str]:
    """The orders of the company that polling goes on without."""
    aside = (UnreadOrder.company_id == company_id, UnreadOrder.set_aside_at.is_not(None))
    return frozenset(db.session.scalars(select(UnreadOrder.shopmonkey_order_id).where(*aside)))


def due(company_id: int) -> list[Order]:
    """The orders set aside whose time for another attempt has come, the longest waiting first."""
    theirs = (UnreadOrder.company_id == company_id, UnreadOrder.next_attempt_at <= func.now())
    rows = select(UnreadOrder.shopmonkey_order_id, UnreadOrder.store).where(*theirs)
    found = db.session.execute(rows.order_by(UnreadOrder.next_attempt_at).limit(AT_ONCE))
    return [Order(id=order_id, location_id=store) for order_id, store in found]


def unread_orders(allowed: ColumnElement[bool]) -> list[UnreadOrder]:
    """What was set aside among the `allowed`, newest first, a hundred at most."""
    rows = select(UnreadOrder).where(UnreadOrder.set_aside_at.is_not(None), allowed)
    return list(db.session.scalars(rows.order_by(UnreadOrder.created_at.desc()).limit(MOST_SHOWN)))


def read_again(company_id: int, order_id: str) -> None:
    """Have the next poll try the order. Commits nothing."""
    _update(_is(company_id, order_id), next_attempt_at=func.now())


def _is(company_id: int, order_id: str) -> ColumnElement[bool]:
    return (UnreadOrder.company_id == company_id) & (UnreadOrder.shopmonkey_order_id == order_id)


def _update(*which: ColumnElement[bool], **values: object) -> None:
    db.session.execute(update(UnreadOrder).where(*which).values(**values).execution_options(synchronize_session=False))
