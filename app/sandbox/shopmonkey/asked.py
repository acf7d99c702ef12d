"""What a list call asks for, read as the real API reads it: what it ignores, clamps and refuses."""

import json
from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from app.sandbox.shopmonkey.objects import Listing

KNOWN = {"ids", "limit", "skip", "offset", "orderBy", "where", "params", "include", "locationId"}
OPERATORS = ("gte", "gt", "lte", "lt")
# Conditions on these are ignored on the real API, and unrelated rows come back.
IGNORED = ("email", "phone", "emails", "phoneNumbers")
DEFAULT_LIMIT, HIGHEST_LIMIT, MOST_IDS = 25, 100, 20


class Refused(Exception):
    """The query does not fit the schema; the message is worded as the real API's validator words it."""


def listing(kind: str, asked: MultiDict[str, str]) -> Listing:
    """The list call. Raises Refused for unknown parameters, odd numbers, broken JSON and more than 20 ids."""
    unknown = [name for name in asked if name.partition("[")[0].partition(".")[0] not in KNOWN]
    if unknown:
        raise Refused("querystring must NOT have additional properties")
    ids = tuple(asked.getlist("ids"))
    if len(ids) > MOST_IDS:
        raise Refused(f"querystring/ids must NOT have more than {MOST_IDS} items")
    return Listing(
        kind=kind,
        limit=min(_number(asked, "limit", DEFAULT_LIMIT, least=1), HIGHEST_LIMIT),
        skip=_number(asked, "skip", 0, least=0),
        ids=ids,
        location_id=asked.get("locationId"),
        where=_where(asked.get("where")),
    )


def _number(asked: MultiDict[str, str], name: str, default: int, least: int) -> int:
    given = asked.get(name)
    if given is None:
        return default
    if not given.isdigit():
        raise Refused(f"querystring/{name} must be integer")
    if int(given) < least:
        raise Refused(f"querystring/{name} must be >= {least}")
    return int(given)


def _where(given: str | None) -> dict[str, list[tuple[str, Any]]]:
    if not given:
        return {}
    try:
        asked = json.loads(given)
    except ValueError:
        raise Refused("querystring/where must be valid JSON") from None
    if not isinstance(asked, dict):
        raise Refused("querystring/where must be object")
    return {name: _conditions(name, value) for name, value in asked.items() if name not in IGNORED}


def _conditions(name: str, value: Any) -> list[tuple[str, Any]]:
    # Operators with a dollar sign are dropped without a word, so that the whole table comes back.
    pairs = value.items() if isinstance(value, dict) else [("eq", value)]
    kept = [(operator, wanted) for operator, wanted in pairs if operator == "eq" or operator in OPERATORS]
    if name == "createdDate":
        for _, wanted in kept:
            try:
                datetime.fromisoformat(str(wanted))
            except ValueError:
                raise Refused("querystring/where/createdDate must be a date-time") from None
    return kept
