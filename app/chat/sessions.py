"""Where personal links arrive: verify, remember the lead in this browser, go to the chat. A GET does nothing else."""

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.chat import fresh_links
from app.db import db
from app.leads.links import LinkRefused, Problem, lead_for_link
from app.leads.models import Lead
from app.lib import clock
from app.web.limits import limiter
from app.web.links import remember_lead

blueprint = Blueprint("session", __name__)


@blueprint.get("/session")
@limiter.limit("120/minute")
def arrive() -> ResponseReturnValue:
    token = request.args.get("token", "")
    try:
        lead, signed_at = lead_for_link(token, clock.now())
    except LinkRefused as refused:
        return _problem(refused, token)
    response = make_response(redirect(url_for("chat.page", public_id=lead.public_id), 303))
    remember_lead(response, request, lead.public_id, lead.link_generation, signed_at)
    return response


@blueprint.post("/session/fresh-link")
@limiter.limit("10/minute")
def fresh_link() -> ResponseReturnValue:
    token = request.form.get("token", "")
    try:
        lead, _ = lead_for_link(token, clock.now())
    except LinkRefused as refused:
        if refused.problem is not Problem.EXPIRED or refused.lead is None:
            return _problem(refused, token)
        lead = refused.lead
    _speak_with(lead)
    outcome = fresh_links.ask(lead, clock.now())
    db.session.commit()
    return render_template("chat/link_problem.html", problem="expired", token=None, lead=lead, outcome=outcome)


def _problem(refused: LinkRefused, token: str) -> Response:
    expired = refused.problem is Problem.EXPIRED
    if refused.lead is not None:
        _speak_with(refused.lead)
    page = render_template(
        "chat/link_problem.html",
        problem=refused.problem.value,
        token=token if expired else None,
        lead=refused.lead if expired else None,
        outcome=None,
    )
    return make_response(page, 401)


def _speak_with(lead: Lead) -> None:
    g.language = lead.customer.language if lead.customer else None
