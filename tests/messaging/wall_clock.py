"""What is allowed by the wall clock alone, told apart from the code under test."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.lib.regions import REGIONS
from app.messaging.places import Place

PROVINCES = "AB BC MB NB NL NS NT NU ON PE QC SK YT".split()
CANADIAN_ZONES = {zone for code in PROVINCES for zone in REGIONS[code][1]} - {"America/New_York"}

PLACES = [
    *(Place(zone, code) for code, (_, zones) in REGIONS.items() for zone in zones),
    *(Place(zone) for zone in sorted({zone for _, zones in REGIONS.values() for zone in zones})),
]


def inside(moment: datetime, place: Place, opens: time | None = None, closes: time | None = None) -> bool:
    """Whether a text may arrive at `moment`."""
    wall = moment.astimezone(ZoneInfo(place.zone))
    if (opens and wall.time() < opens) or (closes and wall.time() >= closes):
        return False
    return any(begin <= wall.hour < end for begin, end in [hours_of(wall.weekday(), place)])


def hours_of(weekday: int, place: Place) -> tuple[int, int]:
    """Whole hours from and until."""
    saturday, sunday = weekday == 5, weekday == 6
    if sunday and place.region in ("AL", "LA", "MS", "UT"):
        return 0, 0
    if place.region == "RI":
        return (12, 17) if sunday else (10, 17) if saturday else (9, 18)
    if place.region == "KY" and not sunday:
        return 10, 20
    canadian = place.region in PROVINCES or (place.region is None and place.zone in CANADIAN_ZONES)
    if saturday and canadian:
        return 10, 18
    return (12, 18) if sunday else (9, 20)
