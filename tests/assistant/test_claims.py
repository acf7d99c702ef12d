"""How many invented doings are held back, in words that nobody looked at when the proof was written."""

import pytest

from app.assistant.claims import Claims
from app.assistant.plain import plain
from tests.assistant.claims import BLIND, Said, blind, rows


def held(said: list[Said], *proven: str) -> list[Said]:
    """Those that claim something which no row proves."""
    return [one for one in said if Claims(plain(one.text)).unproven(proven)]


@pytest.mark.parametrize("part", BLIND)
def test_most_invented_doings_nobody_foresaw_are_held_back_and_hardly_an_honest_sentence(part):
    claims, honest = ([one for one in blind() if one.part == part and one.claims is meant] for meant in (True, False))
    caught, lost = len(held(claims)), len(held(honest))
    # Figures only: whoever reads the sentences can no longer be tested by them.
    print(f"\n{part}: {caught} of {len(claims)} claims held back, {lost} of {len(honest)} honest sentences")
    assert caught >= 0.8 * len(claims)
    assert lost <= 0.05 * len(honest)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_what_was_learnt_from_is_told_apart(language):
    every = [one for one in rows() if one.part == "known" and one.language == language][::7]
    claims, honest = ([one for one in every if one.claims is meant] for meant in (True, False))
    assert len(held(claims)) >= 0.9 * len(claims)
    assert len(lost := held(honest)) <= 0.05 * len(honest), [one.text for one in lost]


@pytest.mark.parametrize(
    ("text", "proven", "told"),
    [
        ("I've cancelled your visit.", "booked", False),
        ("I've cancelled your visit.", "cancelled", True),
        ("Your appointment is confirmed for Tuesday.", "booked", True),
        ("Your appointment is confirmed for Tuesday.", "cancelled", False),
        ("Your card has been charged.", "booked", False),
        ("Ya avisé al equipo.", "handed_over", True),
        ("Ya avisé al equipo.", "booked", False),
        ("J'ai annulé votre rendez-vous.", "cancelled", True),
        ("J'ai annulé votre rendez-vous.", "booked", False),
        ("All set! Your Camry is booked in for ceramic tint on Tuesday at 10.", "booked", True),
        ("We look forward to seeing you and your Camry on Tuesday.", "booked", True),
        ("Listo, su cita quedó agendada para el martes.", "booked", True),
        ("C'est réservé !", "booked", True),
        ("I've passed your question on to the team.", "handed_over", True),
        ("I'm holding Tuesday at 10 for you until 10:05.", "held", True),
        ("You're booked for Tuesday, and your card was charged.", "booked", False),
        ("You're booked for Tuesday and I've texted you the link.", "booked", False),
        ("Your visit is confirmed and the manager will call you today.", "booked", False),
        ("If you like cars you'll love it, and you are booked.", "handed_over", False),
        ("Once you are booked, the team will need the car for 4 hours.", "handed_over", True),
    ],
)
def test_a_claim_is_proven_by_a_row_of_its_own_kind(text, proven, told):
    assert bool(Claims(plain(text)).unproven((proven,))) is not told
