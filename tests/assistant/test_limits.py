"""What the assistant may cost, how often it may answer, and what it is not asked at all."""

from decimal import Decimal

import pytest
from flask import Flask

from app.assistant.limits import Limits, Spent, limits_for, reached
from app.assistant.models import SpendingLimit
from app.assistant.off_topic import off_topic
from app.db import db
from tests.factories.locations import make_location

LIMITS = Limits(Decimal(2), Decimal(1), Decimal(20), Decimal(100), 50)


@pytest.mark.parametrize(
    ("spent", "named"),
    [
        (Spent(conversation=Decimal(2)), "this conversation ($2.00)"),
        (Spent(lead_day=Decimal("1.01")), "this customer today"),
        (Spent(store_day=Decimal(20)), "this store today"),
        (Spent(company_day=Decimal(100)), "the company today"),
        (Spent(day_turns=50), "50 times"),
    ],
)
def test_each_limit_holds_and_says_which_it_was(spent, named) -> None:
    assert named in reached(LIMITS, spent)


def test_below_every_limit_the_assistant_answers() -> None:
    just = Spent(Decimal("1.99"), Decimal("0.99"), Decimal("19.99"), Decimal("99.99"), 49)
    assert reached(LIMITS, just) is None


def test_a_store_s_own_limit_wins_and_what_it_leaves_open_is_the_company_s(app: Flask) -> None:
    store = make_location()
    db.session.add(SpendingLimit(company_id=store.company_id, day_turns=9, store_day_dollars=Decimal(5)))
    db.session.add(SpendingLimit(company_id=store.company_id, location_id=store.id, store_day_dollars=Decimal(50)))
    db.session.add(SpendingLimit(company_id=make_location().company_id, day_turns=1))
    db.session.flush()
    found = limits_for(store.company_id, store.id)
    assert (found.day_turns, found.store_day_dollars) == (9, Decimal(50))
    assert found.conversation_dollars == Limits().conversation_dollars


@pytest.mark.parametrize(
    "message",
    [
        "Write my essay about the French revolution",
        "can you write me a python script that sorts a list?",
        "Please solve this equation: 3x + 4 = 19",
        "compose a poem for my wife",
        "do my homework please",
        "Translate this cover letter into German",
        "Escríbeme un poema sobre el mar",
        "haz mis deberes de matemáticas",
        "Écris une dissertation sur Voltaire",
        "fais mes devoirs",
    ],
)
def test_work_that_is_none_of_a_store_s_is_recognised(message) -> None:
    assert off_topic(message)


@pytest.mark.parametrize(
    "message",
    [
        "How much is ceramic tint?",
        "Can you write down my appointment?",
        "Write me a quote for a song of a car stereo",
        "Do you give me a code for the discount?",
        "Please make the windows darker",
        "My homework is done, when can you do the tint?",
        "Hi, can you create an estimate for my Camry?",
        "¿Cuánto cuesta el tinte para mi carro?",
        "Pouvez-vous faire les vitres de ma voiture ?",
        "What is the dress code?",
        "I read an essay about PPF",
        "Is there a door code?",
        "ok",
        "",
    ],
)
def test_what_a_store_may_be_asked_goes_to_the_model(message) -> None:
    assert not off_topic(message)
