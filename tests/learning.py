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
