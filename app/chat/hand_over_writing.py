"""One alert in words, as a delivery: by text or email as its reader wants it, with a link to the conversation."""

from datetime import datetime

from flask import current_app, render_template

from app import messaging
from app.accounts.alert_rules import quiet_until
from app.accounts.models import StaffUser
from app.accounts.sign_in import alert_url
from app.chat.hand_over_summary import Summary, summary_of
from app.chat.models import Conversation, HandOverAlert
from app.db import db
from app.leads.models import Lead
from app.locations.senders import mail_sender, sms_sender
from app.messaging.models import Delivery
from app.messaging.segments import plain

KEY = "hand-over:"
PURPOSE = "staff"


def queue_alert(staff: StaffUser, lead: Lead, conversation: Conversation, now: datetime) -> HandOverAlert:
    """Queue the alert of a customer who waits to one of the staff, who has none of it yet. Flushes."""
    since = conversation.waiting_since
    assert since is not None
    key = f"{KEY}{conversation.id}:{round(since.timestamp() * 1_000_000)}:{staff.id}"
    delivery = _queue(staff, staff.alert_by, lead, summary_of(lead, conversation, since), key, now)
    alert = HandOverAlert(
        company_id=lead.company_id,
        location_id=lead.location_id,
        conversation_id=conversation.id,
        waiting_since=since,
        staff_user_id=staff.id,
        delivery_id=delivery.id,
    )
    db.session.add(alert)
    db.session.flush()
    return alert


def queue_mail_instead(alert: HandOverAlert, now: datetime) -> None:
    """The text could not reach them: queue the same alert by email. Flushes."""
    conversation = db.session.get_one(Conversation, alert.conversation_id)
    staff = db.session.get_one(StaffUser, alert.staff_user_id)
    lead = db.session.get_one(Lead, conversation.lead_id)
    text = db.session.get_one(Delivery, alert.delivery_id)
    summary = summary_of(lead, conversation, alert.waiting_since)
    alert.delivery_id = _queue(staff, "email", lead, summary, f"{text.dedupe_key}:email", now).id
    db.session.flush()


def _queue(staff: StaffUser, channel: str, lead: Lead, summary: Summary, key: str, now: datetime) -> Delivery:
    # Not among the lead's deliveries: the link in it signs somebody in.
    leads_to = current_app.url_map.bind("").build("staff.lead", {"public_id": lead.public_id})
    words = {"staff": staff, "store": lead.location, "summary": summary, "url": alert_url(staff, leads_to, now)}
    sms = channel == "sms"
    text = render_template(f"staff/hand_over.{channel}.txt", **words).strip()
    delivery = messaging.queue(
        company_id=lead.company_id,
        location_id=lead.location_id,
        lead_id=None,
        channel=channel,
        purpose=PURPOSE,
        recipient=staff.phone or "" if sms else staff.email,
        subject=None if sms else f"{lead.location.name}: {summary.who.split(' · ')[0]} waits for you",
        text=plain(text) if sms else f"{text}\n",
        html=None if sms else render_template("staff/hand_over.email.html", **words),
        sender=sms_sender(lead.location) if sms else mail_sender(lead.location),
        dedupe_key=key,
        asked_at=now,
    )
    delivery.not_before = quiet_until(now, lead.location.timezone, staff.quiet_from, staff.quiet_until)
    return delivery
