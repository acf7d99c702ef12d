"""Phone numbers as people and ShopMonkey write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.phone import display, normalise


@pytest.mark.parametrize(
    "raw", ["(954) 555-0100", "954.555.0100", "9545550100", "1 954 555 0100", "+1 954-555-0100", " +19545550100 "]
)
def test_one_number_has_one_spelling(raw):
    assert normalise(raw) == "+19545550100"


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "call me",
        "555-0100",
        "123 456 7890",
        "800-555-0199",
        "1-900-555-1212",
        "+1 500 234 5678",
        "954 555 0100 x12",
        "954 555 0100 ext. 3",
        "95455501001",
    ],
)
def test_what_is_no_customers_own_line_is_refused(raw):
    assert normalise(raw) is None


def test_canadian_and_foreign_numbers_are_kept():
    assert normalise("416-555-0123", "CA") == "+14165550123"
    assert normalise("+44 20 7946 0958") == "+442079460958"


def test_numbers_are_shown_as_people_write_them():
    assert display("+19545550100") == "(954) 555-0100"
    assert display("+442079460958") == "+44 20 7946 0958"
    assert display("short code") == "short code"


@given(st.from_regex(r"[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_what_is_shown_reads_back_as_the_same_number(digits):
    number = normalise(digits)
    if number is not None:
        assert normalise(display(number)) == number == "+1" + digits
