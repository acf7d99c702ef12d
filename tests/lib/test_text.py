"""Text from outside."""

import pytest

from app.lib.text import BIGGEST_ID, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7),
        (" 007 ", 7),
        (str(BIGGEST_ID), BIGGEST_ID),
        (str(BIGGEST_ID + 1), None),
        ("9" * 5000, None),
        ("-1", None),
        ("1.0", None),
        ("²", None),
        ("٣", None),
        ("", None),
    ],
)
def test_a_whole_number_is_read_from_plain_digits(text, number):
    assert whole_number(text) == number


def test_more_than_the_most_is_none():
    assert [whole_number(text, 12) for text in ("12", "13")] == [12, None]
