"""Webhook deliveries that led nowhere."""

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.staff.webhook_events import stranded_events, try_again


@blueprint.get("/webhook-events")
@require_action("webhook_events.read")
def webhook_events() -> ResponseReturnValue:
    """What no store has claimed, and what failed too often."""
    can_retry = "retry_webhook_event" in current_app.extensions
    return render_template("staff/webhook_events.html", events=stranded_events(staff_or_401()), can_retry=can_retry)


@blueprint.post("/webhook-events/<int:event_id>/attempts")
@require_action("webhook_events.retry")
def retry_webhook_event(event_id: int) -> ResponseReturnValue:
    """Try one of them again."""
    staff, now = staff_or_401(), clock.now()
    try_again(staff, event_id, now)
    audit.record(staff, "tried again", f"webhook event:{event_id}", now)
    db.session.commit()
    return redirect(url_for("staff.webhook_events"), 303)
