"""The amounts of money that a sentence names, and how: exactly, "from", as a range, or in a way that nothing proves."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from app.assistant import money_words as words
from app.assistant.numbers import UNKNOWN, Number, numbers

__all__ = ["UNKNOWN", "Amount", "amounts", "numbers_in"]

WITH_CENTS = re.compile(r"\d[.,]\d\d$")
PHONE = re.compile(r"(?<![\d$.,])(?:\+?1[ .-])?\(?\b\d{3}\)?[ .-]\d{3}[.-]\d{4}\b")


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount in cents, and where it stands in the plain text. `high` only for a range.

    `kind` is exact, from or range, as the words around it say; `odd` names what makes it another amount than the
    figure ("per month", "less than"); `currency` is USD or CAD where it is said.
    """

    low: int
    high: int | None
    kind: str
    start: int
    end: int
    currency: str | None = None
    odd: str = ""


def amounts(text: str, language: str, harmless: Collection[str] = ()) -> list[Amount]:
    """Every amount of money in a plain text, in order; UNKNOWN cents for what is not read exactly.

    A number without a currency counts when it stands beside a price or has three digits, unless a unit follows, it is
    a year, a time, part of a name, or among the `harmless` (as in "Ram 1500").
    """
    text = PHONE.sub(lambda match: "·" * len(match[0]), text) if "-" in text or "." in text else text
    found: list[tuple[Number, str]] = []
    doubtful: list[Number] = []
    for number in numbers(text, language):
        sign = _sign(text, number)
        if sign is not None:
            found.append((number, sign))
        elif not _is_harmless(text, number, harmless):
            doubtful.append(number)
    priced = bool(found) or words.PRICED.search(text) is not None
    found += [(number, "") for number in doubtful if _counts_bare(text, number, priced)]
    found.sort(key=lambda one: one[0].start)
    named = _ranges(text, [_amount(text, number, sign) for number, sign in found])
    for loose in words.LOOSE_MONEY.finditer(text):
        if not any(one.start <= loose.start() < one.end for one in named):
            return [*named, Amount(UNKNOWN, None, "exact", loose.start(), loose.end())]
    return named


def numbers_in(name: str) -> frozenset[str]:
    """The numbers that a name carries ("Ram 1500", "3M 3500 film"): said beside a price, they are none."""
    return frozenset(re.findall(r"\d+", name))


def _sign(text: str, number: Number) -> str | None:
    """How its currency is said, empty for none that changes the figure; None where nothing says that it is money."""
    before = words.SIGN_BEFORE.search(text, max(0, number.start - 8), number.start)
    after = words.SIGN_AFTER.match(text, number.end)
    if after is None:
        return before[0].strip() if before else None
    return after[0].strip() if not before else f"{before[0].strip()} {after[0].strip()}"


def _amount(text: str, number: Number, sign: str) -> Amount:
    cents, end = number.cents, number.end
    after = words.SIGN_AFTER.match(text, end)
    if after is not None:
        end = after.end()
    if words.THOUSANDS.match(text, number.end):
        cents = cents * 1000 if cents != UNKNOWN else UNKNOWN
    elif words.OTHER_MONEY.search(sign) or text[end : end + 1].isalnum():
        cents = UNKNOWN
    before = words.SIGN_BEFORE.search(text, max(0, number.start - 8), number.start)
    start = before.start() if before else number.start
    kind, odd = _said(text[max(0, start - 40) : start], text[end : end + 40])
    return Amount(cents, None, kind, start, end, _currency(sign), odd)


def _said(before: str, after: str) -> tuple[str, str]:
    odd = words.ODD_BEFORE.search(before) or words.ODD_AFTER.match(after)
    if odd:
        return "exact", odd[0].strip()
    if words.FROM_BEFORE.search(before) or words.FROM_AFTER.match(after):
        return "from", ""
    return "exact", ""


def _currency(sign: str) -> str | None:
    if words.CANADIAN.search(sign):
        return "CAD"
    return "USD" if words.AMERICAN.search(sign) else None


def _ranges(text: str, found: list[Amount]) -> list[Amount]:
    """Two amounts that are the ends of one range become one."""
    joined: list[Amount] = []
    for amount in found:
        last = joined[-1] if joined else None
        if last is not None and last.high is None and _joins(text, last, amount):
            odd = words.ODD_AFTER.match(text, amount.end)
            joined[-1] = replace(
                last, high=amount.low, kind="range", end=amount.end, currency=last.currency or amount.currency,
                odd=last.odd or (odd[0].strip() if odd else ""),
            )  # fmt: skip
        else:
            joined.append(amount)
    return joined


def _joins(text: str, last: Amount, amount: Amount) -> bool:
    between = text[last.end : amount.start]
    if words.RANGE_JOIN.fullmatch(between):
        return True
    return words.AND.fullmatch(between) is not None and words.BETWEEN.search(text[: last.start]) is not None


def _is_harmless(text: str, number: Number, harmless: Collection[str]) -> bool:
    """Whether it is a time, a date, a phone number, a count of something, or part of a name."""
    before, after = text[max(0, number.start - 12) : number.start], text[number.end : number.end + 24]
    if number.text and number.text in harmless:
        return True
    if words.UNIT.match(after) and not words.SIGN_BEFORE.search(before):
        return True
    if number.spelled:
        return False
    if before[-1:].isalpha() or (before[-2:-1].isalnum() and before[-1:] in "-/:") or (after[:1].isalpha()):
        return True
    if re.match(r"[:/-]\d|-(?!ish\b)\w|%| %|\.\d", after) or re.search(r"\d[:/.-]$|#\s?$", before):
        return True
    if words.MONTH_BEFORE.search(before) or words.MONTH_AFTER.match(after):
        return True
    return re.fullmatch(r"\s*[-*]?\s*", text[: number.start]) is not None and re.match(r"[.)]\s", after) is not None


def _counts_bare(text: str, number: Number, priced: bool) -> bool:
    if number.cents == UNKNOWN:
        return True
    value = number.cents // 100
    before = text[max(0, number.start - 24) : number.start]
    if value < 20 and words.CLOCK_BEFORE.search(before):
        return False
    if value < (20 if number.spelled else 10):
        return words.PRICE_VERB.search(before) is not None
    if len(number.text) == 4 and number.text.isdecimal() and 1980 <= value <= 2035:
        return words.PRICE_VERB.search(before) is not None
    if WITH_CENTS.search(number.text) or words.PRICE_VERB.search(before):
        return True
    if (words.IS_BEFORE.search(before) or words.ONLY_BEFORE.search(before)) and words.ENDS_AFTER.match(
        text, number.end
    ):
        return True
    return value >= 100 or priced
