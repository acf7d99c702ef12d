"""Learns app/messaging/opt_out_weights.json from the labelled sentences, all but `blind_test`.

    python -m tests.messaging.opt_out_training            learn, print cross-validated figures, write the file
    python -m tests.messaging.opt_out_training "a text"   say why it is a stop or not

Run it after any change of lexicon, rules, features or sentences. Plain AdaGrad on the log loss, seeded: the same
sentences give the same weights.
"""

import json
import math
import random
import sys
from collections import Counter, defaultdict

from app.messaging import opt_out_scorer as scorer
from app.messaging.opt_out_words import readings
from tests.messaging.opt_outs import Said, labelled

ROUNDS, STEP, PULL, SEED, FOLDS = 15, 0.2, 0.005, 1, 8
Example = tuple[set[str], bool]


def examples(one: Said) -> list[Example]:
    """Every sentence of a near miss is none; of a stop, the ones that a rule reads are, else all of it together."""
    read = readings(one.text)
    if one.is_stop and any(sentence.rules for sentence in read):
        read = [sentence for sentence in read if sentence.rules]
    return [(scorer.features(sentence.sentence, sentence.concepts, sentence.rules), one.is_stop) for sentence in read]


def learn(said: list[Example]) -> dict[str, float]:
    seen = Counter(feature for features, _ in said for feature in features)
    rows = [(sorted(one for one in features if seen[one] > 1), stop) for features, stop in said]
    weights: dict[str, float] = defaultdict(float)
    past: dict[str, float] = defaultdict(lambda: 0.01)
    chance = random.Random(SEED)
    for _ in range(ROUNDS):
        chance.shuffle(rows)
        for features, stop in rows:
            odds = max(-30.0, min(30.0, sum(weights[one] for one in features)))
            error = 1 / (1 + math.exp(-odds)) - stop
            for one in features:
                slope = error + PULL * weights[one]
                past[one] += slope * slope
                weights[one] -= STEP * slope / math.sqrt(past[one])
    return {one: round(weight, 2) for one, weight in sorted(weights.items()) if abs(weight) >= 0.05}


def cross_validated(said: list[Said]) -> list[tuple[Said, scorer.Reading]]:
    """Each message with its most stop-like sentence, read by weights that were learnt without it."""
    chance, rows, out = random.Random(SEED), list(said), []
    chance.shuffle(rows)
    for fold in range(FOLDS):
        scorer.WEIGHTS = learn([pair for at, one in enumerate(rows) if at % FOLDS != fold for pair in examples(one)])
        for one in rows[fold::FOLDS]:
            found = readings(one.text) or [scorer.Reading("", "", (), 0.0)]
            out.append((one, max(found, key=lambda sentence: (sentence.is_stop, sentence.score))))
    return out


def figures(pairs: list[tuple[bool, bool]]) -> str:
    """Recall and false stops of (meant, read) pairs."""
    meant = [read for stop, read in pairs if stop]
    innocent = [read for stop, read in pairs if not stop]
    return (
        f"recall {sum(meant)}/{len(meant)} = {sum(meant) / max(1, len(meant)):.1%}, "
        f"false stops {sum(innocent)}/{len(innocent)} = {sum(innocent) / max(1, len(innocent)):.1%}"
    )


def main() -> None:
    if len(sys.argv) > 1:
        for one in readings(sys.argv[1]):
            print("STOP" if one.is_stop else "none", f"{one.score:+.1f}", one.concepts, one.rules, one.because())
        return
    said = labelled()
    checked = cross_validated(said)
    for part in dict.fromkeys(one.part for one in said):
        print(part, figures([(one.is_stop, found.is_stop) for one, found in checked if one.part == part]))
    scorer.WEIGHTS = learn([pair for one in said for pair in examples(one)])
    scorer.FILE.write_text(json.dumps(scorer.WEIGHTS, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
