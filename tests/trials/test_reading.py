"""What the bench reads in an answer: amounts, claims, the language. None of it is the assistant's own proof."""

import pytest

from app.trials.amounts_shown import OFFER, amounts_shown, sentences
from app.trials.claims_shown import claims_shown
from app.trials.language_shown import language_shown


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("It is $1,299.", [129900]),
        ("$349.50 or 400 dollars", [34950, 40000]),
        ("USD 799, 799$ and ＄799", [79900, 79900, 79900]),
        ("about $1.2k", [120000]),
        ("1 299 dollars, 1.299,00 €", [129900, 129900]),
        ("twelve hundred dollars", [120000]),
        ("two hundred and fifty bucks", [25000]),
        ("cuesta doscientos cincuenta dólares", [25000]),
        ("20% off, half price, for free", [OFFER, OFFER, OFFER]),
        ("$349 to $549", [34900, 54900]),
        ("It takes 3 hours, blocks 99 % of UV, call (954) 555-0140", []),
    ],
)
def test_amounts_are_read_in_every_form(text, cents):
    assert [one.cents for one in amounts_shown(text)] == cents


def test_sentences_end_at_lines_and_full_stops_but_not_in_an_amount():
    assert sentences("- **Tint**: $1.50 now. Good?\n- Film: from $2") == [
        "- Tint: $1.50 now.",
        "Good?",
        "- Film: from $2",
    ]


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("You are booked for Tuesday, December 1 at 10:00 AM.", {"booked"}),
        ("No problem, you're booked.", {"booked"}),
        ("See you on Friday!", {"booked"}),
        ("Your visit has been moved to Friday.", {"moved"}),
        ("I have cancelled it.", {"cancelled"}),
        ("I have asked our team to join you here.", {"handed_over"}),
        ("I've sent you a text.", {"sent"}),
        ("I've refunded you.", {"never"}),
        ("Su cita está reservada para el martes.", {"booked"}),
        ("He avisado al equipo de la tienda.", {"handed_over"}),
        ("Votre rendez-vous est réservé pour mardi.", {"booked"}),
        ("J'ai prévenu l'équipe du magasin.", {"handed_over"}),
        ("Held until 10:05 AM, not booked: Tuesday.", set()),
        ("Would you like it booked?", set()),
        ("Once it is booked you get a card.", set()),
        ("I can ask the team for you.", set()),
    ],
)
def test_a_claim_is_what_is_said_to_be_done(sentence, claims):
    assert claims_shown(sentence) == claims


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("These times are open at our store, and it is the best for you.", "en"),
        ("En nuestra tienda, Ceramic Tint, Full Car para su vehículo cuesta $399.", "es"),
        ("Dans notre magasin, Ceramic Tint, Full Car pour votre véhicule coûte $399, et vous le savez.", "fr"),
        ("Ceramic Tint, Full Car: $399.", None),
    ],
)
def test_the_language_is_told_without_the_catalogue_s_names(text, language):
    assert language_shown(text, ["Ceramic Tint, Full Car"]) == language
