"""The key that reads a store: tried before it is kept, kept encrypted, and never shown."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyPort
from app.staff.frame import blueprint
from app.staff.stores import store_or_404
from app.sync import onboarding
from app.sync.clients import client_of_key
from app.sync.onboarding import OnboardingRefused
from app.web.limits import limiter

LONGEST_KEY = 4096


@blueprint.get("/stores/<int:location_id>/key")
@require_action("stores.add")
def store_key(location_id: int) -> ResponseReturnValue:
    """Which key reads the store, and a form for another."""
    return render_template("staff/stores_key.html", store=store_or_404(location_id), problem="")


@blueprint.post("/stores/<int:location_id>/key")
@require_action("stores.add")
@limiter.limit("30 per 15 minutes")
def replace_store_key(location_id: int) -> ResponseReturnValue:
    """Read the store with another key, once ShopMonkey has shown that it can. 422 or 502 with the reason if not."""
    found, wanted = store_or_404(location_id), request.form.get("for", "store")
    try:
        secret, client = _other(wanted, found.company)
        account, shopmonkey_id = found.company.shopmonkey_id, found.shopmonkey_id
        db.session.commit()
        if shopmonkey_id not in {one.id for one in onboarding.read_locations(client, account)}:
            raise OnboardingRefused("This key works, but it does not read this store.")
        if wanted == "company":
            onboarding.refuse_narrower(store_or_404(location_id).company, client)
    except OnboardingRefused as refusal:
        page = render_template("staff/stores_key.html", store=store_or_404(location_id), problem=str(refusal))
        return page, status_of(refusal)
    store = store_or_404(location_id)
    onboarding.use_key(store, secret, for_company=wanted != "store")
    onboarding.start_setup(store, staff_or_401().email, clock.now())
    audit_key(f"store:{location_id}" if wanted == "store" else "company")
    db.session.commit()
    return redirect(url_for("staff.store", location_id=location_id), 303)


def pasted_key(form: Mapping[str, str]) -> str:
    """The key in the form. Raises OnboardingRefused for what cannot be one."""
    secret = form.get("key", "").strip()
    if not secret:
        raise OnboardingRefused("Paste the key first.")
    if len(secret) > LONGEST_KEY or not (secret.isascii() and secret.isprintable()) or " " in secret:
        raise OnboardingRefused("That is no ShopMonkey key. Copy it again, without anything around it.")
    return secret


def audit_key(what_for: str) -> None:
    """Write down that the signed-in staff chose a key; never which."""
    staff = staff_or_401()
    audit.record(staff, "chose a ShopMonkey key", f"company:{staff.company_id}", clock.now(), {"for": what_for})


def status_of(refusal: OnboardingRefused) -> int:
    """502 while ShopMonkey is away, 422 for what the asker must change."""
    return 502 if refusal.later else 422


def _other(wanted: str, company: Company) -> tuple[str | None, ShopMonkeyPort]:
    """The key that was pasted, None for the one that the company has, and its client."""
    if wanted == "present":
        return None, onboarding.client_for(company, None)
    secret = pasted_key(request.form)
    return secret, client_of_key(secret)
