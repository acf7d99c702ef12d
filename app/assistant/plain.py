"""Text as a reader sees it: what hides amounts and claims is taken off before anything is read."""

import re
import unicodedata
from html import unescape

EMPHASIS = re.compile(r"[*_`~\\]|</?\w[^<>]*>|<!--.*?-->|\]\([^)]*\)|\[|\]")
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def plain(text: str) -> str:
    """In lower case, without markup, entities, invisible characters and loose marks; digits of every script are 0 to 9.

    A currency sign other than `$` reads `¤`, a table's bars are gaps.
    """
    if "&" in text:
        text = unescape(text)
    text = EMPHASIS.sub("", text.replace("|", " ; ") if "|" in text else text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(FOLDED)
    return text.lower()


def words_of(text: str) -> list[str]:
    """The words of a plain text, numbers in digits left out."""
    return WORD.findall(text)


class _Folded(dict[int, str]):
    """What each character reads as, worked out once."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _folded(chr(code))
        return found


def _folded(char: str) -> str:
    if char.isascii():
        return char
    kind = unicodedata.category(char)
    if kind in ("Cf", "Mn", "Me"):
        return ""
    if kind == "Nd":
        return str(unicodedata.decimal(char))
    return "¤" if kind == "Sc" else char


FOLDED = _Folded({ord(dash): "-" for dash in "–—‒−‐‑"} | {ord(mark): "'" for mark in "’‘ʼ"})
