"""Text from outside, made safe to store and to send."""

import re

# What no database, feed or screen can carry: control characters other than tab and line end, and halves of a character.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\ud800-\udfff]")


def printable(text: str) -> str:
    """The text without control characters (tab and line end stay) and without broken halves of characters."""
    return UNPRINTABLE.sub("", text)
