"""Looking at a store's calendar. Searching it omits every recurring appointment; what the web calendar asks shows them.

That address is not documented (found by a booking client in use), so where it fails the search alone has to do.
"""

import logging
from typing import Any

from app.shopmonkey.port import ShopMonkeyError
from app.shopmonkey.shop_payloads import AppointmentPayload, CalendarPayload
from app.shopmonkey.walking import id_of, joined_walks
from app.shopmonkey.wire import Wire

Json = dict[str, Any]

log = logging.getLogger(__name__)


def look_at_calendar(wire: Wire, location_id: str, since: str, until: str) -> CalendarPayload:
    """Both looks joined, for one store; what starts in that stretch of time. Raises ShopMonkeyError."""
    asked = {"where": {"startDate": {"gte": since, "lte": until}}}
    found, whole = joined_walks(wire.search, "/appointment/search", asked)
    try:
        expanded, all_shown = _expanded(wire, location_id, since, until)
    except ShopMonkeyError as error:
        if not error.permanent:
            raise
        log.warning("recurring appointments are not seen: %s", error)
        expanded, all_shown = [], False
    rows = {_occurrence(row): row for row in (*found, *expanded)}
    # The search knows no filter by store: a company's other stores are among what it shows.
    ours = [one for one in map(AppointmentPayload.from_json, rows.values()) if one.location_id in (None, location_id)]
    return CalendarPayload(tuple(ours), whole and all_shown)


def _expanded(wire: Wire, location_id: str, since: str, until: str) -> tuple[list[Json], bool]:
    """Only the named technicians' appointments are shown, so all are named."""
    users, known = joined_walks(wire.read, "/user", {"locationId": location_id})
    asked = {
        "dateMin": since, "dateMax": until, "includeUnassigned": True,
        "technicians": sorted(user_id for user in users if (user_id := id_of(user))),
    }  # fmt: skip
    rows, whole = joined_walks(wire.search, "/appointment/search_replacement", asked, _occurrence)
    return rows, whole and known


def _occurrence(row: Json) -> str | None:
    """Occurrences of one series may share its id."""
    row_id = id_of(row)
    return f"{row_id} {row.get('startDate')}" if row_id else None
