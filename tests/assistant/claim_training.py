"""Learns app/assistant/claim_weights.tsv from the labelled sentences, all but the blind ones.

    python -m tests.assistant.claim_training               learn, print figures, write the file
    python -m tests.assistant.claim_training "a sentence"  say what of it speaks for which kind

Run it after any change of features, patterns or sentences (`claims.tsv`, `claim_grammar.toml`, the honest ones of
`said.toml`).
"""

import sys

from app.assistant import claims
from app.assistant.claims import KINDS, SCALE, Claims
from app.assistant.plain import plain
from tests import learning
from tests.assistant.claims import BLIND, Said, blind, grammar, known

FOLDS = 5
# How many features the file keeps, and what its characters are: "P" is nothing.
MOST = 24_000
FIRST, NOTHING, LAST = "!", "P", "~"
# The rows that are committed one after the other, to see what is still held back.
COMMITTED = (("booked",), ("booked", "moved"), ("cancelled",), ("handed_over",), ("held",))


def learn(said: list[Said]) -> dict[str, bytes]:
    """From these sentences and from the patterns. What the tests of the proof hold as honest counts twice."""
    taught = [*said, *(one for one in said if one.part == "said"), *grammar()]
    examples = [(claims.features(claims.tokens_of(plain(one.text))), KINDS.index(one.kind)) for one in taught]
    weights = learning.learn_kinds(examples, len(KINDS), rounds=10, step=0.1, pull=0.01, most=MOST)
    return {one: bytes(map(_character, each)) for one, each in weights.items()}


def _character(weight: float) -> int:
    return min(max(ord(NOTHING) + round(weight * SCALE), ord(FIRST)), ord(LAST))


def figures(read: list[tuple[Said, Claims]]) -> str:
    """What is held back while nothing was done; of what claims another thing than was done; and what is shown that
    claims just this."""
    told = [(one, found) for one, found in read if one.claims]
    honest = [found for one, found in read if not one.claims]
    others = [
        (found, rows)
        for one, found in told
        for rows in COMMITTED
        if one.kind in KINDS and not claims.proved(one.kind, rows)
    ]
    own = [(found, (one.kind,)) for one, found in told if one.kind in KINDS[:-3]]
    return ", ".join((
        _share("claims held back", [bool(found.unproven(())) for _, found in told]),
        _share("honest held back", [bool(found.unproven(())) for found in honest]),
        _share("of another kind held back", [bool(found.unproven(rows)) for found, rows in others]),
        _share("proven shown", [not found.unproven(rows) for found, rows in own]),
    ))  # fmt: skip


def _share(name: str, found: list[bool]) -> str:
    return f"{name} {sum(found) / len(found):.1%}" if found else f"{name} -"


def read(said: list[Said]) -> list[tuple[Said, Claims]]:
    return [(one, Claims(plain(one.text))) for one in said]


def explain(text: str) -> None:
    found = Claims(plain(text))
    print("unproven:", found.unproven(()) or "nothing")
    print(*(f"{kind} {probable:.2f}" for kind, probable in claims.probabilities(plain(text)).items()))
    for one in claims.features(claims.tokens_of(plain(text))):
        if one in claims.WEIGHTS:
            weighed = [(byte - ord(NOTHING)) / SCALE for byte in claims.WEIGHTS[one]]
            print(f"{one!r:24}", *(f"{kind} {weight:+.1f}" for kind, weight in zip(KINDS, weighed, strict=True)))


def main() -> None:
    if len(sys.argv) > 1:
        explain(sys.argv[1])
        return
    checked: list[tuple[Said, Claims]] = []
    for learnt, other in learning.folds(known(), FOLDS):
        claims.WEIGHTS = learn(learnt)
        checked += read(other)
    print("not learnt from:", figures(checked))
    claims.WEIGHTS = learn(known())
    for part in BLIND:
        print(f"{part}:", figures(read([one for one in blind() if one.part == part])))
    lines = (f"{one}\t{weights.decode()}" for one, weights in sorted(claims.WEIGHTS.items()))
    claims.FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
