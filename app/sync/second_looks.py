"""Orders that were no lead at first are judged again: a slow second look at all that are young enough for the rule.

Polling looks at each time of creation once. An order may become a lead later, because its column, its name or the rule
changed, and the webhook that would tell of it may be lost.
"""

from datetime import datetime, timedelta

from app.db import db
from app.locations.models import Company
from app.locations.stores import added_ids
from app.shopmonkey import Order, Page, ShopMonkeyPort
from app.sync import unread
from app.sync.attempts import attempt
from app.sync.key_turns import key_by_key
from app.sync.known_leads import KnownLead, known_leads
from app.sync.models import Watermark
from app.sync.rules import SECOND_LOOKS as JOB
from app.sync.rules import Judge, judge_of, rule_changed_at, rule_of
from app.sync.turns import keep_turn
from app.sync.watermarks import Mark
from app.sync.windows import whole_windows

EVERY = timedelta(minutes=30)
# List calls of one key in one run, a minute apart: what is urgent shares the key's limit with it. Within half an hour
# that is some 70,000 orders.
MOST_CALLS = 40


def look_again(company: Company, now: datetime) -> int:
    """Take the orders that have become leads since they were first judged; how many. Half an hour between two rounds.

    A round goes on where the last run stopped, and starts anew when the rule was changed. Nothing happens while
    another worker has the turn. Commits; raises ShopMonkeyError: the rest waits for the next run.
    """
    return key_by_key(company, JOB, lambda key_id, client: _Round(company, key_id, client, now).run())


def due_round(mark: Watermark, changed_at: datetime | None, now: datetime) -> tuple[datetime, bool] | None:
    """When the round that is to be worked on began, and whether that is now; None when none is due. Pure."""
    began = mark.looked_again_at
    if began is None or began > now or (changed_at is not None and changed_at > began):
        return now, True
    if mark.looked_again_until is not None:
        return began, False
    return (now, True) if now - began >= EVERY else None


class _Round:
    """One key's part of a round, as far as one run may carry it."""

    def __init__(self, company: Company, key_id: int | None, client: ShopMonkeyPort, now: datetime) -> None:
        self.company, self.company_id, self.client, self.now = company, company.id, client, now
        self.mark = Mark(self.company_id, key_id)
        self.calls = 0

    def run(self) -> int:
        stretch = self._stretch()
        if stretch is None:
            return 0
        taken = 0
        for window in whole_windows(self._ask, *stretch):
            taken += self._take_window(window.orders)
            done = window.end >= stretch[1]
            self._keep(looked_again_until=None if done else window.end)
            if done or self.calls >= MOST_CALLS:
                break
        return taken

    def _stretch(self) -> tuple[datetime, datetime] | None:
        """From when to when there is still to be looked; None where polling has not begun, or nothing is due."""
        mark = self.mark.kept()
        found = mark and due_round(mark, rule_changed_at(self.company_id), self.now)
        oldest = self.now - rule_of(self.company_id).max_age
        if not mark or not found:
            db.session.commit()
            return None
        began, new = found
        since = oldest if new else max(oldest, mark.looked_again_until or oldest)
        self._keep(looked_again_at=began, looked_again_until=since)
        return (since, began) if since < began else None

    def _ask(self, since: datetime, until: datetime) -> Page:
        self.calls += 1
        return self.client.orders_created(since, until)

    def _take_window(self, orders: list[Order]) -> int:
        judge, ours = judge_of(self.company_id, self.client), added_ids(self.company_id)
        aside, leads = unread.set_aside(self.company_id), known_leads(self.company_id, [one.id for one in orders])
        db.session.commit()
        here = [one for one in orders if one.location_id in ours and one.id not in aside]
        # The list's own row is judged: only what is to become a lead (again) costs more than the walk.
        return sum(self._take(one) for one in here if self._is_wanted(judge, one, leads.get(one.id)))

    def _is_wanted(self, judge: Judge, order: Order, lead: KnownLead | None) -> bool:
        return judge.verdict(order, self.now).is_lead if lead is None else lead.comes_back(order)

    def _take(self, order: Order) -> bool:
        outcome = attempt(self.company, order, self.now, self.client, job=JOB)
        if outcome.error and outcome.blameless:
            raise outcome.error
        if outcome.error:
            # From here on it is tried by itself, and staff see it.
            unread.failed(self.company_id, order, outcome.error, unread.HELD_ATTEMPTS)
            db.session.commit()
        return outcome.lead is not None

    def _keep(self, **values: object) -> None:
        self.mark.note(**values)
        keep_turn(self.company_id, JOB)
        db.session.commit()
