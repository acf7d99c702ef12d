"""Numbers as they are written in a sentence: digits in every usual grouping, and words in English, Spanish, French."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

UNKNOWN = -1

_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_SMALL = {
    "zero": 0, "cero": 0, "zéro": 0,
    **{word: at for at, word in enumerate("one two three four five six seven eight nine".split(), 1)},
    **{word: at for at, word in enumerate(_TEENS.split(), 10)},
    **{word: at for at, word in enumerate("uno dos tres cuatro cinco seis siete ocho nueve".split(), 1)},
    **{word: at for at, word in enumerate("diez once doce trece catorce quince dieciséis".split(), 10)},
    **{word: at for at, word in enumerate("dieciseis diecisiete dieciocho diecinueve".split(), 16)},
    **{word: at for at, word in enumerate("veintiuno veintidós veintitrés veinticuatro veinticinco".split(), 21)},
    **{word: at for at, word in enumerate("veintiséis veintisiete veintiocho veintinueve".split(), 26)},
    "veintiun": 21, "veintiún": 21, "veintidos": 22, "veintitres": 23, "veintiseis": 26,
    **{word: at for at, word in enumerate("un deux trois quatre cinq six sept huit neuf".split(), 1)},
    **{word: at for at, word in enumerate("dix onze douze treize quatorze quinze seize".split(), 10)},
}  # fmt: skip
_TENS = {
    **{w: at * 10 for at, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)},
    **{w: at * 10 for at, w in enumerate("veinte treinta cuarenta cincuenta sesenta".split(), 2)},
    **{w: at * 10 for at, w in enumerate("setenta ochenta noventa".split(), 7)},
    **{w: at * 10 for at, w in enumerate("vingt trente quarante cinquante soixante".split(), 2)},
    "vingts": 20, "fourty": 40, "septante": 70, "huitante": 80, "octante": 80, "nonante": 90,
}  # fmt: skip
# A count of years, hours or payments in one word, articles among them.
COUNTS = _SMALL | _TENS | {"a": 1, "an": 1, "una": 1, "une": 1}
_HUNDREDS = {
    "ciento": 100, "cien": 100,
    **{
        f"{stem}{end}": at * 100
        for at, stem in enumerate("dosc tresc cuatroc quin seisc setec ochoc novec".split(), 2)
        for end in ("ientos", "ientas")
    },
}  # fmt: skip
_TIMES = {"hundred": 100, "cent": 100, "cents": 100, "thousand": 1000, "mil": 1000, "mille": 1000, "grand": 1000}
_JOINED = {"and", "y", "et", "-", ","}
# Number words of one language that are other words in another.
_ONLY_IN = {
    "once": "es", "dos": "es", "mil": "es", "cent": "fr", "cents": "fr", "six": "enfr", "seize": "fr", "neuf": "fr",
    "un": "", "dix": "fr", "tres": "es", "ten": "en", "grand": "en",
}  # fmt: skip
_VAGUE = re.compile(
    r"\b(?:hundreds|thousands|millions?|benjamins?|(?:couple|few|several)(?: of)? (?:hundred|thousand|grand)|"
    r"cientos|miles|unos cientos|centaines?|milliers?|dozens?|docenas?|douzaines?)\b"
)
NUMBER_WORDS = (frozenset(_SMALL) | frozenset(_TENS) | frozenset(_HUNDREDS) | frozenset(_TIMES)) - {"un"}
_ROMAN = re.compile(
    r"\b(?=[ivxlcdm]{2,}\b)m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})(?=\s+(?:dollars?|bucks|"
    r"d[oó]lares|usd))"
)
VAGUE_WORDS = frozenset(
    "hundreds thousands million millions benjamin benjamins cientos miles centaine centaines millier milliers "
    "dozen dozens docena docenas douzaine douzaines".split()
)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|\S")
_GROUPED = re.compile(r"(?<![\d.,])\d{1,3}(?:[ ']\d{3})+(?:[.,]\d{1,2})?(?![\d.,]*\d)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text, times 100 as money is kept; UNKNOWN where it cannot be told. `spelled` in words."""

    cents: int
    start: int
    end: int
    spelled: bool = False
    text: str = ""


def numbers(text: str, language: str) -> list[Number]:
    """The numbers of a plain text in order; `language` (en, es, fr) decides words that are numbers in one of them."""
    found = list(_words(text, language))
    found += [Number(UNKNOWN, match.start(), match.end(), True) for match in _VAGUE.finditer(text)]
    found += [Number(UNKNOWN, match.start(), match.end(), True) for match in _ROMAN.finditer(text)]
    taken = [(one.start, one.end) for one in found]
    for match in _GROUPED.finditer(text):
        if _free(match.start(), match.end(), taken):
            digits = re.sub(r"[ ']", "", match[0])
            found.append(Number(cents_of(digits), match.start(), match.end(), False, match[0]))
            taken.append((match.start(), match.end()))
    for match in re.finditer(r"\d+(?:[.,]\d+)*", text):
        if _free(match.start(), match.end(), taken):
            found.append(Number(cents_of(match[0]), match.start(), match.end(), False, match[0]))
    return sorted(found, key=lambda one: one.start)


