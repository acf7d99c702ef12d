"""Sentences of the assistant's that its proof did not let through, for review."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import require_action, staff_or_401
from app.assistant.withheld import KEPT_DAYS
from app.lib.text import whole_number
from app.staff.frame import blueprint
from app.staff.withheld import withheld_page

KINDS = {
    "price": "Price",
    "claim": "Claim",
    "moment": "Date or time",
    "term": "Terms of business",
    "suggestion": "Second suggestion",
    "language": "Language",
}
OUTCOMES = {"rewritten": "Said anew", "replaced": "Replaced, team called", "dropped": "Left out"}


@blueprint.get("/assistant/withheld")
@require_action("assistant.read")
def withheld() -> ResponseReturnValue:
    """Those of their stores, newest first; `kind` narrows, `before` goes on where the last page ended."""
    kind = asked if (asked := request.args.get("kind", "")) in KINDS else ""
    rows, older = withheld_page(staff_or_401(), kind, whole_number(request.args.get("before", "")))
    return render_template(
        "staff/withheld.html", rows=rows, older=older, kind=kind, kinds=KINDS, outcomes=OUTCOMES, days=KEPT_DAYS
    )
