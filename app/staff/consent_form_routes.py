"""What a store's website form says before people send it: attested by a manager, version by version."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, may, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.messaging.attestations import AttestationRefused, attest, attestations_of
from app.staff.frame import blueprint
from app.staff.stores import store_or_404


@blueprint.get("/stores/<int:location_id>/consent-form")
@require_action("stores.edit")
def consent_form(location_id: int) -> ResponseReturnValue:
    """The wording in force, its earlier versions, and room for a new one."""
    return _page(store_or_404(location_id))


@blueprint.post("/stores/<int:location_id>/consent-form")
@require_action("stores.edit")
def attest_consent_form(location_id: int) -> ResponseReturnValue:
    """Keep a new version, in the name of whoever is signed in. 422 for what cannot be attested."""
    found, staff, now = store_or_404(location_id), staff_or_401(), clock.now()
    for_all = "whole_company" in request.form and may(staff, "stores.add")
    try:
        attestation = attest(
            company_id=found.company_id,
            location_id=None if for_all else found.id,
            text=request.form.get("text", ""),
            page=request.form.get("page", ""),
            covers_sms="covers_sms" in request.form,
            covers_email="covers_email" in request.form,
            attested_by=f"{staff.name} <{staff.email}>",
            now=now,
        )
    except AttestationRefused as refusal:
        return _page(found, str(refusal)), 422
    subject = f"company:{found.company_id}" if for_all else f"store:{found.id}"
    audit.record(staff, "attested a consent form", subject, now, {"version": attestation.version})
    db.session.commit()
    return redirect(url_for("staff.consent_form", location_id=location_id), 303)


def _page(found: Location, problem: str = "") -> str:
    own = attestations_of(found.company_id, found.id)
    return render_template(
        "staff/stores_consent_form.html",
        store=found,
        versions=own,
        company_versions=attestations_of(found.company_id, None),
        typed=request.form,
        problem=problem,
    )
