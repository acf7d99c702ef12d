"""How far orders have been read, key by key."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.db import db
from app.locations.models import Location
from app.sync.models import KeyWatermark, OrderWatermark

FIRST_LOOK_BACK = timedelta(hours=24)
# An order may show in lists later than its createdDate says, and the two clocks differ.
OVERLAP = timedelta(minutes=10)
# No rule takes an older order (720 hours, see LeadRule): a mark that stood still for a year need not be caught up with.
OLDEST = timedelta(days=30)


class Mark:
    """The watermark of the company's own key (`key_id` of None), or of one that some of its stores have."""

    def __init__(self, company_id: int, key_id: int | None) -> None:
        self.company_id = company_id
        self.table: Any = OrderWatermark if key_id is None else KeyWatermark
        self.id = company_id if key_id is None else key_id
        self.key = self.table.__mapper__.primary_key[0]
        self.newest_store_at: datetime | None = None

    def start(self, now: datetime) -> datetime:
        """From when orders are to be read: a little before the last poll ended. Makes the mark where there is none."""
        first = insert(self.table).values({self.key.name: self.id, "complete_until": now - FIRST_LOOK_BACK})
        db.session.execute(first.on_conflict_do_nothing())
        # A mark in the future, from a clock that was wrong, would hide every gap until that time has come.
        self.note(polled_at=func.now(), complete_until=func.least(self.table.complete_until, now))
        mark = db.session.get_one(self.table, self.id, populate_existing=True)
        newest = select(func.max(Location.created_at)).where(Location.company_id == self.company_id)
        self.newest_store_at = db.session.scalar(newest)
        since: datetime = mark.complete_until - OVERLAP
        if self.newest_store_at and (mark.newest_store_at is None or self.newest_store_at > mark.newest_store_at):
            # Orders of a store that was not added yet were left out: they may be fresh enough to be leads.
            since = min(since, now - FIRST_LOOK_BACK)
        return max(since, now - OLDEST)

    def set_back(self, moment: datetime) -> None:
        """Have orders read from `moment` on, where the mark is later or missing. Commits nothing."""
        row = insert(self.table).values({self.key.name: self.id, "complete_until": moment})
        earlier = {"complete_until": func.least(self.table.complete_until, row.excluded.complete_until)}
        db.session.execute(row.on_conflict_do_update(index_elements=[self.key.name], set_=earlier))

    def reached(self, moment: datetime) -> None:
        """Orders up to `moment` have all been read, as far as they can be."""
        self.note(complete_until=func.greatest(self.table.complete_until, moment), error=None, refused=False)

    def finished(self, moment: datetime) -> None:
        """A whole poll, from the start to `moment`, has been read."""
        self.note(newest_store_at=self.newest_store_at)
        self.reached(moment)

    def stopped(self, error: str, refused: bool) -> None:
        """Write down what stopped the poll."""
        self.note(error=error[:500], refused=refused)

    def kept(self) -> Any:
        """The row as it stands; None before the first poll."""
        return db.session.get(self.table, self.id, populate_existing=True)

    def note(self, **values: object) -> None:
        """Write these values. Commits nothing."""
        noted = update(self.table).where(self.key == self.id).values(**values)
        db.session.execute(noted.execution_options(synchronize_session=False))


def carry_over(company_id: int, former: int | None, key_id: int | None) -> None:
    """Have a store's new key read from where the former one came to; None is the company's own. Commits nothing."""
    mark = Mark(company_id, former).kept() if former != key_id else None
    if mark:
        Mark(company_id, key_id).set_back(mark.complete_until)
