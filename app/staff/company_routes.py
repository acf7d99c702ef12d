"""The company and ShopMonkey: keys, webhook, and orders that could not be read."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.models import Company
from app.staff.frame import blueprint
from app.staff.webhook_events import last_delivery
from app.sync.connection import connection_of
from app.sync.registrations import look_at_webhook


@blueprint.get("/shopmonkey")
@require_action("stores.add")
def shopmonkey() -> ResponseReturnValue:
    """How the company stands with ShopMonkey, and the way to what is wrong."""
    company = db.session.get_one(Company, staff_or_401().company_id)
    return render_template(
        "staff/shopmonkey.html",
        company=company,
        connection=connection_of(company),
        last_delivery=last_delivery(company.id),
    )


@blueprint.post("/shopmonkey/webhook-checks")
@require_action("stores.add")
def check_webhook() -> ResponseReturnValue:
    """Have the worker look after the webhook now."""
    staff = staff_or_401()
    look_at_webhook(staff.company_id)
    audit.record(staff, "checked the webhook", f"company:{staff.company_id}", clock.now())
    db.session.commit()
    return redirect(url_for("staff.shopmonkey"), 303)
