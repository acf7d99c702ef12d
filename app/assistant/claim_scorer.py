"""How much a sentence sounds as if something were done or settled: a logistic regression over its words. Pure.

The grammar (`doings.py`, `claim_sayings.py`) knows which row would prove a claim, but no list knows every idiom. The
weights are learnt offline from labelled sentences in three languages: `python -m tests.assistant.claim_training`.
"""

import json
import re
from itertools import pairwise
from pathlib import Path

from app.assistant.claim_sayings import DAYS

FILE = Path(__file__).with_name("claim_weights.json")
# Log odds, chosen by cross-validation: of honest sentences about two in a hundred say as much.
LIMIT = 1.3
# The words of a sentence add up, so one longer than this has to speak as much clearer.
WORDS = 14

_TOKEN = re.compile(r"[^\W\d_]+|\d+|[?!]|[^\w\s.,;:'\"()-]")
_DAYS = frozenset(f"{DAYS}|today|hoy|aujourd".split("|"))
_STEM = 5


def sounds_done(text: str) -> bool:
    """Whether a plain text speaks of something as done, under way, settled or promised."""
    tokens = tokens_of(text)
    return score(tokens) >= LIMIT * max(1.0, len(tokens) / WORDS)


def score(tokens: list[str]) -> float:
    """The log odds that these words claim something."""
    return sum(WEIGHTS.get(one, 0.0) for one in features(tokens))


def tokens_of(text: str) -> list[str]:
    """Its words between two marks. A day is "@", a number "#", a picture "*"; "n't" and "l'" stand by themselves."""
    said = text.replace("n't", " nt").replace("'", " ")
    return ["^", *map(_token, _TOKEN.findall(said)), "$"]


def features(tokens: list[str]) -> set[str]:
    """Words, their stems, neighbours, and words with one between."""
    found = {"bias", *tokens}
    found.update(f"{one[:_STEM]}-" for one in tokens if len(one) > _STEM)
    found.update(map(" ".join, pairwise(tokens)))
    found.update(f"{one} _ {other}" for one, other in zip(tokens, tokens[2:], strict=False))
    return found


def _token(found: str) -> str:
    if found[0].isdigit():
        return "#"
    if found in _DAYS:
        return "@"
    return found if found.isalpha() or found in "?!" else "*"


WEIGHTS: dict[str, float] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
