"""The sequences: which there are, their name and switch, and a store's own."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import audit, may, require_action, staff_or_401, visible_locations
from app.db import db
from app.lib import clock
from app.staff.frame import blueprint
from app.staff.sequences import may_edit, overview, sequence_or_404, spoken, store_name, title_of, versions_of
from app.touchpoints.models import Sequence
from app.touchpoints.sequences import not_there_yet, on_their_way, own_sequence, steps_of

LONGEST_NAME = 80


@blueprint.get("/sequences")
@require_action("leads.read")
def sequences() -> ResponseReturnValue:
    """The company's sequence, and which stores have their own."""
    company, leads, rows = overview(staff_or_401(), clock.now())
    # The company's first is made when somebody looks.
    db.session.commit()
    return render_template("staff/sequences.html", company=company, leads=leads, rows=rows, steps=steps_of(company))


@blueprint.post("/sequences")
@require_action("sequences.edit")
def give_store_sequence() -> ResponseReturnValue:
    """Give a store its own, as a copy of the company's."""
    staff, wanted, now = staff_or_401(), request.form.get("store", type=int), clock.now()
    store = next((store for store in visible_locations(staff) if store.id == wanted), None) or abort(404)
    own = own_sequence(store, staff.name, now)
    audit.record(staff, "gave a store its own sequence", f"location:{store.id}", now)
    db.session.commit()
    return redirect(url_for("staff.sequence_page", sequence_id=own.id), 303)


@blueprint.get("/sequences/<int:sequence_id>")
@require_action("leads.read")
def sequence_page(sequence_id: int) -> ResponseReturnValue:
    """The steps of the present version, or of the `version` asked for."""
    return _page(sequence_or_404(staff_or_401(), sequence_id))


@blueprint.post("/sequences/<int:sequence_id>")
@require_action("sequences.edit")
def save_sequence(sequence_id: int) -> ResponseReturnValue:
    """Its name and whether it is on. 422 without a name."""
    staff, now = staff_or_401(), clock.now()
    found = editable(sequence_id)
    name = " ".join(request.form.get("name", "").replace("\x00", "").split())
    if not 0 < len(name) <= LONGEST_NAME:
        return _page(found, f"The name must have 1 to {LONGEST_NAME} characters."), 422
    found.name, found.active = name, "active" in request.form
    detail = {"name": name, "active": found.active}
    audit.record(staff, "changed a sequence", f"sequence:{found.id}", now, detail)
    db.session.commit()
    return redirect(url_for("staff.sequence_page", sequence_id=found.id), 303)


def editable(sequence_id: int) -> Sequence:
    """The sequence, if the signed-in staff may change it: else 404 or 403."""
    staff = staff_or_401()
    found = sequence_or_404(staff, sequence_id)
    return found if may_edit(staff, found) else abort(403)


def _page(found: Sequence, problem: str = "") -> str:
    staff, asked = staff_or_401(), request.args.get("version", type=int)
    versions = versions_of(found)
    shown = asked if asked in {row.version for row in versions} else found.version
    steps = steps_of(found, shown)
    return render_template(
        "staff/sequence.html",
        sequence=found,
        store=store_name(found),
        steps=[(step, title_of(step, store_name(found)), spoken(step)) for step in steps],
        shown=shown,
        versions=versions,
        leads=on_their_way(found.id),
        waiting=not_there_yet(found),
        saved=request.args.get("saved"),
        editable=may(staff, "sequences.edit") and may_edit(staff, found) and shown == found.version,
        problem=problem,
    )
