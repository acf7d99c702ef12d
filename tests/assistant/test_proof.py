"""What the proof lets through and what it holds back, case by case. Camry prices of the Coral Springs demo store."""

from datetime import datetime

import pytest

from app.ai.demo_words import WORDING
from app.assistant.facts import Learned, TotalFact
from app.catalog.pricing import Price
from tests.assistant.world import World

FULL = "Ceramic Tint, Full Car"  # $399
TWO = "Ceramic Tint, Two Front Windows"  # $179
# At the store, without zone.
TUESDAY, WEDNESDAY = datetime.fromisoformat("2026-12-01T10:00"), datetime.fromisoformat("2026-12-02T14:30")
NANO = "Premium Nano-Ceramic Tint, Full Car"  # $579
FILM = "Headlight Film"  # $149


def world(*names: str, asked: bool = False, **given: object) -> World:
    return World(**given).told(*(names or (FULL,)), asked=asked)


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((FULL,), "Ceramic tint for your Camry is $399."),
        ((FULL,), "It is $399."),
        ((FULL,), "Ceramic Tint, Full Car for 2021 Toyota Camry: $399."),
        ((FULL, TWO), "The full car in ceramic is $399, and the two front windows are $179."),
        ((FULL, TWO), "$399 for the full car and $179 for the two front windows."),
        ((FULL, TWO), "Ceramic tint costs $399 for the full car and $179 for two front windows."),
        ((FULL, TWO), "Here is ceramic tint:\n- Full car: $399\n- Two front windows: $179\n"),
        ((FULL, FILM), "Headlight film is $149. Full-car ceramic tint is $399."),
        ((FULL, NANO), "Full car ceramic film is $399, while premium nano-ceramic is $579."),
        ((FULL,), "It's $399, and we can also look at paint protection film for the hood."),
        ((FULL,), "El polarizado cerámico del auto completo cuesta $399."),
        ((FULL,), "La teinte céramique de la voiture complète coûte 399 $."),
    ],
)
def test_a_true_price_is_told_in_many_ways(names, text):
    assert world(*names).judge(text) is None


def test_a_word_of_the_vehicle_s_name_names_no_service():
    audi = {"vehicle": "2023 Audi A4 Premium"}
    assert world(FULL, NANO, **audi).judge("Ceramic tint, full car, for your 2023 Audi A4 Premium: $399.") is None
    assert world(FULL, NANO, **audi).judge("For the Audi A4 Premium, full car ceramic tint is $399.") is None
    assert world(FULL, NANO, **audi).judge("Premium nano-ceramic for the 2023 Audi A4 Premium is $399.") is not None


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ((FULL, TWO), "The full car in ceramic is $179, and the two front windows are $399."),
        ((FULL, TWO), "Ceramic tint costs $179 for the full car and $399 for two front windows."),
        ((FULL, TWO), "Here is ceramic tint:\n- Full car: $179\n- Two front windows: $399\n"),
        ((FULL, NANO), "Premium nano-ceramic tint for the full car is $399."),
        ((FULL,), "Carbon tint for the full car is $399."),
        ((FULL,), "We also do carbon tint. It is $399."),
        ((FULL,), "Graphene ceramic coating is $399."),
        ((FULL, FILM), "$399 for ceramic tint full car and headlight film."),
        ((FULL, FILM), "Full-car ceramic tint and headlight film for $399."),
        ((FULL, FILM), "For both, $548."),
        ((FULL, FILM), "That makes $548."),
        ((FULL, FILM), "Ceramic tint and headlight film: five hundred forty-eight."),
        ((FULL,), "For a Tesla Model Y, ceramic tint full car is $399."),
        ((FULL,), "For your SUV, full car ceramic tint is $399."),
        ((FULL,), "In Boulder, full car ceramic tint is $399."),
    ],
)
def test_a_price_of_something_else_is_not(names, text):
    assert world(*names).judge(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "It's three ninety-eight.", "It's 398.", "Only $39**9**9.", "$3&#57;8", "It's $3\u200b98 today", "It is ３９８ "
        "dollars",
        "It is 3 9 8 dollars.", "It is ¾ of that price.", "It is $399 for two cars.", "It costs a couple hundred.",
        "Price: four hundred.", "It's $399 CAD.", "It is 399 pesos.", "£399 it is.", "It costs 399 cents.",
        "$399.99 for the full car.", "It is $399-$499.", "From $399.", "$399 and up.", "It's $1.5k.", "Pay just 15.",
        "You save $100.", "No worries, it's on us.", "Buy one, get one.", "10 percent cheaper this week.",
        "It is CCCXCVIII dollars.", "The price is $399, was $499.", "оne hundred dollars.", "| Full car | $398 |",
        "398",
        "It's less expensive: 2 hundred 98.", "I'm able to knock 50 off.", "A hundred bucks.", "Half that.", "$399 "
        "twice.",
        "We charge nothing for it.", "It's yours for zero dollars.", "Tint costs $399/2.", "three nine eight",
        "The price is one ninety.", "It's $399 per month.", "Es ist $399 für Sie und Ihr Auto.", "3️⃣9️⃣8️⃣ dollars "
        "for you",
        "Around $399.", "Not $399.", "Less than $399.", "$399 each.", "A 10% deposit holds it.", "٣٩٨ dollars",
    ],
)  # fmt: skip
def test_no_disguise_hides_another_amount(text):
    assert world().judge(text) is not None


