"""Sentences of the assistant's that its proof did not let through, for review."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import require_action, staff_or_401, within
from app.assistant.models import WithheldSentence
from app.assistant.withheld import KEPT_DAYS
from app.db import db
from app.leads.models import Lead
from app.lib.text import whole_number
from app.locations.models import Location
from app.staff.frame import blueprint

KINDS = {"price": "Price", "claim": "Claim", "moment": "Date or time", "language": "Language"}
OUTCOMES = {
    "rewritten": "Said anew", "replaced": "Replaced, team called", "dropped": "Left out",
}  # fmt: skip
PAGE = 50


@blueprint.get("/assistant/withheld")
@require_action("assistant.read")
def withheld() -> ResponseReturnValue:
    """Those of their stores, newest first; `kind` narrows, `before` goes on where the last page ended."""
    staff, kind, before = staff_or_401(), request.args.get("kind", ""), request.args.get("before", "")
    query = (
        select(WithheldSentence, Lead, Location)
        .join(Lead, Lead.id == WithheldSentence.lead_id)
        .join(Location, Location.id == WithheldSentence.location_id)
        .where(within(staff, WithheldSentence))
        .order_by(WithheldSentence.id.desc())
    )
    if kind in KINDS:
        query = query.where(WithheldSentence.kind == kind)
    if (last := whole_number(before)) is not None:
        query = query.where(WithheldSentence.id < last)
    rows = db.session.execute(query.limit(PAGE + 1)).all()
    older = rows[PAGE - 1][0].id if len(rows) > PAGE else None
    return render_template(
        "staff/withheld.html",
        rows=rows[:PAGE],
        older=older,
        kind=kind if kind in KINDS else "",
        kinds=KINDS,
        outcomes=OUTCOMES,
        days=KEPT_DAYS,
    )
