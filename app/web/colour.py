"""A store's one brand colour, made readable: what lies on it, and what it can be as text, in light and dark."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

READABLE = 4.5  # WCAG 2.2, 1.4.3: normal text
VISIBLE = 1.4  # what a filled shape needs to stand out from the page at all; its text carries the meaning


class Colour(NamedTuple):
    red: int
    green: int
    blue: int

    @property
    def hex(self) -> str:
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"


BLACK, WHITE = Colour(0, 0, 0), Colour(255, 255, 255)
LIGHT_GROUNDS = (Colour(255, 255, 255), Colour(244, 245, 247))
DARK_GROUNDS = (Colour(14, 17, 22), Colour(32, 38, 47))


@dataclass(frozen=True, slots=True)
class Palette:
    """`brand` is the page's head, `fill` bubbles and buttons, `accent` the same hue as text on the page."""

    brand: Colour
    on_brand: Colour
    fill: Colour
    on_fill: Colour
    accent: Colour


def parse(text: str) -> Colour:
    """`#1f2937` (the # may be missing) as a colour. Raises ValueError for anything else."""
    digits = text.removeprefix("#")
    if len(digits) != 6:
        raise ValueError(f"not a colour: {text!r}")
    return Colour(*bytes.fromhex(digits))


def palettes(brand: Colour) -> tuple[Palette, Palette]:
    """The store's light and dark palette. Every pair that carries text has a contrast of at least 4.5."""
    dimmed = mix(brand, BLACK, 0.2)
    light = _palette(brand, _readable(brand, LIGHT_GROUNDS, BLACK), LIGHT_GROUNDS)
    dark = _palette(dimmed, _readable(brand, DARK_GROUNDS, WHITE), DARK_GROUNDS)
    return light, dark


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: Colour) -> float:
    """WCAG's relative luminance, 0 to 1."""
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def mix(colour: Colour, other: Colour, share: float) -> Colour:
    """`colour` with `share` (0 to 1) of `other` in it."""
    return Colour(*(round(mine + (its - mine) * share) for mine, its in zip(colour, other, strict=True)))


def _palette(brand: Colour, accent: Colour, grounds: Sequence[Colour]) -> Palette:
    fill = brand if all(contrast(brand, ground) >= VISIBLE for ground in grounds) else accent
    return Palette(brand, _text_on(brand), fill, _text_on(fill), accent)


def _readable(colour: Colour, grounds: Sequence[Colour], toward: Colour) -> Colour:
    for step in range(41):
        candidate = mix(colour, toward, step / 40)
        if all(contrast(candidate, ground) >= READABLE for ground in grounds):
            return candidate
    return toward


def _text_on(ground: Colour) -> Colour:
    # One of the two always reaches 4.58; white is what most brands expect.
    return WHITE if contrast(WHITE, ground) >= READABLE else BLACK


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
