"""Sentences that were not let through, kept for staff's review and counted."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert

from app.assistant.gate import Withheld
from app.assistant.models import WithheldSentence
from app.db import db
from app.ops.metrics import WITHHELD

KEPT_DAYS = 180
LONGEST = 2000


def keep_withheld(
    sentences: Iterable[Withheld], *, company_id: int, location_id: int, lead_id: int, reply_id: int | None
) -> None:
    """Write them in the session's transaction."""
    whose = {"company_id": company_id, "location_id": location_id, "lead_id": lead_id, "reply_id": reply_id}
    for one in sentences:
        WITHHELD.labels(one.failure.kind, one.outcome).inc()
        told = {"sentence": one.failure.sentence.strip()[:LONGEST], "kind": one.failure.kind}
        row = {**whose, **told, "reason": one.failure.reason, "outcome": one.outcome}
        db.session.execute(insert(WithheldSentence), row)


def forget_old(now: datetime) -> int:
    """Delete what is older than KEPT_DAYS; commits. Returns how many."""
    gone = delete(WithheldSentence).where(WithheldSentence.created_at < now - timedelta(days=KEPT_DAYS))
    count = db.session.execute(gone.returning(WithheldSentence.id)).all()
    db.session.commit()
    return len(count)
