"""States, provinces and their clocks: which time zones an address or a phone number leaves open. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, geocoder, timezone


@dataclass(frozen=True, slots=True)
class Area:
    """What is known of a place: the IANA time zones it may be in, none where nobody knows, and its state's or
    province's code."""

    zones: tuple[str, ...] = ()
    region: str | None = None


NOWHERE = Area()

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"
ARIZONA, BOISE, TORONTO, EDMONTON = "America/Phoenix", "America/Boise", "America/Toronto", "America/Edmonton"

# Code → name and every zone of which a part is in it (IANA time zone database).
REGIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "AL": ("Alabama", (CENTRAL,)),
    "AK": ("Alaska", ("America/Anchorage", "America/Adak")),
    "AZ": ("Arizona", (ARIZONA, MOUNTAIN)),
    "AR": ("Arkansas", (CENTRAL,)),
    "CA": ("California", (PACIFIC,)),
    "CO": ("Colorado", (MOUNTAIN,)),
    "CT": ("Connecticut", (EASTERN,)),
    "DC": ("District of Columbia", (EASTERN,)),
    "DE": ("Delaware", (EASTERN,)),
    "FL": ("Florida", (EASTERN, CENTRAL)),
    "GA": ("Georgia", (EASTERN,)),
    "HI": ("Hawaii", ("Pacific/Honolulu",)),
    "IA": ("Iowa", (CENTRAL,)),
    "ID": ("Idaho", (BOISE, PACIFIC)),
    "IL": ("Illinois", (CENTRAL,)),
    "IN": ("Indiana", (EASTERN, CENTRAL)),
    "KS": ("Kansas", (CENTRAL, MOUNTAIN)),
    "KY": ("Kentucky", (EASTERN, CENTRAL)),
    "LA": ("Louisiana", (CENTRAL,)),
    "MA": ("Massachusetts", (EASTERN,)),
    "MD": ("Maryland", (EASTERN,)),
    "ME": ("Maine", (EASTERN,)),
    "MI": ("Michigan", (EASTERN, CENTRAL)),
    "MN": ("Minnesota", (CENTRAL,)),
    "MO": ("Missouri", (CENTRAL,)),
    "MS": ("Mississippi", (CENTRAL,)),
    "MT": ("Montana", (MOUNTAIN,)),
    "NC": ("North Carolina", (EASTERN,)),
    "ND": ("North Dakota", (CENTRAL, MOUNTAIN)),
    "NE": ("Nebraska", (CENTRAL, MOUNTAIN)),
    "NH": ("New Hampshire", (EASTERN,)),
    "NJ": ("New Jersey", (EASTERN,)),
    "NM": ("New Mexico", (MOUNTAIN,)),
    "NV": ("Nevada", (PACIFIC, MOUNTAIN)),
    "NY": ("New York", (EASTERN,)),
    "OH": ("Ohio", (EASTERN,)),
    "OK": ("Oklahoma", (CENTRAL,)),
    "OR": ("Oregon", (PACIFIC, BOISE)),
    "PA": ("Pennsylvania", (EASTERN,)),
    "RI": ("Rhode Island", (EASTERN,)),
    "SC": ("South Carolina", (EASTERN,)),
    "SD": ("South Dakota", (CENTRAL, MOUNTAIN)),
    "TN": ("Tennessee", (EASTERN, CENTRAL)),
    "TX": ("Texas", (CENTRAL, MOUNTAIN)),
    "UT": ("Utah", (MOUNTAIN,)),
    "VA": ("Virginia", (EASTERN,)),
    "VT": ("Vermont", (EASTERN,)),
    "WA": ("Washington", (PACIFIC,)),
    "WI": ("Wisconsin", (CENTRAL,)),
    "WV": ("West Virginia", (EASTERN,)),
    "WY": ("Wyoming", (MOUNTAIN,)),
    "AS": ("American Samoa", ("Pacific/Pago_Pago",)),
    "GU": ("Guam", ("Pacific/Guam",)),
    "MP": ("Northern Mariana Islands", ("Pacific/Guam",)),
    "PR": ("Puerto Rico", ("America/Puerto_Rico",)),
    "VI": ("U.S. Virgin Islands", ("America/Puerto_Rico",)),
    "AB": ("Alberta", (EDMONTON,)),
    "BC": ("British Columbia", ("America/Vancouver", EDMONTON, "America/Dawson_Creek")),
    "MB": ("Manitoba", ("America/Winnipeg",)),
    "NB": ("New Brunswick", ("America/Moncton",)),
    "NL": ("Newfoundland and Labrador", ("America/St_Johns", "America/Goose_Bay")),
    "NS": ("Nova Scotia", ("America/Halifax",)),
    "NT": ("Northwest Territories", (EDMONTON,)),
    "NU": ("Nunavut", ("America/Iqaluit", "America/Rankin_Inlet", EDMONTON)),
    "ON": ("Ontario", (TORONTO, "America/Winnipeg")),
    "PE": ("Prince Edward Island", ("America/Halifax",)),
    "QC": ("Quebec", (TORONTO, "America/Halifax")),
    "SK": ("Saskatchewan", ("America/Regina", EDMONTON)),
    "YT": ("Yukon", ("America/Whitehorse",)),
}

