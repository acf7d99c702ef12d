"""How many invented doings are held back, in words that nobody looked at when the proof was written."""

import pytest

from tests.assistant.claims import Said, blind, rows
from tests.assistant.world import World


def held(said: list[Said], *kinds: str) -> list[Said]:
    """Those of which a sentence is not shown, for one of these kinds of failure where any are named.

    Nothing was done, and no price or time is known.
    """
    judged = [(one, World(language=one.language).judge(one.text)) for one in said]
    return [one for one, failure in judged if failure is not None and (not kinds or failure.kind in kinds)]


def test_most_invented_doings_nobody_foresaw_are_held_back_and_hardly_an_honest_sentence():
    claims, honest = ([one for one in blind() if one.claims is meant] for meant in (True, False))
    caught, lost = held(claims), held(honest)
    print(f"\nblind: {len(caught)} of {len(claims)} claims held back, {len(lost)} of {len(honest)} honest sentences")
    assert len(caught) >= 0.8 * len(claims)
    assert len(lost) <= 0.05 * len(honest), [one.text for one in lost]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_what_was_learnt_from_is_told_apart(language):
    every = [one for one in rows() if one.part == "known" and one.language == language][::7]
    claims, honest = ([one for one in every if one.claims is meant] for meant in (True, False))
    assert len(held(claims)) >= 0.9 * len(claims)
    assert len(lost := held(honest, "claim")) <= 0.05 * len(honest), [one.text for one in lost]
