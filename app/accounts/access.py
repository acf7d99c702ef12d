"""Who is signed in, and what a request without them gets."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, abort, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts import scope
from app.accounts.models import StaffUser
from app.db import db
from app.lib import clock

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=5)


def start_session(staff: StaffUser, now: datetime) -> None:
    """Sign this browser in as `staff`, with nothing left of the session before."""
    session.clear()
    session.permanent = True
    session.update(staff=staff.id, generation=staff.session_generation, since=now.timestamp(), seen=now.timestamp())


def end_session() -> None:
    """Sign out whoever is signed in: this browser, and every other that has a session of theirs. Flushes."""
    staff = current_staff()
    if staff is not None:
        # A copy of the cookie outlives its clearing here.
        staff.session_generation += 1
        db.session.flush()
    session.clear()


def current_staff() -> StaffUser | None:
    """Who is signed in.

    None after 12 idle hours or 14 days, or when the account is closed or its session generation has moved on.
    """
    return _staff_of_session(clock.now())


def staff_or_401() -> StaffUser:
    """Who is signed in. Aborts with 401 where nobody is: for code behind `sign_in_first`."""
    staff = current_staff()
    if staff is None:
        abort(401)
    return staff


def sign_in_first() -> ResponseReturnValue | None:
    """For `before_request`: None when somebody is signed in, else a page goes to the form and the rest gets 401."""
    if current_staff() is not None:
        return None
    if request.method == "GET" and not _in_the_background():
        session["next"] = request.full_path.rstrip("?")
        return redirect(url_for("accounts.show_form"))
    response = make_response("Signed out. Please sign in again.", 401)
    response.headers["HX-Redirect"] = url_for("accounts.show_form")
    return response


def require_staff(view: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a view that only staff may reach."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        turned_away = sign_in_first()
        return view(*args, **kwargs) if turned_away is None else turned_away

    return guarded


def require_action(action: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorate a view that needs an action of `scope.ACTIONS`: 403 for a role without it."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not scope.may(staff_or_401(), action):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate


def in_english() -> None:
    """For `before_request`: the dashboard speaks English, whatever the browser prefers."""
    g.language = "en"


def never_stored(response: Response) -> Response:
    """For `after_request`: what staff see is kept by no cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _staff_of_session(now: datetime) -> StaffUser | None:
    if "staff" not in session:
        return None
    since, seen = _moment(session.get("since")), _moment(session.get("seen"))
    if now - since > LONGEST or now - seen > IDLE:
        return None
    staff = db.session.get(StaffUser, session["staff"])
    if staff is None or not staff.active or staff.session_generation != session.get("generation"):
        return None
    if now - seen > TOUCH_EVERY and not _in_the_background():
        session["seen"] = now.timestamp()
    return staff


def _moment(timestamp: Any) -> datetime:
    return datetime.fromtimestamp(float(timestamp or 0), UTC)


def _in_the_background() -> bool:
    # A page left open polls and streams for ever; with nobody at the desk that must not keep the session alive.
    if request.method != "GET":
        return False
    return "HX-Request" in request.headers or "text/event-stream" in request.headers.get("Accept", "")
