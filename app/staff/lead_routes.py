"""One lead: its conversation, live, and what staff do with it."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import chat
from app.accounts import audit, require_action, staff_or_401, visible_locations
from app.db import db
from app.leads.models import Lead
from app.leads.timeline import note
from app.lib import clock
from app.staff.access import conversation_of, lead_or_404
from app.staff.filters import Filters
from app.staff.frame import blueprint
from app.staff.parts import controls_part, leads_part, panel_part, sequence_part
from app.web.rendering import wants_fragment


@blueprint.get("/leads/<public_id>")
@require_action("leads.read")
def lead(public_id: str) -> ResponseReturnValue:
    """The conversation, with the list and the panel beside it."""
    return _page(lead_or_404(public_id))


@blueprint.get("/leads/<public_id>/panel")
@require_action("leads.read")
def panel(public_id: str) -> ResponseReturnValue:
    """What stands beside the conversation."""
    return panel_part(lead_or_404(public_id)).answer()


@blueprint.get("/leads/<public_id>/controls")
@require_action("leads.read")
def controls(public_id: str) -> ResponseReturnValue:
    """Who holds the thread, and what staff can do about it."""
    found = lead_or_404(public_id)
    return controls_part(staff_or_401(), found, conversation_of(found)).answer()


@blueprint.get("/leads/<public_id>/stream")
@require_action("leads.read")
def stream(public_id: str) -> ResponseReturnValue:
    """The conversation's live feed; 204 while there is no conversation."""
    conversation = conversation_of(lead_or_404(public_id))
    if conversation is None:
        return Response(status=204)
    after = request.headers.get("Last-Event-ID") or request.args.get("after")
    return chat.feed_response(conversation.id, after, lambda: lead_or_404(public_id))


@blueprint.get("/leads/<public_id>/messages")
@require_action("leads.read")
def older(public_id: str) -> ResponseReturnValue:
    """The messages before `before`, for the page that is open."""
    found = lead_or_404(public_id)
    conversation, before = conversation_of(found), request.args.get("before", type=int)
    if conversation is None or before is None:
        abort(404)
    return render_template("staff/older.stream.html", lead=found, thread=chat.thread(conversation.id, before))


@blueprint.post("/leads/<public_id>/takeover")
@require_action("conversation.hold")
def take_over(public_id: str) -> ResponseReturnValue:
    """Hold the thread: the assistant is silent from this commit on."""
    found, staff, now = lead_or_404(public_id), staff_or_401(), clock.now()
    conversation = chat.open_conversation(found)
    audit.record(staff, "took over", f"lead:{public_id}", now)
    note(found.id, "takeover", f"{staff.name} took the conversation over", staff.name, now)
    chat.take_over(conversation.id, staff.id, staff.name, now)
    return _done(public_id)


@blueprint.post("/leads/<public_id>/handback")
@require_action("conversation.hold")
def hand_back(public_id: str) -> ResponseReturnValue:
    """Let the assistant answer again."""
    found, staff, now = lead_or_404(public_id), staff_or_401(), clock.now()
    conversation = chat.open_conversation(found)
    audit.record(staff, "handed back", f"lead:{public_id}", now)
    note(found.id, "handback", f"{staff.name} handed the conversation back to the assistant", staff.name, now)
    chat.hand_back(conversation.id, staff.name, now)
    return _done(public_id)


@blueprint.post("/leads/<public_id>/messages")
@require_action("conversation.answer")
def post_message(public_id: str) -> ResponseReturnValue:
    """Answer the customer. 409 while the assistant holds the thread, 422 for a message that cannot be sent."""
    found, staff, now = lead_or_404(public_id), staff_or_401(), clock.now()
    message_id = chat.message_id_of(request.form.get("client_message_id", ""))
    conversation = chat.open_conversation(found)
    audit.record(staff, "answered", f"lead:{public_id}", now)
    try:
        posted = chat.post_staff_message(
            conversation.id, staff.id, staff.name, request.form.get("message", ""), message_id, now
        )
    except chat.NotHeld:
        return _refused(public_id, "The assistant holds this conversation. Take it over to answer.", 409)
    except chat.MessageRefused as refusal:
        db.session.rollback()
        return _refused(public_id, str(refusal), 422)
    if wants_fragment():
        return render_template("chat/feed_item.stream.html", message=posted.item, state=posted.state)
    return redirect(url_for("staff.lead", public_id=public_id), 303)


def _done(public_id: str) -> ResponseReturnValue:
    """What follows a change of holder: the controls as they are now, or without htmx the page."""
    if not wants_fragment():
        return redirect(url_for("staff.lead", public_id=public_id), 303)
    found = lead_or_404(public_id)
    return controls_part(staff_or_401(), found, conversation_of(found)).__html__()


def _refused(public_id: str, reason: str, status: int) -> ResponseReturnValue:
    """The reason beside the composer; without htmx the page with the reason on it and the text still in the form."""
    if wants_fragment():
        return render_template("staff/_refusal.html", reason=reason), status
    return _page(lead_or_404(public_id), reason, request.form.get("message", "")), status


def _page(found: Lead, reason: str = "", draft: str = "") -> str:
    staff, conversation = staff_or_401(), conversation_of(found)
    several_stores = len(visible_locations(staff)) > 1
    return render_template(
        "staff/lead.html",
        lead=found,
        thread=chat.thread(conversation.id) if conversation else None,
        leads=leads_part(staff, Filters(), several_stores, shown_lead=found.public_id),
        panel=panel_part(found),
        sequence=sequence_part(found),
        controls=controls_part(staff, found, conversation, draft),
        reason=reason,
    )
