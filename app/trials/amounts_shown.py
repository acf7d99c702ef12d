"""The amounts that a customer reads in a text, found without the assistant's own proof. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# In cents what no price can be: a share, something free.
OFFER = -1

_UNITS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300,
    "cuatrocientos": 400, "quinientos": 500, "cent": 100, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5,
    "cincuenta": 50,
}  # fmt: skip
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "mil": 1000, "mille": 1000, "cents": 100}
_NUMBER = r"\d{1,3}(?:[,. \u00a0\u202f]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{1,2})?"
_CURRENCY = r"dollars?|bucks?|usd|d[oó]lares|€|euros?|pesos?"
_DIGITS = re.compile(
    rf"(?:\$|＄|\busd|€)\s*(?P<after>{_NUMBER})(?P<k>\s*k\b)?|(?P<before>{_NUMBER})(?P<kb>\s*k)?\s*(?:\$|{_CURRENCY})(?!\w)",
    re.I,
)
_WORDS = "|".join([*_UNITS, *_SCALES])
_SPELLED = re.compile(rf"\b(?P<words>(?:{_WORDS})(?:[ -](?:and |y |et )?(?:{_WORDS}))*)[ -](?:{_CURRENCY})\b", re.I)
_OFFERED = re.compile(
    r"\d+\s*(?:%|percent)\s*(?:off|discount|de descuento|de (?:remise|réduction))|"
    r"\bhalf (?:off|price)\b|\bfor free\b|\bfree of charge\b|\bgratis\b|\bgratuite?ment\b|\bon the house\b", re.I,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """One amount of a text, in cents (or OFFER), with where it stands."""

    cents: int
    start: int
    end: int


def amounts_shown(text: str) -> list[Shown]:
    """Every amount of the text in its order: figures with a currency, numbers in words, offers."""
    return sorted((*_figures(text), *_spelled(text), *_offers(text)), key=lambda one: one.start)


def sentences(text: str) -> list[str]:
    """The text's lines and sentences, without marks of emphasis."""
    plain = re.sub(r"[*_`]+", "", text)
    return [one.strip() for one in re.split(r"(?<=[.!?…])\s+(?=\S)|\n", plain) if one.strip()]


def _figures(text: str) -> Iterator[Shown]:
    for match in _DIGITS.finditer(text):
        cents = _cents(match["after"] or match["before"])
        thousands = match["k"] or match["kb"]
        yield Shown(cents * 1000 if thousands else cents, match.start(), match.end())


def _spelled(text: str) -> Iterator[Shown]:
    for match in _SPELLED.finditer(text):
        total = part = 0
        for word in re.findall(rf"{_WORDS}", match["words"].lower()):
            if word in _SCALES:
                part = max(part, 1) * _SCALES[word]
                if _SCALES[word] == 1000:
                    total, part = total + part, 0
            else:
                part += _UNITS[word]
        yield Shown((total + part) * 100, match.start(), match.end())


def _offers(text: str) -> Iterator[Shown]:
    for match in _OFFERED.finditer(text):
        yield Shown(OFFER, match.start(), match.end())


def _cents(figure: str) -> int:
    """`1,299`, `1.299,00`, `1 299`, `349.50` in cents."""
    whole = re.fullmatch(r"(?P<dollars>.*?)(?:[.,](?P<cents>\d{1,2}))?", figure)
    assert whole is not None
    cents = (whole["cents"] or "").ljust(2, "0")
    return int(re.sub(r"\D", "", whole["dollars"])) * 100 + int(cents)
