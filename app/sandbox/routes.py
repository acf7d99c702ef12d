"""The sandbox's page: place an order as a customer would, and see on phone and mailbox what comes of it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.models import StaffUser
from app.accounts.sign_in import sign_in_url
from app.db import db
from app.leads.links import chat_url
from app.lib import clock
from app.lib.phone import normalise
from app.messaging import Place
from app.messaging.quiet_hours import next_allowed
from app.sandbox import carrier, catalogue
from app.sandbox.clock import offset, set_to
from app.sandbox.demo import demo_company
from app.sandbox.forms import TYPES, OtherForm, offered_by_category
from app.sandbox.outbox import newest
from app.sandbox.screens import calendar_of, recent_leads, screens, staff_of
from app.sandbox.shopmonkey import orders
from app.web.rendering import wants_fragment

MOST_LETTERS = 1600

blueprint = Blueprint("sandbox", __name__, url_prefix="/sandbox")


@blueprint.get("/")
def page() -> str:
    return _page(OtherForm.empty())


@blueprint.get("/screens")
def show_screens() -> str | tuple[str, int]:
    if request.args.get("version", -1, int) == newest():
        g.unlogged = True
        return "", 204
    return render_template("sandbox/_screens.html", screens=_screens())


@blueprint.get("/clock")
def show_clock() -> str:
    return render_template("sandbox/_clock.html", **_clock())


@blueprint.post("/orders")
def place_order() -> str | Response | tuple[str, int]:
    example = next((one for one in catalogue.examples() if one["key"] == request.form.get("example")), None)
    if example is not None:
        return _placed(orders.Quote.from_data(example))
    form = OtherForm.read(request.form)
    if form.errors:
        fragment = wants_fragment()
        return (_other(form), 422) if fragment else (_page(form), 422)
    return _placed(form.quote())


@blueprint.post("/texts")
def send_text() -> str | Response | tuple[str, int]:
    """A text from the phone, as its person would write it."""
    phone, words = normalise(request.form.get("phone", "")), request.form.get("text", "").strip()[:MOST_LETTERS]
    if not phone or not words:
        abort(422, "Write a text first.")
    carrier.text_us(phone, words)
    return _after_writing("#phone-title", phone=phone)


@blueprint.post("/mails/<int:number>/answer")
def send_mail(number: int) -> str | Response | tuple[str, int]:
    """An answer from the mailbox to that mail."""
    words = request.form.get("text", "").strip()[:MOST_LETTERS]
    if not words:
        abort(422, "Write an answer first.")
    if not carrier.answer_mail(number, words):
        abort(404)
    return _after_writing("#mail-title", phone=request.form.get("phone") or None)


@blueprint.get("/mails/<int:number>/visit.ics")
def mail_calendar(number: int) -> Response:
    """The file attached to that mail."""
    file = calendar_of(number)
    if file is None:
        abort(404)
    name = {"Content-Disposition": 'attachment; filename="visit.ics"'}
    return Response(file, content_type="text/calendar; charset=utf-8", headers=name)


def _after_writing(place: str, phone: str | None) -> str | Response:
    if wants_fragment():
        return render_template("sandbox/_screens.html", screens=screens(phone or "", 0))
    return redirect(url_for("sandbox.page", phone=phone) + place, 303)


@blueprint.post("/clock")
def set_clock() -> Response:
    store = next((one for one in catalogue.company()["stores"] if one["key"] == request.form.get("store")), None)
    zone = ZoneInfo((store or catalogue.company()["stores"][0])["timezone"])
    try:
        set_to(_asked_time(request.form.get("to", "now"), zone))
    except ValueError:
        abort(400)
    current_app.extensions["sandbox_clock"].forget()
    return redirect(url_for("sandbox.page"), 303)


@blueprint.post("/sign-in/<int:staff_id>")
def sign_in(staff_id: int) -> Response:
    company = demo_company()
    mine = select(StaffUser).where(StaffUser.id == staff_id, StaffUser.company_id == (company.id if company else 0))
    staff = db.session.scalar(mine)
    if staff is None:
        abort(404)
    address = urlsplit(sign_in_url(staff))
    db.session.commit()
    # Without the host: this page may be open under another name of this machine.
    return redirect(f"{address.path}?{address.query}", 303)


def _asked_time(asked: str, zone: ZoneInfo) -> datetime | None:
    """The moment to set; None is the system's own. Raises ValueError for what is no time."""
    if asked == "now":
        return None
    if asked == "texting":
        return next_allowed(clock.now(), [_place(store) for store in catalogue.company()["stores"]])
    if asked in ("10:00", "23:00"):
        return datetime.now(zone).replace(hour=int(asked[:2]), minute=0, second=0, microsecond=0).astimezone(UTC)
    return datetime.fromisoformat(request.form.get("at", "")).replace(tzinfo=zone).astimezone(UTC)


def _placed(quote: orders.Quote) -> str | Response:
    settings = current_app.config["SETTINGS"]
    now, store = clock.now(), catalogue.store(quote.store)
    order = orders.place(quote, now)
    orders.tell(order, settings.public_url, settings.shopmonkey_webhook_secret)
    if wants_fragment():
        return render_template("sandbox/_placed.html", order=order, texts_from=_texts_from(store, now))
    return redirect(url_for("sandbox.page", placed=order["number"]), 303)


def _screens() -> Any:
    return screens(request.args.get("phone", "")[:40], request.args.get("mail", 0, int))


def _clock() -> dict[str, Any]:
    now = clock.now()
    stores = catalogue.company()["stores"]
    times = [(store, now.astimezone(ZoneInfo(store["timezone"])), _texts_from(store, now)) for store in stores]
    return {"clocks": times, "moved": abs(offset().total_seconds()) > 1}


def _texts_from(store: dict[str, Any], now: datetime) -> datetime | None:
    """When unasked texts go out again, in the store's zone; None when they go out now."""
    allowed = next_allowed(now, [_place(store)])
    return None if allowed in (None, now) else allowed.astimezone(ZoneInfo(store["timezone"]))


def _place(store: dict[str, Any]) -> Place:
    return Place(store["timezone"], store.get("state"))


def _choices() -> dict[str, Any]:
    stores = catalogue.company()["stores"]
    return {
        "stores": stores,
        "store_options": [(store["key"], store["name"]) for store in stores],
        "type_options": [("", "Not known"), *TYPES.items()],
        "offered": offered_by_category(stores[0]["key"]),
    }


def _other(form: OtherForm) -> str:
    return render_template("sandbox/_other.html", form=form, **_choices())


def _page(form: OtherForm) -> str:
    company = demo_company()
    return render_template(
        "sandbox/page.html",
        form=form,
        examples=catalogue.examples(),
        names={store["key"]: store["name"] for store in catalogue.company()["stores"]},
        screens=_screens(),
        placed=request.args.get("placed", "")[:12],
        leads=[(lead, chat_url(lead)) for lead in recent_leads(company)] if company else [],
        staff=staff_of(company) if company else [],
        **_choices(),
        **_clock(),
    )
