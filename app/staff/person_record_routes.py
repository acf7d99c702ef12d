"""One person's whole record, to read or to keep as a file."""

import json
from typing import Any

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from app.accounts import audit, require_action, staff_or_401, visible_locations
from app.accounts.scope import sees_whole_company
from app.db import db
from app.lib import clock
from app.staff.access import lead_or_404
from app.staff.frame import blueprint
from app.staff.person_record import person_of, record_of
from app.staff.record_words import sections


@blueprint.get("/leads/<public_id>/record")
@require_action("records.export")
def person_record(public_id: str) -> ResponseReturnValue:
    """The record to read or print. That it was read is kept."""
    record = _record(public_id, "read the record of")
    lead = lead_or_404(public_id)
    return render_template("staff/person_record.html", lead=lead, record=record, sections=sections(record))


@blueprint.get("/leads/<public_id>/record.json")
@require_action("records.export")
def person_record_file(public_id: str) -> ResponseReturnValue:
    """The record as one file. That it was exported is kept."""
    record = _record(public_id, "exported the record of")
    body = json.dumps(record, ensure_ascii=False, indent=2)
    name = f'attachment; filename="record-{public_id}.json"'
    return Response(body, mimetype="application/json", headers={"Content-Disposition": name})


def _record(public_id: str, action: str) -> dict[str, Any]:
    staff, now, found = staff_or_401(), clock.now(), lead_or_404(public_id)
    stores = None if sees_whole_company(staff) else [store.id for store in visible_locations(staff)]
    record = record_of(found, person_of(found, stores), now)
    audit.record(staff, action, f"lead:{public_id}", now)
    db.session.commit()
    return record
