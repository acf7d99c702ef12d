"""What is booked for a customer now, for the prompt and the proof: by the rows, not by what was said of them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.assistant.facts import Learned
from app.assistant.fencing import field
from app.booking.history import when
from app.db import Prepared, db

NO_VISIT = "No visit is booked for them."
VISIT_CLAIMS = ("held", "booked", "moved", "cancelled")

# The lead's appointments that were changed last, with the names of their services.
LATEST = Prepared(
    "latest_visits",
    """
    SELECT status, starts_at, ends_at, hold_until, sequence, (
        SELECT string_agg(name, ', ' ORDER BY position) FROM appointment_services
        WHERE appointment_id = appointments.id
    ) AS names
    FROM appointments WHERE lead_id = :lead_id AND status IN ('booked', 'held', 'cancelled')
    ORDER BY changed_at DESC, id DESC LIMIT 5
    """,
    lead_id="bigint",
)


@dataclass(frozen=True, slots=True)
class VisitBrief:
    """`wording` is the line of the prompt, `learned` what may be said of it."""

    wording: str
    learned: Learned


def visit_brief(lead_id: int, timezone: str, now: datetime, connection: Connection | None = None) -> VisitBrief:
    """The lead's visit ahead, or what it holds; read by the session, or by a connection that its caller has at hand."""
    rows = LATEST.run(connection or db.session.connection(), lead_id=lead_id).all()
    zone = ZoneInfo(timezone)
    ahead = [row for row in rows if row.status == "booked" and row.ends_at > now]
    if ahead:
        local = [row.starts_at.astimezone(zone) for row in ahead]
        told = "; ".join(f"{when(start)}, {field(row.names or '')}" for start, row in zip(local, ahead, strict=True))
        claims = ("booked", "moved") if any(row.sequence for row in ahead) else ("booked",)
        walls = tuple(start.replace(tzinfo=None) for start in local)
        return VisitBrief(f"Booked for them: {told}.", Learned(claims=claims, moments=walls, appointments=walls))
    if held := next((row for row in rows if row.status == "held" and row.hold_until > now), None):
        start, until = (one.astimezone(zone) for one in (held.starts_at, held.hold_until))
        told = f"Held for them until {until:%-I:%M %p}, not booked yet: {when(start)}, {field(held.names or '')}."
        walls = (start.replace(tzinfo=None), until.replace(tzinfo=None))
        return VisitBrief(told, Learned(claims=("held",), moments=walls))
    cancelled = any(row.status == "cancelled" for row in rows)
    return VisitBrief(NO_VISIT, Learned(claims=("cancelled",) if cancelled else ()))


def as_it_stands(known: Iterable[Learned], visit: VisitBrief) -> list[Learned]:
    """What is known, with the visit as its rows have it in place of what tools said of it earlier."""
    others = (
        replace(one, claims=tuple(claim for claim in one.claims if claim not in VISIT_CLAIMS), appointments=())
        for one in known
    )
    return [*others, visit.learned]
