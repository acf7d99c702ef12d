"""Learns app/messaging/opt_out_weights.json from the labelled sentences, all but `blind_test`.

    python -m tests.messaging.opt_out_training            learn, print cross-validated figures, write the file
    python -m tests.messaging.opt_out_training "a text"   say why it is a stop or not

Run it after any change of lexicon, rules, features or sentences.
"""

import json
import sys

from app.messaging import opt_out_scorer as scorer
from app.messaging.opt_out_words import readings
from tests import learning
from tests.learning import Example
from tests.messaging.opt_outs import Said, labelled

FOLDS = 8


def examples(one: Said) -> list[Example]:
    """Every sentence of a near miss is none; of a stop, the ones that a rule reads are, else all of it together."""
    read = readings(one.text)
    if one.is_stop and any(sentence.rules for sentence in read):
        read = [sentence for sentence in read if sentence.rules]
    return [(scorer.features(sentence.sentence, sentence.concepts, sentence.rules), one.is_stop) for sentence in read]


def learn(said: list[Example]) -> dict[str, float]:
    return learning.learn(said, rounds=15, step=0.2, pull=0.005)


def cross_validated(said: list[Said]) -> list[tuple[Said, scorer.Reading]]:
    """Each message with its most stop-like sentence, read by weights that were learnt without it."""
    out = []
    for known, unknown in learning.folds(said, FOLDS):
        scorer.WEIGHTS = learn([pair for one in known for pair in examples(one)])
        for one in unknown:
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
