"""How answers come in: texts by Twilio, and email by a door with a secret."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.mail_door import MailDoorRefused, open_mail_door, set_reply_domain
from app.locations.models import Company
from app.staff.frame import blueprint


@blueprint.get("/incoming")
@require_action("stores.add")
def incoming() -> str:
    """What has to be set up for answers to arrive, and what carriers answer by themselves."""
    return _page(_company())


@blueprint.post("/incoming/secret")
@require_action("stores.add")
def new_mail_secret() -> ResponseReturnValue:
    """Make a new secret, shown this once; the old one ends at once."""
    company = _company()
    header = open_mail_door(company)
    _audit("made a new secret for incoming email")
    db.session.commit()
    return _page(company, header=header)


@blueprint.post("/incoming/reply-domain")
@require_action("stores.add")
def mail_reply_domain() -> ResponseReturnValue:
    """Choose where answers by email go. 422 for what is no domain."""
    given = request.form.get("reply_domain", "")
    try:
        set_reply_domain(_company(), given)
    except MailDoorRefused as refusal:
        db.session.rollback()
        return _page(_company(), given=given[:253], error=str(refusal)), 422
    _audit("changed where answers by email go")
    db.session.commit()
    return redirect(url_for("staff.incoming"), 303)


def _company() -> Company:
    return db.session.get_one(Company, staff_or_401().company_id)


def _audit(action: str) -> None:
    staff = staff_or_401()
    audit.record(staff, action, f"company:{staff.company_id}", clock.now())


def _page(company: Company, *, given: str | None = None, header: str = "", error: str = "") -> str:
    return render_template(
        "staff/incoming.html",
        company=company,
        public_url=current_app.config["SETTINGS"].public_url,
        mail_from=current_app.config["SETTINGS"].mail_from,
        reply_domain=company.mail_reply_domain or "" if given is None else given,
        header=header,
        error=error,
    )
