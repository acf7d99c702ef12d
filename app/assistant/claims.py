"""What a sentence says was done, is under way, settled or promised, and whether a row proves it. Pure.

A softmax over the words of a sentence, their stems, endings and neighbours: it gives every kind of claim a probability.
The weights are learnt offline from labelled sentences in three languages: `python -m tests.assistant.claim_training`.
"""

import math
import re
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import Path

from app.assistant.claim_forms import plain_claims
from app.assistant.facts import CLAIMS

FILE = Path(__file__).with_name("claim_weights.tsv")
# "done" is something about the visit, whatever it was; "never" is what nobody here does; the last claims nothing.
HONEST = "honest"
KINDS = (*CLAIMS, "done", "never", HONEST)
# What proves a claim beside its own kind: a booked time is held, and whatever was done was done.
PROVEN_BY = {"held": frozenset(("held", "booked")), "done": frozenset(("done", *CLAIMS))}
# How probable a claim without a row must be to be held back, chosen by cross-validation: while nothing was done, about
# three in a hundred honest sentences are as probable. Once something was done, a claim must also be told from that.
LIMIT, LIMIT_BESIDE_OTHERS = 0.675, 0.8
# A clause says less than its sentence, so it has to say it more clearly.
LIMIT_OF_A_CLAUSE = 0.9
# The weights are whole numbers, so many to one.
SCALE = 20

_VISIT = frozenset(("booked", "moved"))
_CLAUSES = re.compile(r"(?<=[,;:])\s|\s(?=(?:and|but|so|y|pero|et|mais) )")
_TOKEN = re.compile(r"[^\W\d_]+|\d+|[?!]|[^\w\s.,;:'\"()-]")
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow lunes martes miércoles jueves viernes "
    "sábado domingo hoy mañana lundi mardi mercredi jeudi vendredi samedi dimanche demain aujourd".split()
)
# What follows one of these is not done, or only perhaps.
_DOUBT = frozenset(
    "not nt no never nothing if once when until before whether can cannot could would may might no nunca nada si "
    "cuando puedo puede ne pas jamais rien quand peut pourrait".split()
)
_DOUBTED = 6


class Claims:
    """What a plain text claims."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._probable = probabilities(text)
        self._plainly = tuple(plain_claims(text))

    @property
    def any(self) -> bool:
        """Whether it claims anything."""
        return bool(self._plainly) or 1 - self._probable[HONEST] >= LIMIT

    @property
    def visit(self) -> bool:
        """Whether what it claims is above all that a visit is booked, or booked for another time."""
        visit, claims = self._probable["booked"] + self._probable["moved"], 1 - self._probable[HONEST]
        return visit >= 1 / 2 or (self.any and visit >= claims / 2) or not _VISIT.isdisjoint(self._plainly)

    def unproven(self, proven: Collection[str]) -> str:
        """A kind of claim that none of the proven ones covers; empty when the text may be said."""
        if not self.any:
            return ""
        missing = [kind for kind in KINDS if kind != HONEST and not proved(kind, proven)]
        if found := next((kind for kind in self._plainly if kind in missing), ""):
            return found
        if not proven:
            return _likeliest(self._probable, missing, LIMIT)
        # A proven claim takes the probability from another one in the same sentence, but not in its own clause.
        clauses = (_likeliest(probabilities(one), missing, LIMIT_OF_A_CLAUSE) for one in _CLAUSES.split(self._text))
        return _likeliest(self._probable, missing, LIMIT_BESIDE_OTHERS) or next(filter(None, clauses), "")


def proved(kind: str, proven: Collection[str]) -> bool:
    """Whether one of the proven claims covers this kind."""
    return not PROVEN_BY.get(kind, frozenset((kind,))).isdisjoint(proven)


def _likeliest(probable: Mapping[str, float], kinds: Collection[str], limit: float) -> str:
    """The likeliest of these kinds; empty when together they stay below the limit."""
    return max(kinds, key=probable.__getitem__) if sum(probable[kind] for kind in kinds) >= limit else ""


def probabilities(text: str) -> Mapping[str, float]:
    """How probable each kind is."""
    rows = filter(None, map(WEIGHTS.get, features(tokens_of(text))))
    sums = [sum(column) / SCALE for column in zip(*rows, strict=True)] or [0.0] * len(KINDS)
    most = max(sums)
    odds = [math.exp(one - most) for one in sums]
    whole = sum(odds)
    return {kind: one / whole for kind, one in zip(KINDS, odds, strict=True)}


def tokens_of(text: str) -> list[str]:
    """Its words between two marks. A day is "@", a number "#", a picture "*"; "n't" and "l'" stand by themselves."""
    said = text.replace("n't", " nt").replace("'", " ")
    return ["^", *map(_token, _TOKEN.findall(said)), "$"]


def features(tokens: list[str]) -> set[str]:
    """Words, beginnings and endings, neighbours and words with one between, what stands first and last, and what is in
    doubt."""
    ends = [word if len(word) < 4 else f"-{word[-3:]}" for word in tokens]
    found = {"", *tokens, *ends}
    for words in (tokens, ends):
        found.update(map(" ".join, pairwise(words)))
        found.update(f"{one} _ {other}" for one, other in zip(words, words[2:], strict=False))
    for word in tokens:
        if len(word) > 3:
            found.update((f"{word[:3]}-", f"{word[:4]}-", f"{word[:5]}-", f"-{word[-2:]}"))
    found.update(f"{place}:{word}" for place, word in enumerate(tokens[1:4], 1))
    found.update(f"-{place}:{word}" for place, word in enumerate(tokens[-4:-1]))
    return found | _doubted(tokens)


def _doubted(tokens: list[str]) -> set[str]:
    found, left = set(), 0
    for word in tokens:
        if word in _DOUBT:
            left = _DOUBTED
        elif left:
            found.add(f"?{word}")
            left -= 1
    return found


def _token(found: str) -> str:
    if found[0].isdigit():
        return "#"
    if found in _DAYS:
        return "@"
    return found if found.isalpha() or found in "?!" else "*"


def _read(lines: list[str]) -> dict[str, bytes]:
    """Each feature with a character for each kind. Where the characters begin does not matter to a softmax."""
    return {feature: weights.encode() for feature, weights in (line.rsplit("\t", 1) for line in lines)}


WEIGHTS: dict[str, bytes] = _read(FILE.read_text(encoding="utf-8").splitlines()) if FILE.exists() else {}
