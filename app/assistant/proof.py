"""What may be shown of an answer while it streams: pieces with nothing to prove at once, the rest once proven.

The rule: a sentence with an amount of money that no tool of this conversation gave is not shown. It is replaced, once
an answer, by an honest line, and kept for review.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from html import unescape

SENTENCE_END = re.compile(r"[.!?…][\"'”’)*_]*(?=\s)|\n")
CLAUSE_END = re.compile(r"[,;:–—](?=\s)")
NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand grand "
    "cien ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos mil "
    "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa "
    "vingt trente quarante cinquante soixante cent cents mille"
).split()
MONEY_WORDS = r"dollars?|bucks?|usd|cad|d[oó]lares|pesos|euros?"
RISKY = re.compile(
    rf"[\d$€£¥%]|\b(?:{'|'.join(NUMBER_WORDS)}|{MONEY_WORDS}|free|gratis|gratuit|discount|descuento|remise|half)\b",
    re.I,
)
AMOUNT = re.compile(
    rf"(?:(?P<sign>[$€£]|\b(?:USD|CAD|US\$|CA\$)\s?)\s?(?P<after>\d[\d.,]*)\s?(?P<kilo>k\b)?)"
    rf"|(?:(?P<before>\d[\d.,]*)\s?(?P<kilo2>k\b)?\s?(?:[$€£]|(?:{MONEY_WORDS})\b))",
    re.I,
)
SPELLED = re.compile(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b[\w\s-]{{0,40}}\b(?:{MONEY_WORDS})\b", re.I)
OFF = r"off|discount|less|cheaper|savings?|rebate|descuento|remise|rabais"
DISCOUNT = re.compile(
    rf"(?:%|percent|por ciento|pour cent)\W{{0,4}}(?:\w+\W+){{0,2}}(?:{OFF})\b|\b(?:save|{OFF})\b[^.]{{0,20}}\d\s?%"
    r"|\bfree of charge\b|\bfor free\b|\bhalf (?:off|(?:the )?price)\b",
    re.I,
)
PRICE_WORDS = re.compile(
    r"\b(?:costs?|prices?|priced|pay|total|quoted?|charges?|runs?|starts?|starting|cuesta|precio|co[uû]te|prix)\b", re.I
)
BARE = re.compile(
    r"(?<![\d$€£.,:/-])(\d{2,6}(?:[.,]\d{2,3})*)(?![\w:/%-])(?!\s?(?:am|pm|a\.m|p\.m|h\b|hours?|min|years?|miles|km|%|st\b|nd\b|rd\b|th\b))",
    re.I,
)
UNKNOWN = -1
EMPHASIS = re.compile(r"[*_`~\\]")


def amounts_in(text: str, harmless: Collection[str] = ()) -> frozenset[int]:
    """The amounts of money in a sentence, in cents; UNKNOWN (-1) for one named in a form that is not read exactly.

    Beside a price, a bare number is taken for one too, unless it is among the `harmless` (as in "Ram 1500").
    """
    plain = _plain(text)
    found: set[int] = set()
    for match in AMOUNT.finditer(plain):
        digits = match["after"] or match["before"]
        found.add(UNKNOWN if match["kilo"] or match["kilo2"] else _cents(digits))
    if SPELLED.search(plain) or DISCOUNT.search(plain):
        found.add(UNKNOWN)
    if found or PRICE_WORDS.search(plain):
        bare = BARE.findall(AMOUNT.sub(" ", plain))
        found.update(_cents(number) for number in bare if number not in harmless and not _is_year(number))
    return frozenset(found)


class Gate:
    """Releases an answer piece by piece. `unproven` collects what was held back, for review."""

    def __init__(self, known: Iterable[int], honest_line: str, harmless: Iterable[str] = ()) -> None:
        self._known = set(known)
        self._harmless = set(harmless)
        self._honest_line = honest_line
        self._held = ""
        self._line = ""
        self._sentence = ""
        self.unproven: list[str] = []

    def learn(self, amounts: Iterable[int], harmless: Iterable[str] = ()) -> None:
        """What a tool has just given: amounts in cents, and numbers that belong to names."""
        self._known.update(amounts)
        self._harmless.update(harmless)

    def feed(self, text: str) -> str:
        """Take what arrived and return what may be shown now, possibly nothing."""
        self._held += text
        shown = ""
        while (end := SENTENCE_END.search(self._held)) is not None:
            sentence, self._held = self._held[: end.end()], self._held[end.end() :]
            shown += self._judge(sentence)
            self._sentence = ""
        return shown + self._safe_clauses()

    def flush(self) -> str:
        """The rest of the answer, judged: it has ended as it should."""
        rest, self._held = self._held, ""
        return self._judge(rest) if rest else ""

    def drop(self) -> None:
        """Forget what is held back: its stream broke."""
        self._held = ""

    def _safe_clauses(self) -> str:
        ends = [match.end() for match in CLAUSE_END.finditer(self._held)]
        for end in reversed(ends):
            clause = self._held[:end]
            if not RISKY.search(_plain(clause)) and _balanced(self._line + clause):
                self._held = self._held[end:]
                self._sentence += clause
                return self._show(clause)
        return ""

    def _judge(self, sentence: str) -> str:
        # Judged as a whole: what makes a bare number a price may stand in a clause that is already shown.
        if not RISKY.search(_plain(sentence)) or amounts_in(self._sentence + sentence, self._harmless) <= self._known:
            return self._show(sentence)
        self.unproven.append(sentence.strip())
        tail = "\n" if sentence.endswith("\n") else ""
        if len(self.unproven) > 1:
            return self._show(tail)
        lead_in = sentence[: len(sentence) - len(sentence.lstrip(" \n-*•"))]
        begins = not self._line.strip() or self._line.rstrip()[-1:] in ".!?…"
        return self._show((lead_in if begins else " ") + self._honest_line + tail)

    def _show(self, piece: str) -> str:
        self._line = (self._line + piece).rpartition("\n")[2]
        return piece


def _balanced(line: str) -> bool:
    """Whether the emphasis and links of a line are closed, so that it can be shown as it will stay."""
    return line.count("**") % 2 == 0 and line.count("`") % 2 == 0 and line.count("[") == line.count("](")


def _plain(text: str) -> str:
    """Without what hides digits: entities read, emphasis and invisible characters dropped, wide digits narrowed."""
    text = EMPHASIS.sub("", unescape(text))
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def _cents(digits: str) -> int:
    """`1,299`, `1299.50`, `1.299,50` in cents; UNKNOWN when the separators make no amount."""
    digits = digits.rstrip(".,")
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?", digits)
    if match is None:
        return UNKNOWN
    return int(re.sub(r"[.,]", "", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))


def numbers_in(name: str) -> frozenset[str]:
    """The numbers that a name carries ("Ram 1500", "3M 3500 film"): said beside a price, they are none."""
    return frozenset(re.findall(r"\d+", name))


def _is_year(number: str) -> bool:
    return number.isdecimal() and 1980 <= int(number) <= 2035
