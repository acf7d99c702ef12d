"""Links in an answer lead to the store's own pages only: others lose their address, bare ones go."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

INLINE = re.compile(r"!?\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
REFERENCE = re.compile(r"!?\[([^\]]*)\]\[[^\]]*\]|^\s*\[[^\]]+\]:\s.*$", re.M)
BARE = re.compile(r"<?(?:\b[a-z][a-z0-9+.-]*:)?//[^\s<>)\]]+>?|\bwww\.[^\s<>)\]]+", re.I)
END = ".,;:!?'\""


class OwnLinks:
    """Knows which hosts, and which telephone, are the store's own."""

    def __init__(self, addresses: Iterable[str], phone: str = "") -> None:
        self._phone = _digits(phone)
        self._hosts = frozenset(host for address in addresses if (host := _host(address)))

    def only_own(self, text: str) -> str:
        """The text with every foreign link as its bare words, and without images."""
        if "](" in text or "][" in text or "]:" in text:
            text = REFERENCE.sub(r"\1", INLINE.sub(self._inline, text))
        return BARE.sub(self._bare, text) if "//" in text or "www." in text.lower() else text

    def _inline(self, found: re.Match[str]) -> str:
        label, address = found[1], found[2]
        if found[0].startswith("!"):
            return label
        if address.startswith("tel:"):
            return found[0] if self._phone and _digits(address) == self._phone else label
        return found[0] if _host(address) in self._hosts else label

    def _bare(self, found: re.Match[str]) -> str:
        address = found[0].strip("<>")
        rest = address[len(address.rstrip(END)) :]
        return found[0] if _host(address.rstrip(END)) in self._hosts else rest


def _digits(phone: str) -> str:
    return "".join(char for char in phone if char.isdecimal())[-10:]


def _host(address: str) -> str:
    if "//" not in address:
        address = f"//{address}"
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.").lower()
