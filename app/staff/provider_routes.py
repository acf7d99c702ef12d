"""Whether the providers answer, how fast, and what they cost."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.accounts import require_action, staff_or_401, visible_locations
from app.staff.frame import blueprint
from app.staff.providers import NAMES, recent_faults, standings


@blueprint.get("/providers")
@require_action("assistant.read")
def providers() -> ResponseReturnValue:
    """Each provider's health and its last 24 hours."""
    staff = staff_or_401()
    stores = visible_locations(staff)
    zone = stores[0].timezone if stores else "UTC"
    return render_template(
        "staff/providers.html",
        rows=standings(staff),
        faults=recent_faults(staff),
        names=NAMES,
        zone=zone,
        demo=current_app.config["SETTINGS"].sandbox,
    )
