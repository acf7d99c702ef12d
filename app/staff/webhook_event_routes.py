"""Webhook deliveries that led nowhere."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.staff.webhook_events import stranded_events, theirs, try_again
from app.sync import unread
from app.sync.models import UnreadOrder


@blueprint.get("/webhook-events")
@require_action("webhook_events.read")
def webhook_events() -> ResponseReturnValue:
    """What no store has claimed, and what failed too often."""
    can_retry = "retry_webhook_event" in current_app.extensions
    staff = staff_or_401()
    return render_template(
        "staff/webhook_events.html",
        events=stranded_events(staff),
        orders=unread.unread_orders(theirs(staff)),
        can_retry=can_retry,
    )


@blueprint.post("/webhook-events/<int:event_id>/attempts")
@require_action("webhook_events.retry")
def retry_webhook_event(event_id: int) -> ResponseReturnValue:
    """Try one of them again."""
    staff, now = staff_or_401(), clock.now()
    try_again(staff, event_id, now)
    audit.record(staff, "tried again", f"webhook event:{event_id}", now)
    db.session.commit()
    return redirect(url_for("staff.webhook_events"), 303)


@blueprint.post("/unread-orders/attempts")
@require_action("webhook_events.retry")
def retry_unread_order() -> ResponseReturnValue:
    """Have the `order` that was set aside read again. 404 for one that they may not see."""
    staff, order_id = staff_or_401(), request.form.get("order", "").replace("\x00", "")
    mine = (UnreadOrder.shopmonkey_order_id == order_id, theirs(staff))
    order = db.first_or_404(select(UnreadOrder).where(*mine))
    unread.read_again(order.company_id, order_id)
    audit.record(staff, "tried again", f"order:{order_id}"[:200], clock.now())
    db.session.commit()
    return redirect(url_for("staff.webhook_events"), 303)
