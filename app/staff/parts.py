"""The live parts of the dashboard's pages, the same on first load and when they are asked for again."""

from typing import Any
from uuid import uuid4

from flask import render_template, url_for

from app.accounts.models import StaffUser
from app.chat.models import Conversation
from app.leads.models import Lead
from app.lib import clock
from app.staff.filters import Filters
from app.staff.inbox import inbox_page
from app.staff.lead_panel import panel_of
from app.staff.live import Live
from app.staff.times import how_long
from app.staff.waiting import waiting_of
from app.touchpoints.followup import followup_of

LIST_SECONDS = 5
CONTROLS_SECONDS = 5
PANEL_SECONDS = 10


def leads_part(staff: StaffUser, filters: Filters, several_stores: bool, shown_lead: str) -> Live:
    """The list of leads, on its own page or beside a conversation, where `shown_lead` is marked."""
    html = render_template(
        "staff/_leads.html",
        page=inbox_page(staff, filters),
        filters=filters,
        shown_lead=shown_lead,
        several_stores=several_stores,
    )
    where: dict[str, Any] = dict(filters.query)
    if filters.after:
        where["after"] = str(filters.after)
    if shown_lead:
        where["lead"] = shown_lead
    return Live("leads", url_for("staff.inbox", **where), LIST_SECONDS, html)


def panel_part(lead: Lead) -> Live:
    """What stands beside the conversation."""
    html = render_template("staff/_panel.html", lead=lead, panel=panel_of(lead))
    return Live("panel", url_for("staff.panel", public_id=lead.public_id), PANEL_SECONDS, html)


def sequence_part(lead: Lead, problem: str = "") -> Live:
    """The lead's follow-up, with what staff can do about it and why something could not be done."""
    html = render_template("staff/_sequence.html", lead=lead, followup=followup_of(lead, clock.now()), problem=problem)
    return Live("sequence", url_for("staff.sequence", public_id=lead.public_id), PANEL_SECONDS, html)


def controls_part(staff: StaffUser, lead: Lead, conversation: Conversation | None, draft: str = "") -> Live:
    """Who holds the thread, and the buttons and the composer that follow from it."""
    held, waits = ("assistant", None) if conversation is None else (conversation.holder, conversation.waiting_since)
    if conversation is not None and held == "staff" and conversation.held_by == staff.id:
        held = "me"
    name = conversation.holder_name if conversation else ""
    waiting = waiting_of(conversation, clock.now())
    html = render_template(
        "staff/_controls.html",
        lead=lead,
        waiting=waiting,
        conversation=conversation,
        held=held,
        draft=draft,
        new_client_message_id=uuid4().hex,
    )
    url = url_for("staff.controls", public_id=lead.public_id)
    # The composer in it is new each time, and must not be replaced while somebody writes: its state is its version.
    # While somebody waits the clock goes on; whoever writes has ended the waiting.
    clock_time = f"{waiting.state} {how_long(waiting.since, clock.now())}" if waiting and held != "me" else ""
    return Live("controls", url, CONTROLS_SECONDS, html, f"{held} {name} {waits} {clock_time}")
