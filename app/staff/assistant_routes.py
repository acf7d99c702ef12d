"""What the assistant is told: the fixed rules, the company's own words, and how both would read for a real lead."""

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import audit, require_action, staff_or_401, within
from app.ai import configured
from app.assistant.course import forget_courses
from app.assistant.models import PromptVersion
from app.assistant.prompt import RULES
from app.assistant.prompt_versions import LONGEST, VersionRefused, save_draft, version_of, versions_of
from app.assistant.release_gate import release
from app.chat.preview import preview
from app.db import db
from app.leads.models import Lead
from app.lib import clock
from app.lib.text import whole_number
from app.staff.frame import blueprint
from app.staff.trials import Trials

HIGHEST = 2**31 - 1


@blueprint.get("/assistant")
@require_action("assistant.read")
def assistant() -> ResponseReturnValue:
    """The words that hold, the draft, and every version."""
    return _page()


@blueprint.post("/assistant/draft")
@require_action("assistant.edit")
def save_assistant_draft() -> ResponseReturnValue:
    """Keep the draft; with `preview` go on to how it reads. 422 for words that cannot be a version."""
    staff, now = staff_or_401(), clock.now()
    try:
        draft = save_draft(staff.company_id, request.form, staff.name, now)
    except VersionRefused as refusal:
        db.session.rollback()
        return _page(typed=request.form.to_dict(), refusal=refusal), 422
    number = draft.number
    audit.record(staff, "changed the assistant's draft", f"prompt_version:{number}", now)
    db.session.commit()
    if "preview" in request.form:
        return redirect(url_for("staff.assistant_preview", version=number), 303)
    return redirect(url_for("staff.assistant", _anchor="draft"), 303)


@blueprint.post("/assistant/published")
@require_action("assistant.edit")
def publish_assistant() -> ResponseReturnValue:
    """Let a version hold: the draft, or an earlier one again. 422 where that cannot be, as below the release gate."""
    staff, now, number = staff_or_401(), clock.now(), _number(request.form.get("version"))
    earlier = version_of(staff.company_id, number or 0)
    again = earlier is not None and earlier.status == "retired"
    try:
        version = release(staff.company_id, number or 0, staff.name, now, _live_providers())
    except VersionRefused as refusal:
        db.session.rollback()
        return _page(refusal=refusal), 422
    done = "rolled the assistant back" if again else "published the assistant's words"
    detail = {"tested": version.tested, "persona": version.persona, "tone": version.tone, "rules": version.rules}
    audit.record(staff, done, f"prompt_version:{version.number}", now, detail)
    db.session.commit()
    forget_courses()
    return redirect(url_for("staff.assistant"), 303)


@blueprint.get("/assistant/preview")
@require_action("assistant.read")
def assistant_preview() -> ResponseReturnValue:
    """Exactly what would be sent for a lead's next answer, by what holds or by `version`."""
    staff, number = staff_or_401(), _number(request.args.get("version"))
    version = version_of(staff.company_id, number) if number else None
    if number and version is None:
        abort(404)
    asked = request.args.get("lead", "").strip()[:64]
    lead = _lead(asked)
    shown = preview(lead, clock.now(), version) if lead else None
    return render_template(
        "staff/assistant_preview.html",
        asked=asked or (lead.public_id if lead else ""),
        lead=lead,
        shown=shown,
        version=version,
        versions=versions_of(staff.company_id),
    )


def _lead(public_id: str) -> Lead | None:
    """The lead, or without an id the newest; only of the stores that the staff may see."""
    theirs = select(Lead).where(within(staff_or_401(), Lead))
    if public_id:
        return db.session.scalar(theirs.where(Lead.public_id == public_id.replace("\x00", "")))
    return db.session.scalar(theirs.order_by(Lead.id.desc()).limit(1))


def _page(typed: dict[str, str] | None = None, refusal: VersionRefused | None = None) -> str:
    versions = versions_of(staff_or_401().company_id)
    by_status: dict[str, PromptVersion] = {row.status: row for row in versions if row.status != "retired"}
    given: Any = by_status.get("draft") or by_status.get("published")
    values = typed or {name: getattr(given, name, "") for name in LONGEST}
    return render_template(
        "staff/assistant.html",
        fixed=RULES,
        versions=versions,
        draft=by_status.get("draft"),
        published=by_status.get("published"),
        values=values,
        longest=LONGEST,
        refusal=refusal,
        trials=Trials(staff_or_401().company_id, versions),
    )


def _live_providers() -> tuple[str, ...]:
    return configured(current_app.config["SETTINGS"])


def _number(text: str | None) -> int | None:
    return whole_number(text or "", HIGHEST)
