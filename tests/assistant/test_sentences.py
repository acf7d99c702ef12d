"""Thousands of generated sentences: no false one is shown, and hardly a true one is held back."""

import os
import random
from collections import Counter

import pytest

from tests.assistant.sentences import false_sentences, true_sentences

pytestmark = pytest.mark.soak

COUNT = 60_000 if os.environ.get("TEST_SCALE") == "full" else 3_000


def test_no_false_sentence_is_shown():
    through = [said for said in false_sentences(random.Random(7), COUNT) if said.world.judge(said.text) is None]
    assert [(said.kind, said.text) for said in through] == []


def test_hardly_a_true_sentence_is_held_back():
    held: Counter[str] = Counter()
    examples = []
    for said in true_sentences(random.Random(11), COUNT):
        failure = said.world.judge(said.text)
        if failure is not None:
            held[said.kind] += 1
            examples.append((said.text, failure.kind, failure.reason))
    print(f"\nfalse alarms: {held.total()} of {COUNT} true sentences ({held.total() / COUNT:.2%})", dict(held))
    assert held.total() < COUNT * 0.02, examples[:20]
