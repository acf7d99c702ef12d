"""Sentences that a model may say without any tool: invented doings, offers, opening hours; and honest ones."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest

from app.assistant.facts import Learned
from app.assistant.store_calendar import Calendar
from tests.assistant.world import NOW, World

SAID = tomllib.loads((Path(__file__).parent / "said.toml").read_text())
FULL = "Ceramic Tint, Full Car"
NANO = "Premium Nano-Ceramic Tint, Full Car"
TUESDAY = datetime.fromisoformat("2026-12-01T10:00")
MONDAY_TO_SATURDAY = tuple((day, time(9), time(18)) for day in range(6))


@dataclass
class Opened(World):
    """A store that is open from Monday to Saturday, but for tomorrow, a holiday."""

    def proof(self):
        proof = super().proof()
        proof._calendar = Calendar(NOW, MONDAY_TO_SATURDAY, {date(2026, 11, 28): ()})
        return proof


def shown(language: str, texts: list[str]) -> list[str]:
    return [text for text in texts if World(language=language).told(FULL, asked=True).judge(text) is None]


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_what_was_never_done_promised_or_known_is_not_shown(language):
    assert shown(language, SAID["untrue"][language]) == []


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_honest_sentences_with_the_same_words_are(language):
    honest = SAID["honest"][language]
    said = shown(language, honest)
    assert [text for text in honest if text not in said] == []


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("You're good to go for Tuesday.", True),
        ("You're good to go for Wednesday.", False),
        ("Your visit is set for Tuesday at 10.", True),
        ("Your visit is set for Tuesday at 11.", False),
        ("You have an appointment on Tuesday, December 1 at 10:00 AM.", True),
        ("Done! I've added your visit to the calendar for Tuesday, December 1 at 10:00 AM.", True),
        ("Your spot is saved.", True),
        ("We look forward to seeing you on Tuesday!", True),
        ("I've let the team know.", False),
        ("A confirmation is on its way.", False),
        ("Vous avez rendez-vous mardi 1 décembre à 10:00.", True),
        ("Vous avez rendez-vous mercredi.", False),
        ("Ya tiene su cita para el martes 1 de diciembre a las 10:00.", True),
        ("Tiene su cita el martes 1 de diciembre a las 10 y media.", False),
    ],
)
def test_after_a_booking_it_may_be_said_in_many_ways_and_nothing_beyond_it(text, true):
    booked = World().told(FULL)
    booked.facts.learn(Learned(claims=("booked",), appointments=(TUESDAY,)))
    assert (booked.judge(text) is None) is true


def test_a_time_that_is_held_is_said_to_be_held_and_no_more():
    held = World().told(FULL)
    assert held.judge("I'm holding that time for you.") is not None
    held.facts.learn(Learned(claims=("held",), moments=(TUESDAY,)))
    assert held.judge("I'm holding that time for you.") is None
    assert held.judge("Your visit is all set.") is not None


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("We're open now until 6 PM.", True),
        ("We're closed now.", False),
        ("We're open Monday to Saturday from 9 AM to 6 PM and closed on Sunday.", True),
        ("We are open on Sundays.", False),
        ("We're open every day.", False),
        ("We're open 24/7.", False),
        ("We are closed tomorrow.", True),
        ("We're open tomorrow from 9 AM to 6 PM.", False),
        ("Come by tomorrow.", False),
        ("You can come by on Tuesday.", True),
        ("There is room on Tuesday.", True),
        ("We have an opening on Wednesday.", False),
        ("Sorry, we have no openings on Wednesday.", True),
        ("We can squeeze you in this afternoon.", False),
        ("Wednesday is available.", False),
        ("Does Wednesday work for you?", True),
        ("Estamos abiertos de lunes a sábado de 9:00 a 18:00.", True),
        ("Abrimos los domingos.", False),
        ("Nous sommes ouverts du lundi au samedi.", True),
        ("Nous sommes ouverts le dimanche.", False),
        ("Il y a de la place demain.", False),
    ],
)
def test_open_days_are_those_of_the_store_and_room_is_what_a_tool_told(text, true):
    store = Opened().told(FULL)
    store.facts.learn(Learned(moments=(TUESDAY,)))
    assert (store.judge(text) is None) is true


@pytest.mark.parametrize(
    ("names", "text", "true"),
    [
        ((FULL, NANO), "Premium nano-ceramic is more expensive than ceramic.", True),
        ((FULL,), "Carbon tint is cheaper.", False),
        ((FULL, NANO), "Premium nano-ceramic costs the same.", False),
        ((FULL,), "Is there something cheaper you have in mind?", True),
        ((FULL,), "Tax is not included.", True),
        ((FULL,), "Ceramic Tint, Full Car is $399, tax included.", False),
    ],
)
def test_prices_are_compared_only_where_tools_gave_them_and_taxes_are_nobody_s(names, text, true):
    assert (World().told(*names).judge(text) is None) is true
