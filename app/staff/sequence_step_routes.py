"""One step of a sequence: edit, try on a real lead, save as the next version, add, take out."""

from dataclasses import replace
from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.staff.sequence_forms import blank_step, step_from, values_of
from app.staff.sequence_routes import editable
from app.staff.sequences import leads_to_try, previews_of, store_name
from app.touchpoints.models import Sequence
from app.touchpoints.sequences import SavedMeanwhile, on_their_way, save, steps_of
from app.touchpoints.step_rules import CHANNELS, CONDITIONS, FIELDS, LANGUAGES, StepValues, problems_of
from app.touchpoints.wording import VOCABULARY

MEANWHILE = "Somebody saved this sequence while you wrote. Your words are still here: look at theirs, then save again."
NEEDS_ONE = "A sequence needs at least one step. To send nothing, switch it off."
MOST_STEPS = 40


@blueprint.get("/sequences/<int:sequence_id>/steps/new")
@require_action("sequences.edit")
def new_step(sequence_id: int) -> ResponseReturnValue:
    """The form of a step that is to be added."""
    return _page(editable(sequence_id), None, values_of(blank_step()))


@blueprint.post("/sequences/<int:sequence_id>/steps")
@require_action("sequences.edit")
def save_new_step(sequence_id: int) -> ResponseReturnValue:
    """Add the step; or with `preview` only show it."""
    return _take(editable(sequence_id), None)


@blueprint.get("/sequences/<int:sequence_id>/steps/<int:number>")
@require_action("sequences.edit")
def step(sequence_id: int, number: int) -> ResponseReturnValue:
    """The form of one step."""
    found = editable(sequence_id)
    return _page(found, number, values_of(_step(found, number)))


@blueprint.post("/sequences/<int:sequence_id>/steps/<int:number>")
@require_action("sequences.edit")
def save_step(sequence_id: int, number: int) -> ResponseReturnValue:
    """Keep the step; or with `preview` only show it. 422 for one that may not be sent, 409 if saved meanwhile."""
    found = editable(sequence_id)
    _step(found, number)
    return _take(found, number)


@blueprint.post("/sequences/<int:sequence_id>/steps/<int:number>/removal")
@require_action("sequences.edit")
def take_step_out(sequence_id: int, number: int) -> ResponseReturnValue:
    """Take the step out: leads that have not come to it get it no more."""
    found = editable(sequence_id)
    step = _step(found, number)
    rest = [other for other in steps_of(found) if other.number != number]
    if not rest:
        return _page(found, number, values_of(step), errors={"": NEEDS_ONE}), 422
    return _saved(found, rest, f"Took out day {step.day}", number, values_of(step))


def _take(found: Sequence, number: int | None) -> ResponseReturnValue:
    typed = step_from(request.form, request.form.getlist("conditions"), number)
    errors = problems_of(typed)
    steps = [other for other in steps_of(found) if other.number != number]
    if len(steps) >= MOST_STEPS:
        errors[""] = f"A sequence has at most {MOST_STEPS} steps."
    if errors or "preview" in request.form:
        shown = _page(found, number, _typed(typed), errors=errors, previewed=None if errors else typed)
        return shown, 422 if errors else 200
    change = f"{'Added' if number is None else 'Changed'} day {typed.day}"
    return _saved(found, [*steps, typed], change, number, _typed(typed))


def _saved(
    found: Sequence, steps: list[StepValues], change: str, number: int | None, typed: dict[str, Any]
) -> ResponseReturnValue:
    staff, now = staff_or_401(), clock.now()
    try:
        leads = save(found, steps, change, staff.name, request.form.get("seen", -1, type=int), now)
    except SavedMeanwhile:
        db.session.rollback()
        found = editable(found.id)
        return _page(found, number, typed, errors={"": MEANWHILE}), 409
    detail = {"version": found.version, "change": change, "leads": leads}
    audit.record(staff, "saved a sequence", f"sequence:{found.id}", now, detail)
    db.session.commit()
    return redirect(url_for("staff.sequence_page", sequence_id=found.id, saved=leads), 303)


def _step(found: Sequence, number: int) -> StepValues:
    return next((step for step in steps_of(found) if step.number == number), None) or abort(404)


def _typed(step: StepValues) -> dict[str, Any]:
    """What was typed, odd numbers and times as they were."""
    raw = {name: request.form[name] for name in ("day", "at", "minutes") if name in request.form}
    return {**values_of(replace(step)), **raw}


def _page(
    found: Sequence,
    number: int | None,
    values: dict[str, Any],
    errors: dict[str, str] | None = None,
    previewed: StepValues | None = None,
) -> str:
    leads = leads_to_try(staff_or_401(), found)
    chosen = request.form.get("lead", "")
    lead = next((lead for lead in leads if lead.public_id == chosen), leads[0] if leads else None)
    language = request.form.get("language", "en")
    language = language if language in LANGUAGES else "en"
    return render_template(
        "staff/sequence_step.html",
        sequence=found, store=store_name(found), number=number, values=values, errors=errors or {},
        channels=CHANNELS, conditions=CONDITIONS, fields=FIELDS, languages=LANGUAGES, vocabulary=VOCABULARY,
        leads=leads, lead=lead, language=language, on_their_way=on_their_way(found.id),
        previews=previews_of(lead, previewed, language) if previewed and lead else None,
    )  # fmt: skip
