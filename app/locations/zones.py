"""Time zones that a store can have. ShopMonkey sends names that are assumed to be IANA's, and are checked here."""

from zoneinfo import available_timezones

USUAL = (
    ("America/New_York", "Eastern"),
    ("America/Chicago", "Central"),
    ("America/Denver", "Mountain"),
    ("America/Phoenix", "Arizona"),
    ("America/Los_Angeles", "Pacific"),
    ("America/Anchorage", "Alaska"),
    ("Pacific/Honolulu", "Hawaii"),
    ("America/Puerto_Rico", "Puerto Rico"),
    ("America/Halifax", "Atlantic Canada"),
    ("America/Toronto", "Eastern Canada"),
    ("America/Winnipeg", "Central Canada"),
    ("America/Edmonton", "Mountain Canada"),
    ("America/Vancouver", "Pacific Canada"),
)


def known_zone(name: str | None) -> str | None:
    """The zone, if there is one of that name."""
    return name if name in available_timezones() else None
