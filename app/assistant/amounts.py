"""Reading the amounts of money in a sentence, in every form that a model writes them: English, Spanish and French.

What is named in a form that is not read exactly, and what promises a discount, is UNKNOWN: nothing proves it.
"""

import re
import unicodedata
from collections.abc import Collection
from html import unescape

UNKNOWN = -1

ONES = "one|two|three|four|five|six|seven|eight|nine"
TENS = (
    "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|"
    "seventy|eighty|ninety"
)
LARGE = (
    "hundred|thousand|grand|million|benjamins?|cien|ciento|doscient[oa]s|trescient[oa]s|cuatrocient[oa]s|quinient[oa]s|"
    "seiscient[oa]s|setecient[oa]s|ochocient[oa]s|novecient[oa]s|mil|mille|"
    "(?:deux|trois|quatre|cinq|six|sept|huit|neuf) cents?"
)
OTHER_TENS = (
    "veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|vingts?|trente|quarante|cinquante|soixante"
)
MONEY = r"dollars?|bucks?|usd|cad|cents?|d[oó]lares|pesos|centavos|euros?|piastres"
OFF = r"off|discount|less|cheaper|savings?|rebate|descuento|remise|rabais"
GIFT = (
    r"free of charge|(?:is|are|it's|for|all) free|complimentary|on the house|no (?:extra )?(?:charge|cost)|"
    r"(?:two|three) for (?:one|two)|get one|half (?:off|(?:the )?price)|es gratis|gratis|gratuite?s?"
)
UNITS = (
    r"a\.?m\b|p\.?m\b|h\b|hours?|horas?|heures?|min|days?|d[ií]as?|jours?|weeks?|semanas?|semaines?|months?|mes(?:es)?\b|"
    r"mois|years?|a[ñn]os?|ans\b|seconds?|miles?|km|°|degrees?|inch|in\b|ft\b|feet|mm\b|cm\b|mil\b|mils\b|nm\b|watts?|"
    r"w\b|amps?|volts?|lbs?\b|pounds?|psi|hp\b|%|percent|por ciento|pour cent|coats?|layers?|windows?|doors?|panels?|"
    r"pieces?|sides?|services?|speakers?|channels?|colou?rs?|options?|times?\b|stores?|locations?|cars?\b|vehicles?|"
    r"customers?|people|stars?|reviews?|points?|steps?|st\b|nd\b|rd\b|th\b"
)

# Only what matches here needs a look at all: the rest of an answer is let through at once.
RISKY = re.compile(
    rf"[\d$¤%]|\b(?:{ONES}|{TENS}|{OTHER_TENS}|{LARGE}|{MONEY}|{OFF}|free|gratis|gratuit\w*|complimentary|house|"
    r"charge|cost|half|save)\b|[^\W\d_a-zà-öø-ÿœ]",
    re.I,
)
AMOUNT = re.compile(
    rf"\$\s*[-+~]?\s*(?P<after>\d[\d.,]*)|\b(?:usd|cad)\s?(?P<named>\d[\d.,]*)"
    rf"|(?P<before>\d[\d.,]*)[\s-]?(?:\$|(?:{MONEY})\b)",
    re.I,
)
INEXACT = re.compile(
    rf"¤|\d\s?k\b|\$\s?\.\d|\d\s?(?:cents?|centavos)|\d\s+(?:{LARGE})\b|\b(?:{LARGE})\b|\b(?:{ONES}|{TENS}|{OTHER_TENS})"
    rf"\b[\w\s-]{{0,40}}\b(?:{MONEY})\b|\b(?:{ONES})[\s-]+(?:{TENS})\b(?![\s-]+(?:{UNITS}))|\b[ivxlcdm]+ (?:{MONEY})\b",
    re.I,
)
DISCOUNT = re.compile(
    rf"(?:%|percent|por ciento|pour cent)\W{{0,4}}(?:\w+\W+){{0,2}}(?:{OFF})\b|\b(?:save|{OFF})\b[^.]{{0,20}}\d\s?%"
    rf"|\d\s+off\b|\bsave\b[^.]{{0,12}}\d|\b(?:{GIFT})\b",
    re.I,
)
PRICE_WORDS = re.compile(
    r"\b(?:costs?|prices?|priced|pay|total|quoted?|charges?|runs?|starts?|starting|cuesta|precio|co[uû]te|prix)\b", re.I
)
NUMBER = re.compile(rf"(?<![\w$.,:/-])(\d{{2,6}}(?:[.,]\d{{2,3}})*)(?![\d:%]|[/-]\d|-?\w)(?!\s?(?:{UNITS}))", re.I)
EMPHASIS = re.compile(r"[*_`~\\]|</?\w[^<>]*>|\]\([^)]*\)|\[|\|")


def risky(text: str) -> bool:
    """Whether there is anything to prove in it: a digit, a number word, a currency, a discount, a script not read."""
    return RISKY.search(plain(text)) is not None


def amounts_in(text: str, harmless: Collection[str] = ()) -> frozenset[int]:
    """The amounts of money in a sentence, in cents, with UNKNOWN for what is not read exactly.

    A bare number is taken for an amount when it has three digits or stands beside a price, unless a unit follows, it is
    a year, or it is among the `harmless` (as in "Ram 1500").
    """
    sentence = plain(text)
    found = {_cents(match["after"] or match["named"] or match["before"]) for match in AMOUNT.finditer(sentence)}
    if INEXACT.search(sentence) or DISCOUNT.search(sentence) or _unreadable(sentence):
        found.add(UNKNOWN)
    priced = bool(found) or PRICE_WORDS.search(sentence) is not None
    for number in NUMBER.findall(AMOUNT.sub(" ", sentence)):
        if number in harmless or (len(number) < 3 and not priced) or (_is_year(number) and not priced):
            continue
        found.add(_cents(number))
    return frozenset(found)


def numbers_in(name: str) -> frozenset[str]:
    """The numbers that a name carries ("Ram 1500", "3M 3500 film"): said beside a price, they are none."""
    return frozenset(re.findall(r"\d+", name))


def plain(text: str) -> str:
    """Without what hides amounts: entities and markup read, invisible characters dropped, wide forms narrowed."""
    text = EMPHASIS.sub(" " if "|" in text else "", unescape(text))
    if text.isascii():
        return text
    return "".join(_folded(char) for char in unicodedata.normalize("NFKC", text.replace("’", "'")))


def _folded(char: str) -> str:
    kind = unicodedata.category(char)
    if kind == "Cf":
        return ""
    return "¤" if kind == "Sc" and char != "$" else char


def _cents(digits: str) -> int:
    """`1,299`, `1299.50`, `1.299,50` in cents; UNKNOWN when the separators make no amount."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?", digits.rstrip(".,"))
    if match is None:
        return UNKNOWN
    return int(re.sub(r"[.,]", "", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))


def _unreadable(sentence: str) -> bool:
    """Whether it is mostly in a script that none of the three languages is written in."""
    letters = [char for char in sentence if char.isalpha()]
    strange = sum(not unicodedata.name(char, "").startswith("LATIN") for char in letters)
    return strange * 3 > len(letters)


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdecimal() and 1980 <= int(number) <= 2035
