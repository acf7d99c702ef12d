"""Lenient readers of JSON values: what is missing or odd becomes None, never an error.

ShopMonkey adds fields and enum values without a new version (shopmonkey.dev/overview).
"""

import math
from datetime import UTC, datetime
from typing import Any

from app.lib.text import printable

# What a column of whole numbers holds.
LARGEST = 2**63 - 1


def text(value: Any) -> str | None:
    """Printable text with something in it; a number is written out (`number` comes as either)."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return printable(str(value)).strip() or None


def whole(value: Any) -> int | None:
    """A whole number, also one written as text or as 4200.0; one that no column holds becomes the largest that does."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        # Not by way of a float: two versions that differ in the last of many digits must not be one.
        return _held(value)
    try:
        number = float(value)
        return _held(int(number)) if number.is_integer() else None
    except (TypeError, ValueError, OverflowError):
        return None


def _held(number: int) -> int:
    return max(-LARGEST, min(LARGEST, number))


def amount(value: Any) -> float:
    """A number, 0 where there is none."""
    try:
        number = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if math.isfinite(number) else 0.0


def flag(value: Any) -> bool:
    """True where JSON says true."""
    return value is True


def moment(value: Any) -> datetime | None:
    """An ISO-8601 time in UTC; one without an offset is taken as UTC."""
    try:
        read = datetime.fromisoformat(value)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (TypeError, ValueError, OverflowError):
        return None


def rows(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; anything else in it is left out."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def child(value: Any) -> dict[str, Any]:
    """A nested object, empty where there is none."""
    return value if isinstance(value, dict) else {}


def texts(value: Any) -> tuple[str, ...]:
    """The texts of a list; anything else in it is left out."""
    return tuple(word for one in value if (word := text(one))) if isinstance(value, list) else ()
