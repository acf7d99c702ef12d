"""One attempt to bring ShopMonkey's calendar to what is wanted. No transaction is open while ShopMonkey answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import null

from app.db import db
from app.shopmonkey import AppointmentPayload, ShopMonkeyError, ShopMonkeyPort
from app.sync.visit_body import Body, changes, is_off, ours
from app.sync.visit_claims import Turn, prove
from app.sync.visit_outcomes import Failed, Pushed, failed

AROUND = timedelta(minutes=1)


class NoLongerOurs(Exception):
    """The lease ran out and another worker has the visit: nothing more may be called."""


@dataclass
class Attempt:
    """`posted` holds when the appointments start that an unseen POST may have made; None when there is none.

    `twice` in it says that another POST followed because the first one's fruit was not to be seen.
    """

    turn: Turn
    client: ShopMonkeyPort
    body: Body
    order_id: str | None
    appointment_id: str | None = None
    posted: dict[str, Any] | None = None

    def run(self) -> Pushed | Failed:
        """Look, then write what is missing. Raises NoLongerOurs."""
        self.appointment_id, self.posted = self.turn.appointment_id, self.turn.posted
        try:
            if self.posted:
                self._look()
            if self.turn.cancelled:
                return self._take_off()
            if self.turn.settled:
                return Pushed(self.appointment_id, self.turn.pushed)
            return self._put() if self.appointment_id else self._post()
        except ShopMonkeyError as error:
            return failed(error, self.appointment_id, self.posted)

    def _look(self) -> None:
        found = ours(self._shown(), self.turn.key)
        if found and not self.turn.cancelled:
            self.appointment_id = self.appointment_id or found[0].id
        for one in found:
            if one.id and (self.turn.cancelled or one.id != self.appointment_id):
                self._prove()
                self.client.cancel_appointment(one.id)
        # Nothing to be seen may mean too early; the look when all has settled is the last.
        expected = 2 if self.posted and self.posted["twice"] else 1
        if self.turn.settled or len(found) >= expected:
            self.posted = None

    def _shown(self) -> Iterable[AppointmentPayload]:
        starts = [datetime.fromisoformat(start) for start in (self.posted or {})["starts"]]
        shown = [one for start in starts for one in self.client.appointments_starting(start - AROUND, start + AROUND)]
        if self.order_id and not ours(shown, self.turn.key):
            # The store may have moved it already.
            return self.client.appointments_of_order(self.order_id)
        return shown

    def _take_off(self) -> Pushed:
        if self.appointment_id:
            self._prove()
            self.client.cancel_appointment(self.appointment_id)
        return Pushed(None, {}, self.posted)

    def _put(self) -> Pushed:
        assert self.appointment_id
        pushed = self.turn.pushed if self.appointment_id == self.turn.appointment_id else {}
        changed = changes(self.body, pushed)
        if changed:
            # Whether this call is carried out may stay unseen: until it is answered, nobody knows these fields.
            self._prove(pushed={name: value for name, value in pushed.items() if name not in changed})
            if not self._update(self.appointment_id, changed):
                return self._post(restored=True)
        return Pushed(self.appointment_id, self.body, self.posted)

    def _update(self, appointment_id: str, changed: Body) -> bool:
        try:
            return not is_off(self.client.update_appointment(appointment_id, changed))
        except ShopMonkeyError as error:
            if error.gone:
                return False
            raise

    def _post(self, restored: bool = False) -> Pushed:
        before, self.appointment_id = self.posted, None
        starts = [*(before or {"starts": []})["starts"], self.body["startDate"]]
        self.posted = {"starts": list(dict.fromkeys(starts)), "twice": before is not None}
        self._prove(posted=self.posted, pushed=null(), shopmonkey_appointment_id=null())
        try:
            self.appointment_id = self.client.create_appointment(self.body).id
        except ShopMonkeyError as error:
            if not error.unknown:
                self.posted = before
            raise
        if self.appointment_id is None:
            raise ShopMonkeyError("/appointment: the answer names no id", permanent=False, status=200, unknown=True)
        # Where an earlier POST showed no fruit, it may still come: both stay to be looked for.
        return Pushed(self.appointment_id, self.body, self.posted if before else None, restored)

    def _prove(self, **values: Any) -> None:
        if not prove(self.turn, **values):
            raise NoLongerOurs
        assert not db.session().in_transaction(), "ShopMonkey is never called with a transaction open"
