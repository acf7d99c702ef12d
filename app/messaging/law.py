"""When the law lets an unasked text go out, and how many a day: one row per law, with its source. Pure data.

`HOUSE` holds for everybody and is stricter than most laws; a region's row takes away what it forbids beyond that.
Laws of telephone solicitation are applied as if they covered every text, holidays and exemptions for consent aside: a
store never has to argue that one did not apply. Most rows were checked in lawyers' and vendors' summaries, not in the
law's own text; where only one list tells it, the row names the list. Whoever changes a row writes the day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time

Window = tuple[time, time]
Week = tuple[Window, ...]  # Monday first, in the recipient's local time; an empty window allows nothing.

NEVER: Window = (time(0), time(0))


@dataclass(frozen=True, slots=True)
class Law:
    """One law: its hours by weekday, the most texts in 24 hours where it says so, and when that was last checked."""

    week: Week
    source: str
    checked: date
    most_in_24_hours: int | None = None


def _week(daily: str, saturday: str | None = None, sunday: str | None = None) -> Week:
    """`"9-20"` as seven windows; `"-"` is a day without any."""
    return (*(_window(daily),) * 5, _window(saturday or daily), _window(sunday or saturday or daily))


def _window(hours: str) -> Window:
    if hours == "-":
        return NEVER
    opens, closes = (time.fromisoformat(end.zfill(2)) for end in hours.split("-"))
    return opens, closes


CHECKED = date(2026, 11, 22)
CHECKED_LATER = date(2026, 11, 27)

LISTED = ", as listed at blog.clickpointsoftware.com in July 2025"

HOUSE = Law(_week("9-20", sunday="12-18"), "This product's own rule, for every recipient", CHECKED, 3)

UNITED_STATES = Law(_week("8-21"), "47 CFR 64.1200(c)(1)", CHECKED)
CANADA = Law(_week("9-21:30", saturday="10-18"), "CRTC Unsolicited Telecommunications Rules, Part III, s. 23", CHECKED)

STATES: Mapping[str, Law] = {
    "AL": Law(_week("8-20", sunday="-"), "Ala. Code 8-19A-14" + LISTED, CHECKED_LATER),
    "CT": Law(_week("9-20"), "Conn. Gen. Stat. 42-288a", CHECKED),
    "FL": Law(_week("8-20"), "Fla. Stat. 501.616(6)", CHECKED, 3),
    "KY": Law(_week("10-21"), "Ky. Rev. Stat. 367.46955" + LISTED, CHECKED_LATER),
    "LA": Law(_week("8-20", sunday="-"), "La. PSC General Order R-29617, V(A)(2), as told at dnc.com", CHECKED_LATER),
    "MD": Law(_week("8-20"), "Md. Code, Com. Law 14-4503, as listed at g2leadstosales.com", CHECKED_LATER, 3),
    "MS": Law(_week("8-20", sunday="-"), "Miss. Code 77-3-723" + LISTED, CHECKED_LATER),
    "NJ": Law(_week("8-20"), "N.J. Stat. 56:8-130.1", CHECKED),
    "OK": Law(_week("8-20"), "Okla. Stat. tit. 15, 775C.4", CHECKED, 3),
    "RI": Law(_week("9-18", saturday="10-17"), "R.I. Gen. Laws 5-61-3.6", CHECKED),
    "TX": Law(_week("9-21", sunday="12-21"), "Tex. Bus. & Com. Code 301.051 (SB 140, texts since 2025-09-01)", CHECKED),
    "UT": Law(_week("8-21", sunday="-"), "Utah Code 13-25a-103(3)", CHECKED_LATER),
    "WA": Law(_week("8-20"), "Wash. Rev. Code 80.36.390", CHECKED),
}

PROVINCES = frozenset({"AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"})

# A place whose province nobody knows is still in Canada by its clock.
CANADIAN_ZONES = frozenset({
    "America/St_Johns", "America/Halifax", "America/Glace_Bay", "America/Moncton", "America/Goose_Bay",
    "America/Toronto", "America/Montreal", "America/Nipigon", "America/Thunder_Bay", "America/Iqaluit",
    "America/Pangnirtung", "America/Atikokan", "America/Blanc-Sablon", "America/Winnipeg", "America/Rainy_River",
    "America/Resolute", "America/Rankin_Inlet", "America/Regina", "America/Swift_Current", "America/Edmonton",
    "America/Cambridge_Bay", "America/Yellowknife", "America/Inuvik", "America/Creston", "America/Dawson_Creek",
    "America/Fort_Nelson", "America/Whitehorse", "America/Dawson", "America/Vancouver", "Canada/Atlantic",
    "Canada/Central", "Canada/Eastern", "Canada/Mountain", "Canada/Newfoundland", "Canada/Pacific",
    "Canada/Saskatchewan", "Canada/Yukon",
})  # fmt: skip

# CASL: consent implied by an inquiry ends after 6 months, by a purchase after 24 (S.C. 2010, c. 23, s. 10(10)).
INQUIRY_MONTHS = 6


def in_canada(zone: str, region: str | None) -> bool:
    """Whether Canadian law holds at a place."""
    return region in PROVINCES or (region not in STATES and zone in CANADIAN_ZONES)


def laws_at(zone: str, region: str | None) -> tuple[Law, ...]:
    """Every law that holds at a place."""
    country = CANADA if in_canada(zone, region) else UNITED_STATES
    state = STATES.get(region or "")
    return (HOUSE, country, state) if state else (HOUSE, country)


def window_at(zone: str, region: str | None, weekday: int) -> Window:
    """What all laws of a place allow on a weekday (0 = Monday), in its local time."""
    windows = [law.week[weekday] for law in laws_at(zone, region)]
    opens, closes = max(opens for opens, _ in windows), min(closes for _, closes in windows)
    return (opens, closes) if opens < closes else NEVER


def most_in_24_hours(zone: str, region: str | None) -> int:
    """The most unasked texts that one person may get in any 24 hours."""
    return min(law.most_in_24_hours for law in laws_at(zone, region) if law.most_in_24_hours is not None)
