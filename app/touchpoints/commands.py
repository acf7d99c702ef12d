"""`flask touchpoints …`."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.touchpoints.models import TouchPoint

commands = AppGroup("touchpoints", help="Planned contact.")


@commands.command("due")
@click.option("--json", "as_json", is_flag=True, help="A JSON array instead of lines.")
def due(as_json: bool) -> None:
    """List the touch points that are due now and not yet sent, oldest first."""
    statement = (
        select(TouchPoint, Lead.public_id)
        .join(Lead, Lead.id == TouchPoint.lead_id)
        .where(TouchPoint.status == "planned", TouchPoint.due_at <= clock.now())
        .order_by(TouchPoint.due_at, TouchPoint.id)
    )
    rows = [_row(touch_point, lead_id) for touch_point, lead_id in db.session.execute(statement)]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['due_at']}  {row['lead_id']}  step {row['step']}  {row['channel']:<5}  {row['reason'] or '-'}")


def _row(touch_point: TouchPoint, lead_id: str) -> dict[str, object]:
    return {
        "id": touch_point.id,
        "lead_id": lead_id,
        "step": touch_point.step,
        "channel": touch_point.channel,
        "due_at": touch_point.due_at.isoformat(),
        "reason": touch_point.reason,
    }
