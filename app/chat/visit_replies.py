"""What a text of one word says about the visit ahead: C confirms it, a bare CANCEL may mean it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app import booking, messaging
from app.booking.models import Appointment
from app.booking.wording import moment_wording
from app.chat.outward import JOB
from app.leads.models import Lead
from app.live import wake
from app.locations.senders import sms_sender
from app.web.i18n import speaking

ASKS_TO_CANCEL = "The customer wrote CANCEL, which ended texts, and has a visit ahead. Please ask about the visit"


def confirm_visit(lead: Lead, text: str, key: str, sender: str, at: datetime) -> bool:
    """Whether the text was a C that confirms the visit ahead; then a thank-you is queued. `key` names the text.

    Flushes; a second time changes nothing.
    """
    visit = booking.confirm_by_word(lead.id, text, at)
    if visit is None:
        return False
    messaging.queue(
        company_id=lead.company_id, location_id=lead.location_id, lead_id=lead.id, channel="sms", purpose="answer",
        recipient=sender, text=_thanks(lead, visit), sender=sms_sender(lead.location),
        dedupe_key=f"visit-confirmed:{key}", asked_at=at,
    )  # fmt: skip
    wake(JOB)
    return True


def may_mean_visit(lead: Lead, text: str, at: datetime) -> bool:
    """Whether a bare CANCEL came from somebody with a visit ahead: it has ended texts, and staff must ask."""
    return booking.cancel_by_word(lead.id, text, at) is not None


def _thanks(lead: Lead, visit: Appointment) -> str:
    with speaking(lead.customer.language if lead.customer else None):
        when = moment_wording(visit.starts_at.astimezone(ZoneInfo(lead.location.timezone)))
        return _("%(store)s: thank you, see you on %(when)s.", store=lead.location.name, when=when)
