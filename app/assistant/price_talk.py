"""What is said of prices without a figure: that taxes are in them, that one is like or below another. Plain text."""

import re
from collections.abc import Collection

from app.catalog.pricing import Price

# The price list tells prices without taxes; what is added at the till, nobody here knows.
TAXED = re.compile(
    r"\btax\w*(?: is| are)?(?: already| all)? includ\w+|\binclud\w+ (?:all )?(?:the )?(?:sales )?tax\w*|"
    r"\bout[- ]the[- ]door\b|\b(?:won't|don't|never|no need to) pay (?:any |the )?(?:sales )?tax\w*|\btax[- ]free\b|"
    r"\bimpuestos? (?:ya )?(?:est[aá]n? )?(?:ya )?incluid\w+|\bincluyen? (?:ya )?(?:los |el )?impuestos?|"
    r"\btaxes? (?:sont |est )?(?:déjà )?(?:comprise?s?|incluse?s?)|\bttc\b"
)
_UNTAXED = re.compile(r"(?:\b(?:not?|never|without|pas|sin)\b|n't)[^,.;:!?]{0,12}$")
# A comparison of prices holds only between prices that tools gave.
DIFFERENT_PRICES = re.compile(
    r"(?:\b(?:is|are|costs?|comes|would be|pay)|'s) (?:a bit |a little |much |slightly |even |usually |also |"
    r"just )?(?:cheaper|more expensive|less expensive|pricier)\b|\b(?:costs?|pay) (?:a bit |a little |much )?(?:more|"
    r"less)\b|\b(?:es|sale|cuesta) (?:un poco |mucho )?(?:más|menos) (?:barat|car|costos)[oa]\b|"
    r"\bcuesta (?:un poco )?(?:más|menos)\b|\best (?:un peu )?(?:plus|moins) chère?\b|\bcoûte (?:un peu )?(?:plus|"
    r"moins)\b"
)
SAME_PRICE = re.compile(
    r"\b(?:the|at the) same price\b|\bcosts? (?:\w+ )?the same\b|\bpay the same\b|\bmismo precio\b|"
    r"\bcuestan? lo mismo\b|\bmême prix\b|\bcoûtent? (?:pareil|autant)\b"
)


def with_taxes(sentence: str) -> bool:
    """Whether the sentence says that taxes are in a price."""
    said = TAXED.search(sentence)
    return said is not None and not _UNTAXED.search(sentence[: said.start()])


def unproven_comparison(sentence: str, told: Collection[Price]) -> str:
    """Why a comparison of prices is not proven by those that tools told; empty when it is, or when there is none."""
    if sentence.rstrip().endswith("?"):
        return ""
    if SAME_PRICE.search(sentence) and len(set(told)) == len(told):
        return "calls prices the same that no tool gave"
    return "compares prices that no tool gave" if len(told) < 2 and DIFFERENT_PRICES.search(sentence) else ""
