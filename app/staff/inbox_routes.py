"""The list of leads."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import require_action, staff_or_401, visible_locations
from app.leads.stages import STAGES
from app.staff.filters import Filters
from app.staff.frame import blueprint
from app.staff.parts import leads_part
from app.web.rendering import wants_fragment


@blueprint.get("/")
@require_action("leads.read")
def inbox() -> ResponseReturnValue:
    """The leads of their stores; for htmx only the list."""
    staff, filters = staff_or_401(), Filters.parse(request.args)
    stores = visible_locations(staff)
    leads = leads_part(staff, filters, len(stores) > 1, shown_lead=request.args.get("lead", ""))
    if wants_fragment():
        return leads.answer()
    return render_template(
        "staff/inbox.html",
        leads=leads,
        filters=filters,
        stage_options=[("", "Every stage"), *((stage, stage.capitalize()) for stage in STAGES)],
        store_options=[("", "Every store"), *((str(store.id), store.name) for store in stores)],
    )
