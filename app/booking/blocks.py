"""Time that staff keep free: a bay, or all of the store, for a while."""

from datetime import datetime, timedelta

from app.booking.bays import bays_of
from app.booking.locks import bays_held
from app.booking.models import Block
from app.db import db

LONGEST = timedelta(days=366)
LONGEST_WHY = 200


class BlockRefused(ValueError):
    """This time cannot be blocked; the message says why."""


def add_block(
    location_id: int, starts_at: datetime, ends_at: datetime, bay_id: int | None, why: str, by: str, now: datetime
) -> Block:
    """Keep the bay (None: every bay) free from then to before `ends_at`. Visits that stand there already stay.

    Nothing is booked into it meanwhile: it is written under the bays' locks. Flushes. Raises BlockRefused.
    """
    why = " ".join(why.split())
    if not why or len(why) > LONGEST_WHY:
        raise BlockRefused(f"Say in at most {LONGEST_WHY} characters why.")
    if ends_at <= starts_at:
        raise BlockRefused("It ends before it begins.")
    if ends_at <= now:
        raise BlockRefused("That time is past.")
    if ends_at - starts_at > LONGEST:
        raise BlockRefused("That is longer than a year. To close for good, change the hours or the bays.")
    if bay_id is not None and bay_id not in {bay.id for bay in bays_of(location_id)}:
        raise BlockRefused("The store has no such bay.")
    block = Block(location_id=location_id, bay_id=bay_id, starts_at=starts_at, ends_at=ends_at, why=why, by=by)
    with bays_held(location_id, now):
        db.session.add(block)
        db.session.flush()
    return block


def remove_block(block: Block) -> None:
    """Let that time be booked again. Flushes."""
    db.session.delete(block)
    db.session.flush()
