"""A customer who waits for a person: since when, why, and who has been told of it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.accounts.alert_rules import ESCALATE_AFTER
from app.accounts.models import StaffUser
from app.chat.models import Conversation, HandOverAlert
from app.db import db
from app.messaging.models import Delivery

ENDINGS = {"queued": " (not yet)", "failed": " (failed)", "undelivered": " (failed)", "not_sent": " (not sent)"}


@dataclass(frozen=True, slots=True)
class Told:
    """One who is told; `ending` says where it has not arrived, or not yet."""

    name: str
    channel: str
    ending: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """`late` from when managers are told; `called` once everybody who is to be told at once has an alert."""

    since: datetime
    reason: str
    told: list[Told]
    called: bool
    late: bool

    @property
    def state(self) -> str:
        """What the page shows of it, apart from the clock."""
        return f"{self.told} {self.called} {self.late}"


def waiting_of(conversation: Conversation | None, now: datetime) -> Waiting | None:
    """None where nobody waits."""
    if conversation is None or conversation.waiting_since is None:
        return None
    since = conversation.waiting_since
    query = (
        select(StaffUser.name, Delivery.channel, Delivery.status)
        .join(HandOverAlert, HandOverAlert.staff_user_id == StaffUser.id)
        .join(Delivery, Delivery.id == HandOverAlert.delivery_id)
        .where(HandOverAlert.conversation_id == conversation.id, HandOverAlert.waiting_since == since)
        .order_by(HandOverAlert.id)
    )
    told = [Told(name, channel, ENDINGS.get(status, "")) for name, channel, status in db.session.execute(query)]
    called = conversation.staff_called_for == since
    return Waiting(since, conversation.waiting_reason or "", told, called, now - since >= ESCALATE_AFTER)
