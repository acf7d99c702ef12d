"""What was not let through is kept for review, for a while."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.assistant.gate import Withheld
from app.assistant.models import WithheldSentence
from app.assistant.proof import Failure
from app.assistant.withheld import KEPT_DAYS, forget_old, keep_withheld
from app.db import db
from tests.factories.leads import make_lead

NOW = datetime(2026, 11, 27, 15, tzinfo=UTC)


def test_withheld_sentences_are_kept_and_forgotten_after_their_time(app: Flask) -> None:
    lead = make_lead()
    whose = {"company_id": lead.company_id, "location_id": lead.location_id, "lead_id": lead.id, "reply_id": None}
    for text in ("It is $1.", "It is $2."):
        keep_withheld([Withheld(Failure(text, "price", "no tool gave this price"), "replaced")], **whose)
    old, new = db.session.scalars(select(WithheldSentence).order_by(WithheldSentence.id))
    old.created_at, new.created_at = NOW - timedelta(days=KEPT_DAYS + 1), NOW - timedelta(days=KEPT_DAYS - 1)
    db.session.flush()
    assert forget_old(NOW) == 1
    assert [row.sentence for row in db.session.scalars(select(WithheldSentence))] == ["It is $2."]
