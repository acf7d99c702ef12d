"""The customer's chat page."""

import uuid

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from app import chat
from app.booking import visit_ahead
from app.chat import feed, view
from app.chat.access import Visit, note_opened, proves, visit_or_refuse
from app.chat.message_rules import MessageRefused, message_id_of
from app.chat.thread import thread
from app.db import db
from app.lib import clock, phone
from app.locations.settings import settings_for
from app.web.i18n import choose_language
from app.web.limits import limiter
from app.web.rendering import wants_fragment

blueprint = Blueprint("chat", __name__, url_prefix="/chat/<public_id>")


def _this_lead() -> str:
    """The lead, for requests that prove theirs; a stranger's guesses count against the stranger."""
    public_id = str((request.view_args or {}).get("public_id"))
    return f"lead:{public_id}" if proves(public_id) else f"stranger:{get_remote_address()}"


# One allowance for a lead, whichever door its requests come by.
per_lead = limiter.shared_limit("100/minute", scope="lead", key_func=_this_lead)


@blueprint.get("")
def page(public_id: str) -> str:
    return _page(visit_or_refuse(public_id))


@blueprint.post("/messages")
@per_lead
def send(public_id: str) -> ResponseReturnValue:
    visit = visit_or_refuse(public_id)
    client_message_id = message_id_of(request.form.get("client_message_id", ""))
    message = request.form.get("message", "")
    try:
        posted = chat.post_customer_message(
            visit.conversation_id, visit.lead_id, message, client_message_id, "web", clock.now(), choose_language()
        )
    except MessageRefused as refused:
        db.session.rollback()
        if wants_fragment():
            abort(422, str(refused))
        return _page(visit, str(refused), message), 422
    if wants_fragment():
        return render_template("chat/feed_item.stream.html", message=posted.item, state=posted.state)
    return redirect(url_for(".page", public_id=public_id, _anchor="latest"), 303)


@blueprint.get("/stream")
def stream(public_id: str) -> Response:
    visit = visit_or_refuse(public_id)
    after = request.headers.get("Last-Event-ID") or request.args.get("after")
    return feed.feed_response(visit.conversation_id, after, lambda: visit_or_refuse(public_id))


@blueprint.get("/messages")
def older(public_id: str) -> str:
    visit = visit_or_refuse(public_id)
    found = thread(visit.conversation_id, request.args.get("before", type=int))
    template = "chat/_older.html" if wants_fragment() else "chat/older.html"
    return render_template(template, thread=found, lead=visit.lead)


@blueprint.get("/catalog")
def catalog(public_id: str) -> str:
    lead = visit_or_refuse(public_id).lead
    query = request.args.get("q", "")[:100]
    template = "chat/_catalog.html" if wants_fragment() else "chat/catalog.html"
    return render_template(template, lead=lead, categories=view.catalog_of(lead, query), query=query)


@blueprint.post("/opening")
@per_lead
def opened(public_id: str) -> ResponseReturnValue:
    """A person has touched the page: a gesture, which no link scanner and no preview makes."""
    note_opened(visit_or_refuse(public_id), clock.now())
    db.session.commit()
    return "", 204


def _page(visit: Visit, error: str | None = None, draft: str = "") -> str:
    lead = visit.lead
    settings = settings_for(lead.location)
    return render_template(
        "chat/page.html",
        lead=lead,
        quote=view.quote_of(lead),
        open_state=view.opening(lead.location, clock.now()),
        store_phone_display=phone.display(lead.location.phone) if lead.location.phone else None,
        thread=thread(visit.conversation_id),
        visit_ahead=visit_ahead(lead.id, clock.now()),
        assistant_name=settings.assistant_name,
        demo=view.is_demo(lead.location),
        new_client_message_id=uuid.uuid4().hex,
        error=error,
        draft=draft,
    )
