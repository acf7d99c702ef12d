"""Signing in by an emailed link: good once, for a quarter of an hour, and only by pressing its button."""

import hashlib
import logging
import secrets
from datetime import datetime, timedelta

from flask import current_app, render_template
from sqlalchemy import func, select, update

from app import messaging
from app.accounts.models import SignIn, StaffUser
from app.db import db
from app.lib import clock
from app.live import wake

LIFETIME = timedelta(minutes=15)
MOST_OPEN_LINKS = 5
MAIL_KEY = "sign-in:"

log = logging.getLogger(__name__)


def normalise_email(email: str) -> str:
    """How an address is kept and compared."""
    return email.strip().lower()


def find_staff(email: str) -> StaffUser | None:
    """The account of that address, active or not."""
    return db.session.scalar(select(StaffUser).where(StaffUser.email == normalise_email(email)))


def request_sign_in(email: str, now: datetime) -> None:
    """Queue a sign-in email, if the address is an active account's and has fewer than five open links.

    The caller learns nothing, so that it answers the same either way. Commit sends it on its way.
    """
    address = normalise_email(email)
    active = select(StaffUser).where(StaffUser.email == address, StaffUser.active)
    # The lock makes simultaneous requests count each other's links.
    staff = db.session.scalar(active.with_for_update(of=StaffUser))
    if staff is None:
        return
    if _open_links(staff, now) >= MOST_OPEN_LINKS:
        log.info("sign-in link withheld: staff user %s has %s open", staff.id, MOST_OPEN_LINKS)
        return
    _queue_mail(staff, now)


def sign_in_url(staff: StaffUser) -> str:
    """A fresh sign-in address for that account, good from the caller's commit on. It signs in whoever has it."""
    return _new_link(staff, clock.now())[1]


def alert_url(staff: StaffUser, leads_to: str, now: datetime) -> str:
    """An address that opens the page `leads_to`: within `LIFETIME` it signs in, once; later it asks to."""
    return _new_link(staff, now, leads_to)[1]


def page_behind(nonce: str) -> tuple[int, str] | None:
    """The account and the page that an alert's link was made for, also after it was used or ran out."""
    query = select(SignIn.staff_user_id, SignIn.leads_to).where(SignIn.nonce_hash == _hash(nonce))
    row = db.session.execute(query).one_or_none()
    return (row.staff_user_id, row.leads_to) if row and row.leads_to else None


def is_open(nonce: str, now: datetime) -> bool:
    """Whether that link would still sign someone in. Changes nothing."""
    return db.session.scalar(select(SignIn.id).where(*_open(nonce, now))) is not None


def consume(nonce: str, now: datetime) -> StaffUser | None:
    """Use the link up: the account it signs in; None where it is forged, used, expired or the account is closed."""
    used = update(SignIn).where(*_open(nonce, now)).values(used_at=now).returning(SignIn.staff_user_id)
    staff_id = db.session.scalar(used)
    return db.session.get(StaffUser, staff_id) if staff_id is not None else None


def _open(nonce: str, now: datetime) -> tuple:
    active = select(StaffUser.id).where(StaffUser.id == SignIn.staff_user_id, StaffUser.active).exists()
    return SignIn.nonce_hash == _hash(nonce), SignIn.used_at.is_(None), SignIn.expires_at > now, active


def _open_links(staff: StaffUser, now: datetime) -> int:
    links = select(func.count()).select_from(SignIn)
    open_ones = (SignIn.used_at.is_(None), SignIn.expires_at > now)
    mine = (SignIn.staff_user_id == staff.id, SignIn.leads_to.is_(None), *open_ones)
    return db.session.scalar(links.where(*mine)) or 0


def _new_link(staff: StaffUser, now: datetime, leads_to: str | None = None) -> tuple[SignIn, str]:
    nonce = secrets.token_urlsafe(32)
    link = SignIn(staff_user_id=staff.id, nonce_hash=_hash(nonce), expires_at=now + LIFETIME, leads_to=leads_to)
    db.session.add(link)
    db.session.flush()
    path = current_app.url_map.bind("").build("accounts.show_link", {"nonce": nonce})
    return link, current_app.config["SETTINGS"].public_url + path


def _hash(nonce: str) -> str:
    return hashlib.sha256(nonce.encode()).hexdigest()


def _queue_mail(staff: StaffUser, now: datetime) -> None:
    link, url = _new_link(staff, now)
    words = {"staff": staff, "url": url, "minutes": int(LIFETIME.total_seconds() // 60)}
    messaging.queue(
        company_id=staff.company_id,
        location_id=None,
        lead_id=None,
        channel="email",
        purpose="staff",
        recipient=staff.email,
        subject="Sign in to Lead Orchestrator",
        text=render_template("accounts/sign_in_mail.txt", **words),
        html=render_template("accounts/sign_in_mail.html", **words),
        dedupe_key=f"{MAIL_KEY}{link.id}",
    )
    wake("staff_mail")