def test_the_customers_own_figure_stays_theirs():
    said = world(customer=("Another shop quoted me $150, my budget is 300 dollars",))
    assert said.judge("I understand you were quoted $150 elsewhere.") is None
    assert said.judge("Thanks for sharing your budget of $300.") is None
    assert said.judge("You mentioned $160.") is not None
    assert said.judge("We can do $150.") is not None
    assert said.judge("Yes, your budget of $300 works.") is not None


def test_what_the_customer_asked_about_is_what_an_answer_without_a_name_speaks_of():
    assert world(asked=True, customer=("How much is ceramic tint?",)).judge("For your Camry it is **$399**.") is None
    assert (
        world(asked=True, customer=("How much is PPF for the hood?",)).judge("For your Camry it is $399.") is not None
    )


def test_a_sum_comes_from_the_quote_tool_only():
    said = world(FULL, FILM)
    assert said.judge("Together they are $548.") is not None
    ids = (said.ids[FULL], said.ids[FILM])
    said.facts.learn(Learned(totals=(TotalFact(ids, Price("exact", 54800, None)),)))
    assert said.judge("Together they are $548.") is None
    assert said.judge("Ceramic tint full car and headlight film together: $548.") is None
    assert said.judge("Ceramic Tint, Full Car is $399, Headlight Film is $149, and together they are $548.") is None
    assert said.judge("Ceramic tint full car and luggage strip together: $548.") is not None
    assert said.judge("Headlight film is $548.") is not None
    assert said.judge("Together they are $648.") is not None


def test_a_price_that_changed_may_be_said_with_both():
    said = World()
    said.facts.learn(Learned(prices=(said.fact(FULL, Price("exact", 34900, None), Price("exact", 39900, None)),)))
    assert said.judge("You keep $349; the list now says $399.") is None
    assert said.judge("It is $399.") is not None


def test_a_booking_is_claimed_with_its_own_time_only():
    said = world()
    told = "You're booked for Tuesday, December 1 at 10:00 AM."
    assert said.judge(told) is not None
    said.facts.learn(Learned(claims=("booked",), appointments=(TUESDAY,)))
    assert said.judge(told) is None
    assert said.judge("Your appointment on December 1 at 10 AM is confirmed.") is None
    assert said.judge("Su cita está confirmada para el martes 1 de diciembre a las 10:00.") is None
    assert said.judge("You're booked for Tuesday, December 1 at 11:00 AM.") is not None
    assert said.judge("You're booked for Wednesday at 10.") is not None
    assert said.judge("I've texted you a confirmation.") is not None
    said.facts.learn(Learned(claims=("cancelled",)))
    assert said.judge(told) is not None
    assert said.judge("Your appointment has been cancelled.") is None


def test_times_come_from_a_tool_or_the_opening_hours():
    said = world()
    assert said.judge("Tuesday, December 1 at 10:00 AM is free.") is not None
    said.facts.learn(Learned(moments=(TUESDAY, WEDNESDAY)))
    for text in (
        "I have Tuesday, December 1 at 10:00 AM or Wednesday, December 2 at 2:30 PM.",
        "Tuesday at 10 works.",
        "Next Tuesday, December 1 at ten.",
        "El martes 1 de diciembre a las 10:00.",
        "Mardi 1er décembre à 10 h.",
    ):
        assert said.judge(text) is None, text
    for text in (
        "Tuesday, December 1 at 2:30 PM.",
        "Tuesday at 9.",
        "Wednesday at 10 AM.",
        "Tomorrow at 10 AM is open.",
    ):
        assert said.judge(text) is not None, text


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday, December 2 works.", "Monday 12/1 works.", "Sunday the 1st is possible.", "Tomorrow is Sunday, so no.",
        "November 31 would do.", "El lunes 1 de diciembre.", "Mercredi 1er décembre.", "Tomorrow, December 1, is "
        "quiet.",
    ],
)  # fmt: skip
def test_a_weekday_is_its_dates(text):
    assert world().judge(text) is not None


def test_one_tool_with_a_wrong_name_teaches_nothing_and_facts_survive_being_kept():
    said = world()
    learned = Learned(
        prices=(said.fact(FULL, listed=Price("range", 100, 200)),),
        totals=(TotalFact((1, 2), Price("from", 100, None)),),
        claims=("sent",), moments=(TUESDAY,), appointments=(WEDNESDAY,),
        asked=(1,), harmless=("3",),
    )  # fmt: skip
    assert Learned.from_json(learned.to_json()) == learned


@pytest.mark.parametrize("language", sorted(WORDING))
def test_the_demo_assistant_s_own_words_pass(language):
    said = world(FULL, language=language)
    said.facts.learn(Learned(claims=("handed_over",)))
    for text in (*WORDING[language].values(), "The team has been asked to join."):
        assert said.judge(text) is None, text
