"""One's own account: the name that customers see, and how one hears of a customer who waits."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, staff_or_401, visible_locations
from app.accounts.models import StaffUser
from app.accounts.own_account import FIELDS, AccountRefused, write_account
from app.db import db
from app.lib import clock, phone
from app.messaging import gate, may_reach, transports
from app.staff.frame import blueprint


@blueprint.get("/account")
def account() -> ResponseReturnValue:
    """What is set."""
    staff = staff_or_401()
    return _page(staff, _typed(staff), saved="saved" in request.args)


@blueprint.post("/account")
def save_account() -> ResponseReturnValue:
    """Keep it. 422 for values that cannot be."""
    staff = staff_or_401()
    try:
        changed = write_account(staff, request.form)
    except AccountRefused as refusal:
        db.session.rollback()
        return _page(staff_or_401(), request.form, refusal.fields), 422
    audit.record(staff, "changed their account", f"staff:{staff.id}", clock.now(), changed)
    db.session.commit()
    return redirect(url_for("staff.account", saved=1), 303)


def _typed(staff: StaffUser) -> dict[str, str]:
    """The values as the form writes them."""
    times = {name: f"{at:%H:%M}" if (at := getattr(staff, name)) else "" for name in ("quiet_from", "quiet_until")}
    number = phone.display(staff.phone) if staff.phone else ""
    return {"name": staff.name, "phone": number, "alert_by": staff.alert_by, **times}


def _page(
    staff: StaffUser, values: Mapping[str, Any], errors: Mapping[str, str] | None = None, *, saved: bool = False
) -> str:
    return render_template(
        "staff/account.html",
        account=staff,
        values={name: values.get(name, "") for name in FIELDS},
        errors=errors or {},
        saved=saved,
        against_texts=_against_texts(staff),
    )


def _against_texts(staff: StaffUser) -> str | None:
    """Why texts do not reach them, so that alerts come by email instead; None where nothing is known against it."""
    if staff.alert_by != "sms" or not staff.phone:
        return None
    transport = transports().sms
    if transport is None:
        return "Texts are not set up here yet"
    closed = gate.closed_to(
        "sms",
        staff.phone,
        purpose="staff",
        reaches_people=transport.reaches_people,
        live=any(store.live for store in visible_locations(staff)),
        allow_list=current_app.config["SETTINGS"].outbound_allow_list,
    )
    return may_reach(staff.company_id, "sms", staff.phone, None, asked=True) or closed
