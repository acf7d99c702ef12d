"""Sentences written from the patterns of `claim_grammar.toml`: what every speaker of a language knows to be a claim."""

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

CHOICE = re.compile(r"\(([^()]*)\)")


def written(each: int, seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """Kind, language and text of up to `each` sentences a pattern; the same seed writes the same."""
    chance = random.Random(seed)
    patterns = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    for language, kinds in patterns.items():
        for kind, sayings in kinds.items():
            for pattern in sayings:
                texts = {CHOICE.sub(lambda found: chance.choice(found[1].split("|")), pattern) for _ in range(each)}
                yield from ((kind, language, text if text.endswith("?") else f"{text}.") for text in sorted(texts))
