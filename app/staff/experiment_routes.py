"""Experiments: plan one, start and stop it, and read what its variants brought."""

from typing import Any

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import audit, require_action, staff_or_401, visible_locations, within
from app.ai import configured
from app.assistant.experiment_writing import SUBJECTS, ExperimentRefused, plan, start, stop
from app.assistant.models import Experiment
from app.assistant.prompt_versions import versions_of
from app.chat.experiment_results import FEWEST_REPLIES, results_of
from app.db import db
from app.lib import clock
from app.locations.models import Location
from app.staff.experiment_form import experiment_form
from app.staff.frame import blueprint


@blueprint.get("/experiments")
@require_action("assistant.read")
def experiments() -> ResponseReturnValue:
    """The experiments at their stores, newest first; those of every store are the franchise admins'."""
    query = select(Experiment).where(within(staff_or_401(), Experiment))
    rows = db.session.scalars(query.order_by(Experiment.id.desc()).limit(100)).all()
    return render_template("staff/experiments.html", rows=rows, subjects=SUBJECTS)


@blueprint.get("/experiments/new")
@require_action("assistant.edit")
def new_experiment() -> ResponseReturnValue:
    """The form for a new one."""
    return _form({})


@blueprint.post("/experiments")
@require_action("assistant.edit")
def plan_experiment() -> ResponseReturnValue:
    """Plan it; it starts by a button of its own. 422 for what makes no experiment."""
    staff = staff_or_401()
    asked = experiment_form(request.form)
    theirs = {store.id for store in visible_locations(staff)}
    try:
        if asked.location_id is not None and asked.location_id not in theirs:
            raise ExperimentRefused("Choose a store.")
        made = plan(
            staff.company_id,
            asked.location_id,
            asked.name,
            asked.subject,
            asked.guard_percent,
            asked.variants,
            staff.name,
            configured(current_app.config["SETTINGS"]),
        )
    except ExperimentRefused as refusal:
        db.session.rollback()
        return _form(request.form.to_dict(), str(refusal)), 422
    return _done(made, "planned an experiment")


@blueprint.get("/experiments/<int:experiment_id>")
@require_action("assistant.read")
def experiment(experiment_id: int) -> ResponseReturnValue:
    """One experiment with its figures."""
    return _shown(_experiment_or_404(experiment_id))


@blueprint.post("/experiments/<int:experiment_id>/run")
@require_action("assistant.edit")
def run_experiment(experiment_id: int) -> ResponseReturnValue:
    """Start it. 409 while another runs, or when it has run before."""
    found = _experiment_or_404(experiment_id)
    try:
        start(found, clock.now())
    except ExperimentRefused as refusal:
        db.session.rollback()
        return _shown(_experiment_or_404(experiment_id), str(refusal)), 409
    return _done(found, "started an experiment")


@blueprint.post("/experiments/<int:experiment_id>/end")
@require_action("assistant.edit")
def end_experiment(experiment_id: int) -> ResponseReturnValue:
    """Stop it. 409 unless it runs."""
    found, staff = _experiment_or_404(experiment_id), staff_or_401()
    try:
        stop(found, f"{staff.name} stopped it.", clock.now())
    except ExperimentRefused as refusal:
        db.session.rollback()
        return _shown(_experiment_or_404(experiment_id), str(refusal)), 409
    return _done(found, "stopped an experiment")


def _done(found: Experiment, what: str) -> ResponseReturnValue:
    experiment_id = found.id
    tried = [row.prompt_version for row in found.variants if row.prompt_version is not None]
    told = {"name": found.name, "untested": [version.number for version in tried if not version.tested]}
    audit.record(staff_or_401(), what, f"experiment:{experiment_id}", clock.now(), told)
    db.session.commit()
    return redirect(url_for("staff.experiment", experiment_id=experiment_id), 303)


def _experiment_or_404(experiment_id: int) -> Experiment:
    if experiment_id >= 2**63:
        abort(404)
    found = db.session.scalar(
        select(Experiment).where(Experiment.id == experiment_id, within(staff_or_401(), Experiment))
    )
    return found if found is not None else abort(404)


def _shown(found: Experiment, problem: str = "") -> str:
    store = db.session.get(Location, found.location_id) if found.location_id else None
    return render_template(
        "staff/experiment.html",
        experiment=found,
        store=store,
        subjects=SUBJECTS,
        results=results_of(found),
        fewest=FEWEST_REPLIES,
        problem=problem,
    )


def _form(values: dict[str, Any], problem: str = "") -> str:
    staff = staff_or_401()
    stores = [("", "Every store"), *((str(store.id), store.name) for store in visible_locations(staff))]
    numbers = [("", "Choose"), *((str(row.number), _name(row)) for row in versions_of(staff.company_id))]
    return render_template(
        "staff/experiment_new.html", values=values, problem=problem, stores=stores, subjects=SUBJECTS, versions=numbers
    )


def _name(version: Any) -> str:
    return f"Version {version.number} ({version.status})"
