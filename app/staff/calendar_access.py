"""Which store's calendar is looked at, and what stands in it, or 404."""

from flask import abort, request, session
from sqlalchemy import select

from app.accounts import row_or_404, staff_or_401, visible_locations
from app.booking.models import Appointment, Block
from app.db import db
from app.lib.text import whole_number
from app.locations.models import Location
from app.staff.stores import store_or_404

LAST_STORE = "calendar_store"


def chosen_store() -> Location | None:
    """The store that is asked for (404 where it is not theirs), else the one looked at last, else the first of theirs.

    None where they have no store.
    """
    asked = request.values.get("store", "")
    if asked:
        location_id = whole_number(asked)
        store = abort(404) if location_id is None else store_or_404(location_id)
        session[LAST_STORE] = store.id
        return store
    stores = visible_locations(staff_or_401())
    return next((one for one in stores if one.id == session.get(LAST_STORE)), stores[0] if stores else None)


def chosen_store_or_404() -> Location:
    """The same, for pages that need one."""
    return chosen_store() or abort(404)


def appointment_or_404(public_id: str) -> Appointment:
    """The visit, if it is at a store that the signed-in staff may see."""
    return row_or_404(staff_or_401(), Appointment, public_id)


def block_or_404(block_id: int) -> tuple[Block, Location]:
    """The blocked time and its store, if the signed-in staff may see that."""
    block = db.session.scalar(select(Block).where(Block.id == block_id)) if block_id < 2**63 else None
    if block is None:
        abort(404)
    return block, store_or_404(block.location_id)
