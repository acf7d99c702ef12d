"""A lead's follow-up as staff read it: how it stands, what comes when, what went out, and why not."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.messaging.models import Delivery
from app.touchpoints.last_look import Standing, reason_to_stop, standing_of
from app.touchpoints.models import RUNNING, Step, TouchPoint
from app.touchpoints.rules import HELD, OPENED, opened_hold

CHANNELS = {"sms": "Text", "email": "Email", "any": "Text, else email"}
STATES = {"planned": "Coming", "paused": "Paused", "skipped": "Left out"}
WENT = {"sending": "Sending", "unknown": "Unknown", "undelivered": "Undelivered", "delivered": "Delivered"}


@dataclass(frozen=True, slots=True)
class Contact:
    """One touch point. `at` is when it goes out at the earliest, or went; `state` is the word on its badge."""

    id: int
    title: str
    day: int | None
    at: datetime
    state: str
    kind: str
    reason: str | None
    open: bool


@dataclass(frozen=True, slots=True)
class Followup:
    """`status` is none, running, paused, stopped or finished; `why` says why nothing comes, or what holds it.

    `left_out` is what will not go out although its day is still to come.
    """

    status: str
    why: str | None
    by: str | None
    coming: list[Contact]
    before: list[Contact]
    left_out: list[Contact]


def followup_of(lead: Lead, now: datetime) -> Followup:
    """How the follow-up of `lead` stands now; what was before now newest first, all else oldest first."""
    standing = standing_of(lead.id)
    rows = (
        select(TouchPoint, Step.day, Delivery.channel, Delivery.status)
        .outerjoin(Step, Step.id == TouchPoint.step_id)
        .outerjoin(Delivery, Delivery.id == TouchPoint.delivery_id)
        .where(TouchPoint.lead_id == lead.id)
        .order_by(TouchPoint.due_at, TouchPoint.id)
    )
    contacts = [_contact(lead, *row, now) for row in db.session.execute(rows)]
    status, why = _status(standing, bool(contacts))
    over = status in ("stopped", "finished")
    passed = [contact for contact in contacts if not contact.open]
    left_out = [contact for contact in passed if contact.state == STATES["skipped"] and contact.at > now]
    return Followup(
        status=status,
        why=why,
        by=standing.run_by if standing.run_by != "system" else None,
        coming=[] if over else [contact for contact in contacts if contact.open],
        before=[contact for contact in reversed(passed) if contact not in left_out],
        left_out=left_out,
    )


def _status(standing: Standing, has_contacts: bool) -> tuple[str, str | None]:
    against = reason_to_stop(standing)
    if standing.run_status is None:
        return ("running", against) if has_contacts else ("none", against)
    if standing.run_status in RUNNING and against:
        # Nothing goes out although no touch point has come due and found it out.
        return ("running" if against == HELD else "stopped"), against
    return standing.run_status, standing.run_reason


def _contact(
    lead: Lead, touch_point: TouchPoint, day: int | None, went_by: str | None, went: str | None, now: datetime
) -> Contact:
    at, reason = touch_point.due_at, touch_point.reason
    held = opened_hold(lead.last_opened_at, now)
    if touch_point.coming and held and held > at and touch_point.step and not touch_point.asked_by:
        at, reason = held, OPENED
    state, kind = (
        STATES.get(touch_point.status, "Sent"),
        {"skipped": "warn", "done": "good"}.get(touch_point.status, ""),
    )
    if touch_point.status == "done" and went in WENT:
        state, kind = WENT[went], "good" if went == "delivered" else "warn"
    if touch_point.status == "planned" and reason:
        state, kind = "Held", "warn"
    title = CHANNELS[went_by or touch_point.channel]
    return Contact(touch_point.id, title, day, at, state, kind, reason, touch_point.coming)
