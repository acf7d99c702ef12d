"""What may be posted: the text as it is stored, and the browser's own id for it."""

import uuid

from flask_babel import format_decimal
from flask_babel import gettext as _

from app.lib.text import printable

LONGEST_MESSAGE = 4000
LONGEST_ID = 64


class MessageRefused(ValueError):
    """The message is empty or too long; the text says so to its author."""


def message_id_of(given: str) -> str:
    """The browser's id for its message, or a new one where it gave none of that form."""
    return given if is_message_id(given) else uuid.uuid4().hex


def is_message_id(given: str) -> bool:
    """Whether it may stand for a message: some printable characters."""
    return 0 < len(given) <= LONGEST_ID and given.isprintable()


def clean(raw: str) -> str:
    """The message as it is stored. Raises MessageRefused."""
    message = printable(raw.replace("\r\n", "\n")).strip()
    if not message:
        raise MessageRefused(_("Write a message first."))
    if len(message) > LONGEST_MESSAGE:
        raise MessageRefused(
            _("That message is longer than %(most)s characters.", most=format_decimal(LONGEST_MESSAGE))
        )
    return message
