"""The store's catalogue as the proof reads it: which service does a sentence speak of?"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from app.assistant.trade_words import FILM, NOISE, SYNONYMS, WHOLE_CAR

WORD = re.compile(r"[^\W\d_]+|\d+")
WHOLE = "wholecar"
# Without one of these the longer pattern cannot match.
WHOLE_PARTS = (
    "full",
    "whole",
    "entire",
    "complet",
    "all ",
    "every ",
    "enti",
    "enter",
    "todo",
    "toda",
    "toute",
    "tout ",
)
FILM_PARTS = ("film", "lámina", "lamina", "película", "pelicula", "pellicule")
COUNTS = {word: str(at) for at, word in enumerate("one two three four five six seven eight".split(), 1)} | {
    str(at): str(at) for at in range(1, 9)
}

Tokens = frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One service. `by_class`: its price depends on the vehicle's class."""

    service_id: int
    name: str
    by_class: bool = False


@dataclass(frozen=True)
class Menu:
    """The services of one store, and what their names are told by."""

    entries: tuple[Entry, ...] = ()
    _names: dict[int, Tokens] = field(default_factory=dict)

    def __post_init__(self) -> None:
        unread = (entry for entry in self.entries if entry.service_id not in self._names)
        self._names.update({entry.service_id: tokens_of(entry.name) for entry in unread})

    @cached_property
    def words(self) -> Tokens:
        """Every word that names carry, as `tokens_of` gives them."""
        return frozenset().union(*self._names.values())

    @cached_property
    def neutral(self) -> Tokens:
        """Every word of the names as it is written."""
        return frozenset(word for entry in self.entries for word in WORD.findall(entry.name.lower()))

    @cached_property
    def _carriers(self) -> Mapping[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for service_id, name in self._names.items():
            for token in name:
                found.setdefault(token, set()).add(service_id)
        return {token: frozenset(ids) for token, ids in found.items()}

    def by_class(self, service_id: int) -> bool:
        """Whether the service's price depends on the vehicle's class."""
        return any(entry.by_class for entry in self.entries if entry.service_id == service_id)

    def sold_by(self, service_id: int, unit: str) -> bool:
        """Whether its name says that it is sold by that unit: "Tint Removal, Per Window"."""
        names = [entry.name.lower() for entry in self.entries if entry.service_id == service_id]
        return any(f"per {unit}" in name for name in names) or bool(
            names and "per " in names[0] and tokens_of(unit) & self.name(service_id)
        )

    def name(self, service_id: int) -> Tokens:
        """The tokens of the service's name; none for an unknown one."""
        return self._names.get(service_id, frozenset())

    def with_lines(self, lines: Iterable[tuple[int, str]]) -> "Menu":
        """The menu with a customer's own order lines as further entries."""
        extra = tuple(Entry(number, name) for number, name in lines)
        return Menu(self.entries + extra, dict(self._names)) if extra else self

    def meant(self, levels: Sequence[Tokens]) -> frozenset[int]:
        """The services that the words can mean, nearest words first: a farther level only tells apart what is left.

        Empty where no level names anything.
        """
        left: frozenset[int] | None = None
        said: Tokens = frozenset()
        for level in levels:
            told = level & self.words
            best = self._best(told, left) if told else frozenset()
            if not best:
                continue
            said |= told
            left = best
            whole = frozenset(one for one in left if self._names[one] <= said)
            left = whole or left
        return left or frozenset()

    def wholly_named(self, tokens: Tokens) -> frozenset[int]:
        """The services whose whole name is among the tokens."""
        counts = self._counts(tokens & self.words)
        return frozenset(one for one, count in counts.items() if count == len(self._names[one]))

    def _best(self, tokens: Tokens, among: frozenset[int] | None) -> frozenset[int]:
        counts = self._counts(tokens)
        if among is not None:
            counts = {one: count for one, count in counts.items() if one in among}
        most = max(counts.values(), default=0)
        return frozenset(one for one, count in counts.items() if count == most) if most else frozenset()

    def _counts(self, tokens: Tokens) -> dict[int, int]:
        counts: dict[int, int] = {}
        for token in tokens:
            for service_id in self._carriers.get(token, ()):
                counts[service_id] = counts.get(service_id, 0) + 1
        return counts


@lru_cache(512)
def tokens_of(text: str) -> Tokens:
    """What may name a service in a text: its telling words in the catalogue's own form and language."""
    lowered = text.lower().replace("bed liner", "bedliner").replace("pre-", "pre")
    if any(part in lowered for part in WHOLE_PARTS):
        lowered = WHOLE_CAR.sub(f" {WHOLE} ", lowered)
    if any(part in lowered for part in FILM_PARTS):
        lowered = FILM.sub(_tint, lowered)
    found: set[str] = set()
    count = ""
    for word in WORD.findall(lowered):
        if word in COUNTS:
            count = COUNTS[word]
        elif word not in NOISE:
            known = _known(word)
            found.update(known.split())
            if count:
                found.add(count + known)  # one step and two steps are two services
            count = ""
    return frozenset(found)


def _tint(match: re.Match[str]) -> str:
    return f" {match[1] or match[2]} tint "


@lru_cache(4096)
def _known(word: str) -> str:
    single = _singular(word)
    return SYNONYMS.get(word) or SYNONYMS.get(single, single)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
