"""Which clocks an address or a number leaves open."""

from zoneinfo import ZoneInfo

import pytest

from app.lib.regions import NOWHERE, REGIONS, REGIONS_OF_AREA_CODE, Area, area_of_address, areas_of_number, region_code

EASTERN, CENTRAL, MOUNTAIN = "America/New_York", "America/Chicago", "America/Denver"


def test_every_zone_is_one():
    assert all(ZoneInfo(zone) for _, zones in REGIONS.values() for zone in zones)
    assert len(REGIONS) == 51 + 5 + 13


@pytest.mark.parametrize(
    ("state", "postal", "area"),
    [
        ("FL", "33071", Area((EASTERN,), "FL")),
        ("FL", "32501-1234", Area((CENTRAL,), "FL")),
        ("FL", None, Area((EASTERN, CENTRAL), "FL")),
        (" florida ", "", Area((EASTERN, CENTRAL), "FL")),
        (None, "33071", Area((EASTERN,), "FL")),
        ("TX", "79901", Area((MOUNTAIN,), "TX")),
        ("TX", "75201", Area((CENTRAL,), "TX")),
        # The state that stands there wins over a code of another.
        ("CO", "33071", Area((MOUNTAIN,), "CO")),
        (None, "02903", Area((EASTERN,), "RI")),
        (None, "m5v 2t6", Area(("America/Toronto", "America/Winnipeg"), "ON")),
        ("Québec", None, Area(("America/Toronto", "America/Halifax"), "QC")),
        (None, None, NOWHERE),
        ("Bavaria", "80331x", Area((MOUNTAIN,), "CO")),
        ("Bavaria", "", NOWHERE),
        (None, "00000", NOWHERE),
    ],
)
def test_an_address_says_where_somebody_is_as_far_as_it_can(state, postal, area):
    assert area_of_address(state, postal) == area


@pytest.mark.parametrize(
    ("number", "areas"),
    [
        ("+19545550188", (Area((EASTERN,), "FL"),)),
        ("+12125550100", (Area((EASTERN,), "NY"),)),
        ("+12085550100", (Area(("America/Boise", "America/Los_Angeles"), "ID"),)),
        ("+14165550100", (Area(("America/Toronto",), "ON"),)),
        ("+19025550100", (Area(("America/Halifax",), "NS"), Area(("America/Halifax",), "PE"))),
        ("+12065550100", (Area(("America/Los_Angeles",), "WA"),)),
        ("+12025550100", (Area((EASTERN,), "DC"),)),
        ("+442079460000", (Area(("Europe/London",)),)),
        ("not a number", ()),
    ],
)
def test_a_number_says_where_it_was_given_out(number, areas):
    assert areas_of_number(number) == areas


def test_a_region_is_known_by_code_and_by_name():
    assert (region_code("fl"), region_code("New  York"), region_code("XX"), region_code(None)) == (
        "FL",
        "NY",
        None,
        None,
    )


def test_the_area_codes_are_those_of_the_phone_library():
    from phonenumbers.geodata import GEOCODE_DATA

    towns = {(prefix[1:4], name["en"]) for prefix, name in GEOCODE_DATA.items() if prefix.startswith("1")}
    listed = {(code, region_code(name.split(", ")[-1])) for code, name in towns if ", " in name}
    ours = {(code, region) for code, regions in REGIONS_OF_AREA_CODE.items() for region in regions}
    assert {(code, region) for code, region in listed if region} - ours <= {("201", "NY")}
    assert set(REGIONS_OF_AREA_CODE) - {code for code, _name in towns} <= {"670", "684", "787", "939"}
    assert set().union(*REGIONS_OF_AREA_CODE.values()) == set(REGIONS)
