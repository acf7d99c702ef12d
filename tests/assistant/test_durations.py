"""How long work takes: told by a tool, or not said."""

import pytest

from app.assistant.durations import wrong_duration
from tests.assistant.world import World


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("It takes about three hours.", 165),
        ("The job takes two and a half hours.", 150),
        ("Most sedans take 2-3 hours.", 150),
        ("You can leave the car for 2 h 30 min.", 150),
        ("It will be ready in an hour and a half.", 90),
        ("The install needs about 90 minutes.", 90),
        ("It takes a full day.", 480),
        ("It takes one to two days.", 600),
        ("Tarda unas dos horas y media.", 150),
        ("Estará listo en media hora.", 30),
        ("La pose prend trois heures et demie.", 210),
        ("Il faut compter une journée.", 480),
    ],
)
def test_what_a_tool_told_may_be_said_and_nothing_else(text, minutes):
    assert wrong_duration(text.lower(), (minutes,)) == ""
    assert wrong_duration(text.lower(), (minutes * 3,))
    assert wrong_duration(text.lower(), ())


def test_several_services_take_their_sum():
    assert wrong_duration("together that takes four hours.", (150, 90)) == ""
    assert wrong_duration("together that takes five hours.", (150, 90))


@pytest.mark.parametrize(
    "text",
    [
        "The film takes three to five days to dry.",
        "Keep the windows up for four days.",
        "How many hours does it take?",
        "You said you need it done in two hours.",
        "I don't know whether it takes two hours.",
        "Please be ready ten minutes before your visit.",
        "I can hold that time for 15 minutes once it is ready.",
        "The team needs two days' notice to take it on.",
    ],
)
def test_what_is_no_work_of_ours_needs_no_tool(text):
    assert wrong_duration(text.lower(), ()) == ""


@pytest.mark.parametrize(("text", "true"), [("It takes about three hours.", True), ("It takes about an hour.", False)])
def test_the_proof_asks_for_it(text, true):
    assert (World().judge(text) is None) is true
