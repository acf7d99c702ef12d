"""Polling: what webhooks missed comes in here, by the same road."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from flask import Flask, current_app

from app.db import db
from app.locations.models import Company
from app.shopmonkey import Order, ShopMonkeyError, ShopMonkeyPort
from app.sync import unread
from app.sync.attempts import attempt
from app.sync.clients import readers_of
from app.sync.known_leads import known_leads
from app.sync.rules import judge_of
from app.sync.turns import keep_turn, turn_at
from app.sync.watermarks import Mark
from app.sync.windows import Window, whole_windows

JOB = "orders"
PAUSE = timedelta(seconds=15)
# After a failure the next look comes with the job's next run: an outage that ended must be noticed within a minute, a
# call that hung for 30 s until then included.
PAUSE_AFTER_FAILURE = timedelta(seconds=2)
# Orders taken at once: as many as the client has calls at once.
LANES = 5


def poll(company: Company, now: datetime) -> int:
    """Take every order created since the watermarks; how many were read. Each key's follows its complete windows.

    Nothing happens while another worker has the company's turn. Raises ShopMonkeyError after noting it.
    """
    with turn_at(company.id, JOB, PAUSE_AFTER_FAILURE) as turn:
        if turn is None:
            return 0
        taken = _Poll(company, now).run()
        turn.pause = PAUSE
        return taken


class _Poll:
    """One company's turn, key by key: one that is refused keeps no other waiting.

    An order that cannot be taken in holds the watermark for a few polls, then it is set aside and tried by itself.
    """

    def __init__(self, company: Company, now: datetime) -> None:
        self.company, self.company_id, self.now = company, company.id, now
        self.failure: ShopMonkeyError | None = None
        self.held: ShopMonkeyError | None = None

    def run(self) -> int:
        readers = readers_of(self.company)
        taken = 0
        for key_id, client in readers:
            taken += self._read_if_it_answers(Mark(self.company_id, key_id), client)
        taken += self._try_those_set_aside()
        if self.failure:
            raise self.failure
        unread.forget_held(self.company_id)
        self._keep()
        return taken

    def _read_if_it_answers(self, mark: Mark, client: ShopMonkeyPort) -> int:
        taken, self.held = 0, None
        since = mark.start(self.now)
        self._keep()
        try:
            for window in whole_windows(client.orders_created, since, self.now):
                taken += self._take_window(client, window.orders)
                self.held = self.held or _lacking(window)
                if not self.held:
                    mark.reached(window.end)
                    self._keep()
        except ShopMonkeyError as error:
            db.session.rollback()
            self.held = error
        if self.held:
            mark.stopped(str(self.held), self.held.key_refused)
        else:
            mark.finished(self.now)
        self._keep()
        self.failure = self.failure or self.held
        return taken

    def _take_window(self, client: ShopMonkeyPort, orders: list[Order]) -> int:
        judge, aside = judge_of(self.company_id, client), unread.set_aside(self.company_id)
        leads = known_leads(self.company_id, [one.id for one in orders])
        db.session.commit()

        def is_wanted(listed: Order) -> bool:
            lead = leads.get(listed.id)
            return judge.may_be_lead(listed, self.now) if lead is None else lead.may_be_news(listed)

        wanted = [one for one in orders if one.id not in aside and is_wanted(one)]
        return self._take_all(wanted, lambda company, order: self._take(client, company, order))

    def _try_those_set_aside(self) -> int:
        waiting = unread.due(self.company_id)
        db.session.commit()
        return self._take_all(waiting, lambda company, order: self._take(None, company, order))

    def _take_all(self, orders: list[Order], take: Callable[[Company, Order], bool]) -> int:
        if LANES == 1 or len(orders) <= 1:
            done = [take(self.company, order) for order in orders]
        else:
            app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

            def in_lane(order: Order) -> bool:
                with app.app_context():
                    return take(db.session.get_one(Company, self.company_id), order)

            with ThreadPoolExecutor(min(LANES, len(orders)), "orders") as lanes:
                done = list(lanes.map(in_lane, orders))
        self._forget(order.id for order, taken in zip(orders, done, strict=True) if taken)
        return sum(done)

    def _take(self, client: ShopMonkeyPort | None, company: Company, order: Order) -> bool:
        """Whether the order came in. Without a client, each that reads the company is asked."""
        outcome = attempt(company, order, self.now, client, job=JOB)
        error = outcome.error
        if outcome.unknown_store and client is None:
            # One that was set aside waits for its next time, or it would be tried at every poll instead of others.
            error = ShopMonkeyError(outcome.unknown_store, permanent=False)
        if error and (outcome.blameless or not unread.failed(self.company_id, order, error)):
            self.held = self.held or error
        db.session.commit()
        return outcome.taken

    def _forget(self, order_ids: Iterable[str]) -> None:
        unread.taken(self.company_id, order_ids)
        db.session.commit()

    def _keep(self) -> None:
        keep_turn(self.company_id, JOB)
        db.session.commit()


def _lacking(window: Window) -> ShopMonkeyError | None:
    """What to tell of a window that was not shown whole: polling stays before it."""
    if window.whole:
        return None
    told = f"/order: {len(window.orders)} of the {window.total} orders created until {window.end.isoformat()} are shown"
    return ShopMonkeyError(told, permanent=False)
