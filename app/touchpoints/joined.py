"""Orders that joined the running follow-up of another order of the same person share its end."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.db import db
from app.leads.models import Lead
from app.leads.moves import move
from app.touchpoints.last_look import lock_lead
from app.touchpoints.models import SequenceRun
from app.touchpoints.planning import same_person, start_sequence

OPEN = ("new", "contacted")


def follow_up_instead(lead_id: int, now: datetime) -> None:
    """The order whose follow-up the others joined is closed: the newest of them gets its own."""
    run = db.session.get(SequenceRun, lead_id)
    if run is not None:
        for joined in _without_own(lead_id, run, Lead.created_at >= run.counted_from)[:1]:
            start_sequence(joined, now)


def lose_joined(lead_id: int, words: str, now: datetime) -> int:
    """Nobody answered the follow-up that they share: they are lost too; how many. Commits each.

    Those too that had joined an earlier one, which this one replaced.
    """
    run = db.session.get(SequenceRun, lead_id)
    joined = [one.id for one in _without_own(lead_id, run)] if run is not None else []
    db.session.commit()
    lost = 0
    for other_id in joined:
        other = lock_lead(other_id)
        if other.stage in OPEN and other.first_engaged_at is None:
            lost += move(other, "lost", words, now)
        db.session.commit()
    return lost


def _without_own(lead_id: int, run: SequenceRun, *which: ColumnElement[bool]) -> list[Lead]:
    """The person's open orders at that store that have no follow-up of their own, newest first."""
    lead = db.session.get_one(Lead, lead_id)
    if lead.customer is None:
        return []
    own = select(SequenceRun.lead_id).where(SequenceRun.lead_id == Lead.id)
    others = select(Lead).where(
        Lead.customer_id.in_(same_person(lead)),
        Lead.location_id == run.location_id,
        Lead.stage.in_(OPEN),
        Lead.first_engaged_at.is_(None),
        Lead.id != lead_id,
        ~own.exists(),
        *which,
    )
    return list(db.session.scalars(others.order_by(Lead.created_at.desc(), Lead.id.desc())))
