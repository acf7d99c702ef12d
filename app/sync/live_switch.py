"""Letting a store reach real people, and stopping it."""

from flask import current_app

from app.db import db
from app.locations.models import Location
from app.sync.checklist import checklist_of

IN_SANDBOX = "This deployment is a sandbox (SANDBOX is set): no store of it can reach real people."


class LiveRefused(Exception):
    """The store cannot be live; the message says why, in words for staff."""


def switch_live(store: Location, wanted: bool) -> bool:
    """Make the store live or not; whether that changed anything. Stopping is always possible.

    Raises LiveRefused in a sandbox, and while something is missing.
    """
    if wanted and (why := why_not_live(store)):
        raise LiveRefused(why)
    changed = store.live is not wanted
    store.live = wanted
    db.session.flush()
    return changed


def why_not_live(store: Location) -> str | None:
    """What keeps the store from being live, or None."""
    if current_app.config["SETTINGS"].sandbox:
        return IN_SANDBOX
    missing = checklist_of(store).missing
    if missing:
        return f"Still missing: {', '.join(step.title for step in missing)}."
    return None
