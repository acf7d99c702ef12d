"""States, provinces and their clocks: which time zones an address or a phone number leaves open. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, timezone


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

# The area codes of each state and province; 867 and two of the Maritimes' belong to several (NANPA). The phone library
# has them too, among the cities of the world: a hundred megabytes in each process.
AREA_CODES = (
    "AB 368 403 587 780 825 AK 907 AL 205 251 256 334 659 938 AR 327 479 501 870 AS 684 AZ 480 520 602 623 928 BC 236 "
    "250 257 604 672 778 CA 209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 "
    "669 707 714 738 747 760 805 818 820 831 840 858 909 916 925 949 951 CO 303 719 720 748 970 983 CT 203 475 860 "
    "959 DC 202 771 DE 302 FL 239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 "
    "954 GA 229 404 470 478 678 706 762 770 912 943 GU 671 HI 808 IA 319 515 563 641 712 ID 208 986 IL 217 224 309 "
    "312 331 447 464 618 630 708 730 773 779 815 847 872 IN 219 260 317 463 574 765 812 930 KS 316 620 785 913 KY 270 "
    "364 502 606 859 LA 225 318 337 504 985 MA 339 351 413 508 617 774 781 857 978 MB 204 431 584 MD 227 240 301 410 "
    "443 667 ME 207 MI 231 248 269 313 517 586 616 734 810 906 947 989 MN 218 320 507 612 651 763 952 MO 235 314 417 "
    "557 573 636 660 816 975 MP 670 MS 228 601 662 769 MT 406 NB 428 506 NC 252 336 472 704 743 828 910 919 980 984 "
    "ND 701 NE 308 402 531 NH 603 NJ 201 551 609 640 732 848 856 862 908 973 NL 709 879 NM 505 575 NS 782 902 NT 867 "
    "NU 867 NV 702 725 775 NY 212 315 329 332 347 363 516 518 585 607 631 646 680 716 718 838 845 914 917 929 934 OH "
    "216 220 234 283 326 330 380 419 440 513 567 614 740 937 OK 405 539 572 580 918 ON 226 249 289 343 365 382 416 "
    "437 519 548 613 647 683 705 742 753 807 905 942 OR 458 503 541 971 PA 215 223 267 272 412 445 484 570 582 610 "
    "717 724 814 835 878 PE 782 902 PR 787 939 QC 263 273 354 367 418 438 450 468 514 579 581 819 873 RI 401 SC 803 "
    "821 839 843 854 864 SD 605 SK 306 474 639 TN 423 615 629 731 865 901 931 TX 210 214 254 281 325 346 361 409 430 "
    "432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 956 972 979 UT 385 435 801 VA 276 434 540 571 "
    "686 703 757 804 826 948 VI 340 VT 802 WA 206 253 360 425 509 564 WI 262 274 353 414 534 608 715 920 WV 304 681 "
    "WY 307 YT 867"
)
REGIONS_OF_AREA_CODE: dict[str, tuple[str, ...]] = {}
for _region, _codes in re.findall(r"([A-Z]{2})((?: \d{3})+)", AREA_CODES):
    for _code in _codes.split():
        REGIONS_OF_AREA_CODE[_code] = (*REGIONS_OF_AREA_CODE.get(_code, ()), _region)


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
    american = number.country_code == 1 and phonenumbers.is_number_geographical(number)
    regions = REGIONS_OF_AREA_CODE.get(str(number.national_number)[:3], ()) if american else ()
    if len(regions) > 1:
        return tuple(Area(REGIONS[region][1], region) for region in regions)
    return (Area(zones, regions[0] if regions else None),)


def _province(postal: str) -> str | None:
    canadian = len(postal) >= 3 and postal[0].isalpha() and postal[1].isdecimal() and postal[2].isalpha()
    return PROVINCE_OF_LETTER.get(postal[0]) if canadian else None
