"""Learns app/assistant/claim_weights.json from the labelled sentences, all but the blind ones.

    python -m tests.assistant.claim_training               learn, print cross-validated figures, write the file
    python -m tests.assistant.claim_training "a sentence"  say what of it speaks for a claim

Run it after any change of features or sentences (`claims.tsv`, the honest ones of `said.toml`).
"""

import json
import sys

from app.assistant import claim_scorer as scorer
from app.assistant.plain import plain
from tests import learning
from tests.assistant.claims import Said, blind, learnt_from

FOLDS = 5


def learn(said: list[Said]) -> dict[str, float]:
    examples = [(scorer.features(scorer.tokens_of(plain(one.text))), one.claims) for one in said]
    return learning.learn(examples, rounds=10, step=0.1, pull=0.01, least=3)


def figures(said: list[Said]) -> str:
    """What the scorer alone holds back."""
    held = {meant: [scorer.sounds_done(plain(one.text)) for one in said if one.claims == meant] for meant in (1, 0)}
    return f"claims {sum(held[1]) / len(held[1]):.1%}, honest {sum(held[0]) / len(held[0]):.1%} held back"


def main() -> None:
    if len(sys.argv) > 1:
        tokens = scorer.tokens_of(plain(sys.argv[1]))
        weighed = sorted(
            ((scorer.WEIGHTS[one], one) for one in scorer.features(tokens) if one in scorer.WEIGHTS),
            key=lambda pair: -abs(pair[0]),
        )
        print(f"{scorer.score(tokens):+.2f}", scorer.sounds_done(plain(sys.argv[1])), weighed[:12])
        return
    said = learnt_from()
    for known, unknown in learning.folds(said, FOLDS):
        scorer.WEIGHTS = learn(known)
        print("not learnt from:", figures(unknown))
    scorer.WEIGHTS = learn(said)
    print("blind:", figures(blind()))
    scorer.FILE.write_text(json.dumps(scorer.WEIGHTS, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
