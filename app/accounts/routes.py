"""The way in and out for staff."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import access, audit, sign_in
from app.db import db
from app.lib import clock
from app.web.limits import limiter

blueprint = Blueprint("accounts", __name__, url_prefix="/staff")
blueprint.before_request(access.in_english)
blueprint.after_request(access.never_stored)


@blueprint.get("/sign-in")
def show_form() -> ResponseReturnValue:
    """Ask for an email address."""
    return render_template("accounts/sign_in.html")


@blueprint.post("/sign-in")
@limiter.limit("10 per 15 minutes")
def request_link() -> ResponseReturnValue:
    """Mail a link if the address is known; the answer does not tell."""
    email = request.form.get("email", "").strip()
    if "@" not in email or len(email) > 254:
        return render_template("accounts/sign_in.html", email=email, odd=True), 422
    sign_in.request_sign_in(email, clock.now())
    db.session.commit()
    return render_template("accounts/link_sent.html", email=email)


@blueprint.get("/sign-in/<nonce>")
def show_link(nonce: str) -> ResponseReturnValue:
    """A button. Mail scanners open every link, so opening it changes nothing.

    An alert's link goes straight to its page for whoever is signed in, and asks the others to sign in once it has run
    out.
    """
    behind, staff = sign_in.page_behind(nonce), access.current_staff()
    if behind and staff and staff.id == behind[0]:
        return redirect(behind[1])
    if not sign_in.is_open(nonce, clock.now()):
        if behind:
            session["next"] = behind[1]
            return redirect(url_for(".show_form"))
        return render_template("accounts/link_spent.html"), 410
    return render_template("accounts/link.html", nonce=nonce)


@blueprint.post("/sign-in/<nonce>")
@limiter.limit("30 per 15 minutes")
def use_link(nonce: str) -> ResponseReturnValue:
    """Use the link up and start the session."""
    staff = sign_in.consume(nonce, clock.now())
    if staff is None:
        db.session.rollback()
        return render_template("accounts/link_spent.html"), 410
    behind = sign_in.page_behind(nonce)
    wanted = behind[1] if behind else session.get("next")
    access.start_session(staff, clock.now())
    audit.record(staff, "signed in", f"staff:{staff.id}", clock.now())
    db.session.commit()
    return redirect(wanted or url_for("staff.inbox"), 303)


@blueprint.post("/session/end")
def sign_out() -> ResponseReturnValue:
    """End every session of whoever is signed in."""
    access.end_session()
    db.session.commit()
    return redirect(url_for("accounts.show_form"), 303)