def cents_of(digits: str) -> int:
    """`1,299`, `1299.50`, `1.299,50` in cents; UNKNOWN when the separators make no amount."""
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d{3})+|\d+)(?:[.,](\d{1,2}))?", digits)
    if match is None or len(digits) > 15:
        return UNKNOWN
    return int(re.sub(r"[.,]", "", match[1])) * 100 + int((match[2] or "0").ljust(2, "0"))


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> bool:
    return all(end <= other or start >= until for other, until in taken)


def _words(text: str, language: str) -> Iterator[Number]:
    run = _Run()
    for token in _TOKEN.finditer(text):
        word = token[0]
        if (word in NUMBER_WORDS and _counts(word, language)) or run.takes_one(word):
            if run.would_break(word, language):
                yield from run.end()
            run.add(word, token.start(), token.end(), language)
        elif run.open and word in _JOINED and (word != "-" or token.start() == run.until):
            run.joined(word)
        elif word[0].isdigit():
            yield from run.end()
            run.figure(word, token.start(), token.end())
        else:
            yield from run.end()
    yield from run.end()


def _counts(word: str, language: str) -> bool:
    return language in _ONLY_IN[word] if word in _ONLY_IN else True


class _Run:
    """Number words that stand together, summed up as they are spoken."""

    def __init__(self) -> None:
        self._clear()

    def _clear(self) -> None:
        self.open = False
        self._done = self._now = 0.0
        self._start = self._end = 0
        self._last = ""
        self._words = 0

    def add(self, word: str, start: int, end: int, language: str) -> None:
        if not self.open:
            self.open, self._start = True, start
        self._end, self._words, self._join = end, self._words + 1, ""
        now = self._now
        if word in _TIMES:
            if _TIMES[word] == 100:
                self._now = (now or 1) * 100
            else:
                self._done, self._now = self._done + (now or 1) * 1000, 0
        elif word in _HUNDREDS:
            self._now = now + _HUNDREDS[word]
        elif word.startswith("vingt") and now % 100 == 4:
            self._now = now - 4 + 80
        else:
            self._now = _spoken(now, _TENS.get(word) or _SMALL.get(word, 1), language)
        self._last = word

    def figure(self, digits: str, start: int, end: int) -> None:
        """A number in digits may begin a run: `12 hundred`, `1.2 thousand`, `3 mil`."""
        self.open, self._start, self._end = True, start, end
        self._now = float(digits.replace(",", ".")) if re.fullmatch(r"\d{1,3}([.,]\d)?", digits) else -1

    def would_break(self, word: str, language: str) -> bool:
        """Whether this word begins a number of its own: `two and three`, `1 two`."""
        if not self.open:
            return False
        if self._words == 0:
            return word not in _TIMES or self._now < 0
        if self._join == "," and self._last not in ("thousand", "mil", "mille"):
            return True
        return self._join in ("and", "et", "y", ",") and word not in _TIMES and not self._takes(word)

    def takes_one(self, word: str) -> bool:
        """`vingt et un`, `treinta y un`: an article elsewhere, a number after tens."""
        return word in ("un", "una", "une") and self._join in ("et", "y", "-") and self._last in _TENS

    @property
    def until(self) -> int:
        """Where its last word ends."""
        return self._end

    def joined(self, word: str) -> None:
        self._join = word

    def end(self) -> Iterator[Number]:
        if self.open and self._words:
            yield Number(round((self._done + self._now) * 100), self._start, self._end, True)
        self._clear()

    _join = ""

    def _takes(self, word: str) -> bool:
        value = _TENS.get(word) or _SMALL.get(word, 0) or _HUNDREDS.get(word, 0)
        last = self._last
        if last in _TIMES or last in _HUNDREDS:
            return value < (100 if last not in ("thousand", "mil", "mille") else 1000)
        return (last in _TENS and value < 10) or (last in ("soixante", "vingt", "vingts") and value < 20)


def _spoken(now: float, value: int, language: str) -> float:
    """What a small number makes of those before it: `ninety nine`, `three fifty` (350), `three nine nine` (399)."""
    rest = now % 100
    if now == 0 or rest == 0:
        return now + value
    if value < 10 and rest >= 20 and rest % 10 == 0:
        return now + value
    if language == "fr" and ((rest in (60, 80) and value < 20) or (rest % 20 == 10 and value < 10)):
        return now + value
    return now * (10 if value < 10 else 100) + value
