"""What a list call asks for, read as the real API reads it: what it ignores, clamps and refuses."""

import json
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.sandbox.shopmonkey.manners import Manners
from app.sandbox.shopmonkey.objects import Listing

# What the documentation prints as `orderby` is refused: only `orderBy` is known.
KNOWN = {"ids", "limit", "skip", "offset", "orderBy", "where", "params", "include", "locationId"}
OPERATORS = ("gte", "gt", "lte", "lt")
# Conditions on these are ignored on the real API, and unrelated rows come back.
IGNORED = ("email", "phone", "emails", "phoneNumbers")
DEFAULT_LIMIT, HIGHEST_LIMIT = 25, 100
WELL_KNOWN = Manners()


class Refused(Exception):
    """The query does not fit the schema; the message is worded as the real API's validator words it."""


def listing(kind: str, asked: MultiDict[str, str], manners: Manners = WELL_KNOWN) -> Listing:
    """The list call. Raises Refused for unknown parameters, odd numbers, broken JSON and more than 20 ids."""
    known = KNOWN if manners.orderby_refused else KNOWN | {"orderby"}
    if any(name.partition("[")[0].partition(".")[0] not in known for name in asked):
        raise Refused("querystring must NOT have additional properties")
    limit = _number(asked, "limit", DEFAULT_LIMIT, least=1)
    return Listing(
        kind=kind,
        limit=min(limit, HIGHEST_LIMIT) if manners.clamped else limit,
        skip=_number(asked, "skip", 0, least=0),
        ids=_ids(asked.getlist("ids"), manners),
        location_id=None if manners.location_ignored else asked.get("locationId"),
        where=_where(asked.get("where"), manners),
    )


def searching(kind: str, body: dict[str, Any], manners: Manners = WELL_KNOWN) -> Listing:
    """The same, asked by `POST /{kind}/search`: the conditions are JSON in the body."""
    pairs = {name: json.dumps(value) if name == "where" else value for name, value in body.items() if name != "ids"}
    asked = MultiDict({name: str(value) for name, value in pairs.items() if name in KNOWN})
    asked.setlist("ids", list(body.get("ids") or ()))
    return listing(kind, asked, manners)


def _ids(given: list[str], manners: Manners) -> tuple[str, ...]:
    if manners.ids_at_most and len(given) > manners.ids_at_most:
        raise Refused(f"querystring/ids must NOT have more than {manners.ids_at_most} items")
    return tuple(given)


def _number(asked: MultiDict[str, str], name: str, default: int, least: int) -> int:
    given = asked.get(name)
    if given is None:
        return default
    if not given.isdigit():
        raise Refused(f"querystring/{name} must be integer")
    if int(given) < least:
        raise Refused(f"querystring/{name} must be >= {least}")
    return int(given)


def _where(given: str | None, manners: Manners) -> dict[str, list[tuple[str, Any]]]:
    if not given:
        return {}
    try:
        asked = json.loads(given)
    except ValueError:
        raise Refused("querystring/where must be valid JSON") from None
    if not isinstance(asked, dict):
        raise Refused("querystring/where must be object")
    return {name: _conditions(name, value, manners) for name, value in asked.items() if name not in IGNORED}


def _conditions(name: str, value: Any, manners: Manners) -> list[tuple[str, Any]]:
    # Operators with a dollar sign are dropped without a word, so that the whole table comes back.
    pairs = value.items() if isinstance(value, dict) else [("eq", value)]
    if not manners.dollars_dropped:
        pairs = [(operator.removeprefix("$"), wanted) for operator, wanted in pairs]
    kept = [(operator, wanted) for operator, wanted in pairs if operator == "eq" or operator in OPERATORS]
    if name in ("createdDate", "startDate"):
        for _, wanted in kept:
            _check_date(name, wanted)
    return kept


def _check_date(name: str, wanted: Any) -> None:
    try:
        datetime.fromisoformat(str(wanted))
    except ValueError:
        raise Refused(f"querystring/where/{name} must be a date-time") from None
