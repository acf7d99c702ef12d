"""Processor time of the proof per sentence, and what it adds to a stream of tokens.

python -m tests.bench.proof
"""

import random
import re
import time

from tests.assistant.sentences import true_sentences
from tests.assistant.world import World

ANSWER = (
    "Ceramic tint is a great choice for Florida sun. It blocks most of the heat, keeps the cabin cool and never turns "
    "purple. Ceramic Tint, Full Car for your Camry is $399 and takes about three hours. The film carries a lifetime "
    "warranty against bubbling, peeling and fading. Would you like to hear about the shades that are legal here?"
)


def main() -> None:
    said = list(true_sentences(random.Random(3), 1500))
    proofs = [(one.text, one.world.proof()) for one in said]
    for one in said:  # kept per store in production
        one.world.menu.meant([one.world.menu.words | one.world.menu.neutral])
    for text, proof in proofs[:50]:
        proof.judge(text)
    costs = []
    for text, proof in proofs:
        began = time.process_time_ns()
        proof.judge(text)
        proof.shown(text)
        costs.append((time.process_time_ns() - began) / 1e6)
    costs.sort()
    mean = sum(costs) / len(costs)
    print(f"per sentence with something to prove: mean {mean:.3f} ms, p95 {costs[int(len(costs) * 0.95)]:.3f} ms")
    world = World().told("Ceramic Tint, Full Car")
    gates = [world.gate() for _ in range(300)]
    gates[0].feed(ANSWER)
    tokens, sentences = re.findall(r"\S+\s*", ANSWER), 5
    began = time.process_time()
    for gate in gates:
        for token in tokens:
            gate.feed(token)
        gate.flush()
    spent = (time.process_time() - began) / len(gates) * 1000
    print(f"per streamed answer of {len(tokens)} tokens: {spent:.3f} ms, {spent / sentences:.3f} ms per sentence")


if __name__ == "__main__":
    main()
