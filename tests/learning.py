"""Learns the weights of a logistic regression over named features: plain AdaGrad on the log loss, seeded.

The same sentences give the same weights.
"""

import math
import random
from collections import Counter, defaultdict

Example = tuple[set[str], bool]


def learn(
    examples: list[Example], *, rounds: int, step: float, pull: float, seed: int = 1, least: int = 2
) -> dict[str, float]:
    """The weight of each feature that speaks for or against, of those seen at least `least` times; `pull` draws them
    towards nothing."""
    seen = Counter(feature for features, _ in examples for feature in features)
    rows = [(sorted(one for one in features if seen[one] >= least), yes) for features, yes in examples]
    weights: dict[str, float] = defaultdict(float)
    past: dict[str, float] = defaultdict(lambda: 0.01)
    chance = random.Random(seed)
    for _ in range(rounds):
        chance.shuffle(rows)
        for features, yes in rows:
            odds = max(-30.0, min(30.0, sum(weights[one] for one in features)))
            error = 1 / (1 + math.exp(-odds)) - yes
            for one in features:
                slope = error + pull * weights[one]
                past[one] += slope * slope
                weights[one] -= step * slope / math.sqrt(past[one])
    return {one: round(weight, 2) for one, weight in sorted(weights.items()) if abs(weight) >= 0.05}


def folds(rows: list, count: int, seed: int = 1) -> list[tuple[list, list]]:
    """Pairs of what to learn from and what to check: each row is checked once."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    return [
        ([row for at, row in enumerate(shuffled) if at % count != fold], shuffled[fold::count]) for fold in range(count)
    ]


def learn_kinds(
    examples: list[tuple[set[str], int]], kinds: int, *, rounds: int, step: float, pull: float, most: int, seed: int = 1
) -> dict[str, list[float]]:
    """The weights of each feature for every kind, a softmax; of the `most` features that tell most. An example is its
    features and its kind's number."""
    seen = Counter(feature for features, _ in examples for feature in features)
    kept = {one for one, times in seen.items() if times > 1}
    first = _softmax(examples, kept, kinds, max(2, rounds // 3), step, pull, seed)
    telling = sorted(kept, key=lambda one: (-_spread(first[one]) * math.sqrt(seen[one]), one))
    return _softmax(examples, set(telling[:most]), kinds, rounds, step, pull, seed)


def _spread(weights: list[float]) -> float:
    return max(weights) - min(weights)


def _softmax(
    examples: list[tuple[set[str], int]], kept: set[str], kinds: int, rounds: int, step: float, pull: float, seed: int
) -> dict[str, list[float]]:
    """AdaGrad, the weights of all rounds averaged; a kind that is already told apart is left as it is."""
    rows = [(sorted(features & kept), kind) for features, kind in examples]
    weights = {one: [0.0] * kinds for one in sorted(kept)}
    past = {one: [1.0] * kinds for one in weights}
    summed = {one: [0.0] * kinds for one in weights}
    chance = random.Random(seed)
    for _ in range(rounds):
        chance.shuffle(rows)
        for features, meant in rows:
            sums = [sum(column) for column in zip(*(weights[one] for one in features), strict=True)] or [0.0] * kinds
            top = max(sums)
            odds = [math.exp(one - top) for one in sums]
            whole = sum(odds)
            for kind, odd in enumerate(odds):
                error = odd / whole - (kind == meant)
                if abs(error) < 0.005:
                    continue
                for one in features:
                    own, squares = weights[one], past[one]
                    slope = error + pull * own[kind]
                    squares[kind] += slope * slope
                    own[kind] -= step * slope / math.sqrt(squares[kind])
        for one, own in weights.items():
            summed[one] = [total + weight for total, weight in zip(summed[one], own, strict=True)]
    return {one: [total / rounds for total in totals] for one, totals in summed.items()}
