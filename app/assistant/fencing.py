"""Text of customers, catalogues and orders on its way into a prompt: data, in a fence that it cannot close. Pure.

Three marks belong to the house alone: angle brackets (the fence), square brackets (notes to the model, ids) and line
breaks inside a field. Data that carries them gets look-alikes or spaces instead; what nobody sees is taken out.
"""

import re
import unicodedata

MARKS = str.maketrans(
    {"<": "‹", ">": "›", "[": "(", "]": ")", "＜": "‹", "＞": "›", "［": "(", "］": ")", "〈": "‹", "〉": "›"}
)
LONGEST_FIELD = 200
SPACES = re.compile(r"\s+")


def visible(text: str) -> str:
    """The text without what nobody sees: formats, tags, variation selectors, controls (tab and line end stay)."""
    return "".join(char for char in text if char in "\n\t" or not _unseen(char))


def spoken(text: str) -> str:
    """A message as a turn: its lines stay, the house's marks do not."""
    return visible(text).translate(MARKS)


def field(text: str, longest: int = LONGEST_FIELD) -> str:
    """A name, a title or a description on one line of at most `longest` characters."""
    line = SPACES.sub(" ", spoken(text)).strip()
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def fenced(lines: str) -> str:
    """Lines made of fields, inside the fence."""
    return f"<data>\n{lines}\n</data>"


def _unseen(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Co", "Cn", "Cs") or 0xFE00 <= ord(char) <= 0xFE0F
