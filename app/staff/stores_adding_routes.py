"""Adding stores: a key is pasted and tried, then locations are chosen."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.lib.text import whole_number
from app.locations.models import Company
from app.locations.zones import USUAL
from app.staff.frame import blueprint
from app.staff.stores_keys_routes import audit_key, pasted_key, status_of
from app.sync import onboarding
from app.sync.clients import client_of_key, has_own_key
from app.sync.onboarding import Offer, OnboardingRefused
from app.web.limits import limiter


@blueprint.get("/stores/new")
@require_action("stores.add")
def new_store() -> ResponseReturnValue:
    """Ask for a key, or go on with one that is there."""
    return _key_page()


@blueprint.post("/stores/keys")
@require_action("stores.add")
@limiter.limit("30 per 15 minutes")
def keep_store_key() -> ResponseReturnValue:
    """Try the key; keep it when ShopMonkey takes it, and show what it reads. 422 or 502 with the reason when not."""
    company, for_company = _company(), request.form.get("for") != "stores"
    account, company_id = company.shopmonkey_id, company.id
    db.session.commit()
    try:
        secret = pasted_key(request.form)
        client = client_of_key(secret)
        onboarding.read_locations(client, account)
        if for_company:
            onboarding.refuse_narrower(_company(), client)
    except OnboardingRefused as refusal:
        return _key_page(str(refusal)), status_of(refusal)
    key_id = onboarding.keep_key(db.session.get_one(Company, company_id), secret, for_company=for_company)
    audit_key("company" if for_company else "some stores")
    db.session.commit()
    return redirect(url_for("staff.new_store_locations", key=key_id), 303)


@blueprint.post("/stores/keys/<int:key_id>/forgotten")
@require_action("stores.add")
def forget_store_key(key_id: int) -> ResponseReturnValue:
    """Forget a key whose stores were not chosen; one in use stays."""
    onboarding.drop_unused_key(staff_or_401().company_id, key_id)
    db.session.commit()
    return redirect(url_for("staff.new_store"), 303)


@blueprint.get("/stores/new/locations")
@require_action("stores.add")
def new_store_locations() -> ResponseReturnValue:
    """ShopMonkey's locations, to choose those that become stores."""
    try:
        return _locations_page(_offers())
    except OnboardingRefused as refusal:
        return _key_page(str(refusal)), status_of(refusal)


@blueprint.post("/stores")
@require_action("stores.add")
def add_stores() -> ResponseReturnValue:
    """Make stores of the chosen locations; the worker does the rest. Choosing one twice changes nothing."""
    try:
        offers = _offers()
    except OnboardingRefused as refusal:
        return _key_page(str(refusal)), status_of(refusal)
    chosen = [offer.payload for offer in offers if offer.payload.id in request.form.getlist("location")]
    if not chosen:
        return _locations_page(offers, "Choose at least one location."), 422
    zones = {payload.id: request.form.get(f"zone-{payload.id}", "") for payload in chosen}
    staff, now = staff_or_401(), clock.now()
    try:
        made = onboarding.add_stores(_company(), chosen, zones, _key_id(), staff.email, now)
    except OnboardingRefused as refusal:
        db.session.rollback()
        return _locations_page(offers, str(refusal)), status_of(refusal)
    for store in made:
        audit.record(staff, "added", f"store:{store.id}", now, {"name": store.name})
    only = made[0].id if len(made) == 1 else None
    db.session.commit()
    return redirect(url_for("staff.store", location_id=only) if only else url_for("staff.stores"), 303)


def _offers() -> list[Offer]:
    """What the key reads now. Raises OnboardingRefused."""
    company = _company()
    client, account, company_id = onboarding.client_for(company, _key_id()), company.shopmonkey_id, company.id
    db.session.commit()
    return onboarding.offers(company_id, onboarding.read_locations(client, account))


def _key_page(problem: str = "") -> str:
    company = _company()
    return render_template(
        "staff/stores_new.html",
        problem=problem,
        has_key=has_own_key(company),
        own_key=company.shopmonkey_api_key is not None,
        drafts=onboarding.unused_keys(company.id),
    )


def _locations_page(offers: list[Offer], problem: str = "") -> str:
    return render_template(
        "staff/stores_locations.html",
        offers=offers,
        problem=problem,
        key=_key_id(),
        chosen=request.form.getlist("location"),
        zones=USUAL,
    )


def _key_id() -> int | None:
    return whole_number(request.values.get("key", ""))


def _company() -> Company:
    return db.session.get_one(Company, staff_or_401().company_id)
