"""What the sandbox's phone and mailbox send, and what its carrier reports: through the product's own doors, signed."""

import hashlib
import logging
import secrets
import threading
import time
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

import requests
from flask import current_app
from sqlalchemy import insert, select

from app.config import Settings
from app.db import db
from app.lib import clock
from app.locations.models import Company
from app.messaging.models import Delivery
from app.messaging.twilio_signature import TwilioAccount, sign
from app.sandbox.tables import outbox, session

ATTEMPTS = 4
PATIENCE = 10.0
# A phone gets a text in about this time; a sandbox that answers at once would hide what waiting looks like.
SENT_AFTER, DELIVERED_AFTER = 0.4, 1.2
OUR_NUMBER = "+15555550100"

log = logging.getLogger(__name__)


def sandbox_account(settings: Settings) -> TwilioAccount:
    """The account that the sandbox's carrier signs for."""
    token = hashlib.sha256(f"sandbox carrier {settings.secret_key[0]}".encode()).hexdigest()
    return TwilioAccount("AC" + "0" * 32, token)


def text_us(phone: str, words: str) -> None:
    """Send a text from this phone to whoever texted it last, and keep it for the phone to show."""
    with session() as opened:
        last = select(outbox.c.sender).where(outbox.c.channel == "sms", outbox.c.recipient == phone)
        number = opened.scalar(last.order_by(outbox.c.id.desc()).limit(1))
    _keep("sms", phone, words)
    service = number if number and number.startswith("MG") else None
    to = OUR_NUMBER if number is None or service else number
    form = {"MessageSid": f"SM{secrets.token_hex(16)}", "From": phone, "To": to, "Body": words, "NumMedia": "0"}
    _call("inbound", form | ({"MessagingServiceSid": service} if service else {}))


def report(public_id: str, sid: str) -> None:
    """Report the text as sent and then as delivered, a moment later each, as a carrier does."""
    query = f"delivery={public_id}"
    _call("status", {"MessageSid": sid, "MessageStatus": "sent"}, query, after=SENT_AFTER)
    _call("status", {"MessageSid": sid, "MessageStatus": "delivered"}, query, after=DELIVERED_AFTER)


def answer_mail(number: int, words: str) -> bool:
    """Answer that mail of the mailbox as a mail program would; False where it is none of the product's."""
    with session() as opened:
        mail = opened.execute(select(outbox).where(outbox.c.id == number, outbox.c.channel == "email")).one_or_none()
    delivery = mail and db.session.scalar(select(Delivery).where(Delivery.public_id == mail.public_id))
    if mail is None or delivery is None:
        return False
    company_id, secret = _door(delivery.company_id)
    answer = EmailMessage(policy=SMTP)
    answer["From"] = mail.recipient
    answer["To"] = mail.headers.get("Reply-To") or mail.sender or "hello@sandbox.example"
    answer["Subject"] = mail.subject if mail.subject.lower().startswith("re:") else f"Re: {mail.subject}"
    answer["Date"] = format_datetime(clock.now())
    answer["Message-ID"] = f"<{secrets.token_hex(12)}@phone.example>"
    if delivery.provider_id:
        answer["In-Reply-To"] = answer["References"] = delivery.provider_id
    quoted = "\n".join(f"> {line}" for line in mail.text.splitlines())
    answer.set_content(
        f"{words}\n\nOn {clock.now():%a, %b %d, %Y} at {clock.now():%H:%M} the store wrote:\n\n{quoted}\n"
    )
    _keep("email", mail.recipient, words, subject=answer["Subject"], public_id=f"answer-{secrets.token_hex(8)}")
    url = f"{current_app.config['SETTINGS'].public_url}/webhooks/email/inbound"
    headers = {"Authorization": f"Bearer {company_id}.{secret}", "Content-Type": "message/rfc822"}
    _in_background(url, answer.as_bytes(), headers, 0)
    return True


def _door(company_id: int) -> tuple[int, str]:
    """The company's secret for incoming mail, made where it has none yet."""
    company = db.session.get_one(Company, company_id)
    if not company.mail_inbound_secret:
        company.mail_inbound_secret = secrets.token_urlsafe(24)
        db.session.commit()
    return company.id, company.mail_inbound_secret


def _keep(channel: str, person: str, words: str, subject: str | None = None, public_id: str = "") -> None:
    values: dict[str, Any] = {
        "public_id": public_id or f"answer-{secrets.token_hex(8)}", "channel": channel, "recipient": person,
        "subject": subject, "text": words, "headers": {}, "sent_at": clock.now(), "from_person": True,
    }  # fmt: skip
    with session() as opened:
        opened.execute(insert(outbox).values(values))
        opened.commit()


def _call(door: str, form: dict[str, str], query: str = "", after: float = 0) -> None:
    account: TwilioAccount = current_app.extensions["twilio_account"]
    settings: Settings = current_app.config["SETTINGS"]
    url = f"{settings.public_url}/webhooks/twilio/{door}{'?' + query if query else ''}"
    whole = {**form, "AccountSid": account.sid}
    _in_background(url, whole, {"X-Twilio-Signature": sign(account, url, whole)}, after)


def _in_background(url: str, body: dict[str, str] | bytes, headers: dict[str, str], after: float) -> None:
    threading.Thread(target=_post, args=(url, body, headers, after), name="sandbox-carrier", daemon=True).start()


def _post(url: str, body: dict[str, str] | bytes, headers: dict[str, str], after: float) -> None:
    time.sleep(after)
    for attempt in range(ATTEMPTS):
        try:
            if requests.post(url, data=body, headers=headers, timeout=PATIENCE).status_code < 500:
                return
        except requests.RequestException:
            log.warning("the sandbox's carrier did not reach %s, attempt %s", url.partition("?")[0], attempt + 1)
        time.sleep(0.3 * 2**attempt)
