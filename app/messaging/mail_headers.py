"""What stands in an email's headers. Pure."""

import re
from email.message import Message
from email.utils import getaddresses

from app.lib.text import printable

MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
RECIPIENT_HEADERS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Forwarded-To")


def recipients_of(message: Message) -> tuple[str, ...]:
    given = [str(value) for name in RECIPIENT_HEADERS for value in message.get_all(name, [])]
    return tuple(dict.fromkeys(address.lower() for _, address in getaddresses(given) if "@" in address))


def ids_in(message: Message, *names: str) -> tuple[str, ...]:
    """Message-IDs in these headers, the nearest first: References end with the mail that was answered."""
    found: list[str] = []
    for name in names:
        ids = MESSAGE_ID.findall(str(message.get(name, "")))
        found += ids[::-1] if name == "References" else ids
    return tuple(dict.fromkeys(found))


def line_of(message: Message, name: str) -> str:
    return " ".join(printable(str(message.get(name, ""))).split())[:200]
