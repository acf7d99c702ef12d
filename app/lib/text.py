"""Text from outside, made safe to read, to store and to send."""

import re

# What no database, feed or screen can carry: control characters other than tab and line end, and halves of a character.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")

BIGGEST_ID = 2**63 - 1


def printable(text: str) -> str:
    """The text without control characters (tab and line end stay) and without broken halves of characters."""
    return UNPRINTABLE.sub("", text)


def whole_number(text: str, most: int = BIGGEST_ID) -> int | None:
    """The whole number that is written there in plain digits, blanks around it aside; None for all else, or for more
    than `most`. The database's ids go no higher, and Python reads no text of thousands of digits."""
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(BIGGEST_ID))):
        return None
    return number if (number := int(digits)) <= most else None
