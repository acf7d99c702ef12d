"""Which orders are leads, and why one is (not)."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, may, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.locations.models import Company
from app.shopmonkey import ShopMonkeyError
from app.staff.frame import blueprint
from app.staff.lead_rule import LONGEST_DAYS, STATUSES, RuleRefused, rule_from, values_of, within_stores
from app.sync.columns import known_names
from app.sync.explaining import explain, preview
from app.sync.lead_rule import Rule
from app.sync.rules import rule_of, set_rule
from app.sync.shopmonkey_words import in_words

LONGEST_QUESTION = 100


@blueprint.get("/lead-rule")
@require_action("leads.read")
def lead_rule() -> ResponseReturnValue:
    """The rule; with `order`, why that order is (not) a lead."""
    asked = request.args.get("order", "").replace("\x00", "").strip().removeprefix("#")[:LONGEST_QUESTION]
    if not asked:
        return _page()
    staff, company = staff_or_401(), _company()
    try:
        found = explain(company, asked, clock.now())
    except ShopMonkeyError as error:
        db.session.rollback()
        return _page(asked=asked, problem=in_words(error)), 503
    return _page(asked=asked, found=within_stores(staff, found))


@blueprint.post("/lead-rule")
@require_action("lead_rule.edit")
def save_lead_rule() -> ResponseReturnValue:
    """Keep the rule, or with `preview` only show what it would match. 422 for a form that makes no rule."""
    try:
        rule = rule_from(request.form, request.form.getlist("statuses"))
    except RuleRefused as refusal:
        return _page(values=_typed(), error=str(refusal)), 422
    staff, now = staff_or_401(), clock.now()
    if "preview" in request.form:
        return _previewed(rule)
    set_rule(staff.company_id, rule, staff.name, now)
    audit.record(staff, "changed the lead rule", f"company:{staff.company_id}", now, values_of(rule))
    db.session.commit()
    return redirect(url_for("staff.lead_rule"), 303)


def _previewed(rule: Rule) -> ResponseReturnValue:
    try:
        shown = preview(_company(), rule, clock.now())
    except ShopMonkeyError as error:
        db.session.rollback()
        return _page(values=values_of(rule), error=in_words(error)), 503
    return _page(values=values_of(rule), preview=shown, previewed=within_stores(staff_or_401(), shown.found))


def _page(**more: Any) -> str:
    staff = staff_or_401()
    more.setdefault("values", values_of(rule_of(staff.company_id)))
    return render_template(
        "staff/lead_rule.html",
        may_edit=may(staff, "lead_rule.edit"),
        statuses=STATUSES,
        longest_days=LONGEST_DAYS,
        known_columns=known_names(staff.company_id),
        **more,
    )


def _typed() -> dict[str, Any]:
    form = request.form
    return {**form.to_dict(), "statuses": form.getlist("statuses")}


def _company() -> Company:
    company = db.session.get(Company, staff_or_401().company_id)
    return company if company is not None else abort(404)