CODES = {name.lower(): code for code, (name, _zones) in REGIONS.items()} | {"québec": "QC"}

# Where a ZIP code says more than its state does: three digits → zones; what is not listed has the state's first.
ZIP_ZONES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "FL": {"324": (EASTERN, CENTRAL), "325": (CENTRAL,)},
    "TX": {"798": (CENTRAL, MOUNTAIN), "799": (MOUNTAIN,), "885": (MOUNTAIN,)},
}

# The first three digits of the ZIP codes of each state (USPS Publication 65), and the first letter of Canada's codes.
ZIPS = (
    "005-005 NY 006-007 PR 008-008 VI 009-009 PR 010-027 MA 028-029 RI 030-038 NH 039-049 ME 050-054 VT 055-055 MA "
    "056-059 VT 060-069 CT 070-089 NJ 100-149 NY 150-196 PA 197-199 DE 200-200 DC 201-201 VA 202-205 DC 206-219 MD "
    "220-246 VA 247-268 WV 270-289 NC 290-299 SC 300-319 GA 320-349 FL 350-369 AL 370-385 TN 386-397 MS 398-399 GA "
    "400-427 KY 430-459 OH 460-479 IN 480-499 MI 500-528 IA 530-549 WI 550-567 MN 570-577 SD 580-588 ND 590-599 MT "
    "600-629 IL 630-658 MO 660-679 KS 680-693 NE 700-714 LA 716-729 AR 730-732 OK 733-733 TX 734-749 OK 750-799 TX "
    "800-816 CO 820-831 WY 832-838 ID 840-847 UT 850-865 AZ 870-884 NM 885-885 TX 889-898 NV 900-961 CA 967-968 HI "
    "969-969 GU 970-979 OR 980-994 WA 995-999 AK"
).split()
STATE_OF_ZIP = {
    f"{number:03d}": state
    for span, state in zip(ZIPS[::2], ZIPS[1::2], strict=True)
    for number in range(int(span[:3]), int(span[4:]) + 1)
}
PROVINCE_OF_LETTER = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON", "M": "ON",
    "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT",
}  # fmt: skip


def region_code(state: str | None) -> str | None:
    """The code of a state or province that was written as a code or a name; None for what is none."""
    written = " ".join((state or "").split())
    return written.upper() if written.upper() in REGIONS else CODES.get(written.lower())


def area_of_address(state: str | None, postal_code: str | None) -> Area:
    """What a state and a postal code leave open; either may be missing. A state that disagrees with its code wins."""
    postal = (postal_code or "").strip().upper()
    region = region_code(state) or STATE_OF_ZIP.get(postal[:3]) or _province(postal)
    if region is None:
        return NOWHERE
    zones = REGIONS[region][1]
    if region in ZIP_ZONES and STATE_OF_ZIP.get(postal[:3]) == region:
        zones = ZIP_ZONES[region].get(postal[:3], zones[:1])
    return Area(zones, region)


@lru_cache(maxsize=4096)
def areas_of_number(e164: str) -> tuple[Area, ...]:
    """Where a number was given out: a guess, for phones move and numbers are ported. None for no number."""
    try:
        number = phonenumbers.parse(e164, None)
    except NumberParseException:
        return ()
    zones = tuple(zone for zone in timezone.time_zones_for_number(number) if zone != timezone.UNKNOWN_TIMEZONE)
    regions = _regions(geocoder.description_for_number(number, "en") if number.country_code == 1 else "")
    if len(regions) > 1:
        return tuple(Area(REGIONS[region][1], region) for region in regions)
    return (Area(zones, regions[0] if regions else None),)


def _regions(description: str) -> list[str]:
    """`Florida`, `New York, NY` or `Nova Scotia/Prince Edward Island` as codes."""
    found = [region_code(part.split(",")[-1]) for part in description.split("/")]
    return [code for code in found if code]


def _province(postal: str) -> str | None:
    canadian = len(postal) >= 3 and postal[0].isalpha() and postal[1].isdecimal() and postal[2].isalpha()
    return PROVINCE_OF_LETTER.get(postal[0]) if canadian else None
