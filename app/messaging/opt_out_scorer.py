"""How much a sentence sounds like a stop: a logistic regression over its words, concepts and the rules that hold. Pure.

The weights are learnt offline from the labelled sentences: `python -m tests.messaging.opt_out_training`. They let the
grammar be overruled where everything else in the sentence speaks against it, and catch wording that no rule foresaw.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from app.messaging import opt_out_grammar as grammar

FILE = Path(__file__).with_name("opt_out_weights.json")
# Log odds. Chosen by cross-validation: a rule counts unless the words speak clearly against it; without one they must
# speak clearly for a stop.
WITH_A_RULE = -1.5
WITHOUT_A_RULE = 1.0
# The words of a sentence add up, so one longer than this has to speak as much clearer.
WORDS = 10


@dataclass(frozen=True)
class Reading:
    """Why a sentence is a stop or not: the rules that hold and the log odds of its words."""

    sentence: str
    concepts: str
    rules: tuple[str, ...]
    score: float

    @property
    def is_stop(self) -> bool:
        needed = WITH_A_RULE if self.rules else WITHOUT_A_RULE
        return self.score >= needed * max(1.0, len(self.sentence.split()) / WORDS)

    def because(self, most: int = 5) -> list[tuple[str, float]]:
        """The features that weighed most, either way."""
        weighed = [(one, WEIGHTS[one]) for one in features(self.sentence, self.concepts, self.rules) if one in WEIGHTS]
        return sorted(weighed, key=lambda pair: -abs(pair[1]))[:most]


def reading(sentence: str, tongue: str, *, asks: bool = False) -> Reading:
    """What a sentence in plain words (opt_out_text.sentences) says; `asks`: its message asks something too."""
    concepts = grammar.concepts(sentence, tongue)
    rules = grammar.matches(concepts, asks=asks)
    return Reading(sentence, concepts, rules, score(features(sentence, concepts, rules)))


def score(found: Iterable[str]) -> float:
    return sum(WEIGHTS.get(one, 0.0) for one in found)


def features(sentence: str, concepts: str, rules: tuple[str, ...]) -> set[str]:
    """Words and pairs (w), concepts in order (c), concepts that follow another at any distance (k), rules (r)."""
    words, said = sentence.split(), ["^", *concepts.split(), "$"]
    known = [one for one in said if one.isupper()]
    found = {"bias", f"length {min(5, len(words) // 4)}"}
    found.update(f"w {word}" for word in words)
    found.update(f"w {' '.join(pair)}" for pair in pairwise(words))
    found.update(f"c {' '.join(pair)}" for pair in pairwise(said))
    found.update(f"c {' '.join(three)}" for three in zip(said, said[1:], said[2:], strict=False))
    found.update(f"k {one}" for one in known)
    found.update(f"k {one} > {other}" for at, one in enumerate(known) for other in known[at + 1 : at + 4])
    found.update(f"r {name}" for name in rules)
    if rules:
        found.add("r")
    return found


WEIGHTS: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
