import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.assistant.amounts import UNKNOWN, amounts_in, numbers_in
from app.assistant.proof import Gate

HONEST = "I'd rather have the store confirm that price for you."


def run(text: str, known: set[int], cuts: list[int] | None = None) -> str:
    gate = Gate(known, HONEST)
    shown, at = "", 0
    for cut in sorted(set(cuts or [])):
        shown += gate.feed(text[at:cut])
        at = max(at, cut)
    return shown + gate.feed(text[at:]) + gate.flush()


@pytest.mark.parametrize(
    ("sentence", "amounts"),
    [
        ("It is $1,299.", {129900}),
        ("It is $49.50 today.", {4950}),
        ("Between $299 and $1,199.", {29900, 119900}),
        ("That runs 1299 dollars.", {129900}),
        ("USD 799 in all.", {79900}),
        ("It costs 499.", {49900}),
        ("About $1.2k.", {UNKNOWN, 120}),
        ("Twelve hundred dollars.", {UNKNOWN}),
        ("You get 20% off.", {UNKNOWN}),
        ("＄799 for you.", {79900}),
        ("It is 799$.", {79900}),
        ("Cuesta 499 dólares.", {49900}),
        ("Call 954-555-0142 before 6 PM.", set()),
        ("Your 2021 Camry takes about 3 hours.", set()),
        ("1. Ceramic tint", set()),
    ],
)
def test_amounts_are_read_in_every_usual_form(sentence: str, amounts: set[int]) -> None:
    assert amounts_in(sentence) == amounts


def test_a_proven_price_is_shown_as_written() -> None:
    text = "For your Camry, ceramic tint is **$299**. Shall I go on?"
    assert run(text, {29900}) == text


def test_an_unproven_price_is_replaced_once_and_the_rest_goes_on() -> None:
    shown = run("Happy to help. It is $250. Or maybe $260. See you soon!", {29900})
    assert shown == f"Happy to help. {HONEST} See you soon!"


def test_the_honest_line_ends_a_clause_that_was_already_shown() -> None:
    shown = run("For your Camry, it is $250. Bye!", set(), cuts=[16])
    assert shown == f"For your Camry, {HONEST} Bye!"


def test_a_clause_with_nothing_to_prove_goes_at_once() -> None:
    gate = Gate(set(), HONEST)
    assert gate.feed("Sure, ") == "Sure,"
    assert gate.feed("the price is $2") == ""


def test_open_emphasis_is_held_until_it_closes() -> None:
    gate = Gate(set(), HONEST)
    assert gate.feed("**Ceramic tint, full") == ""
    assert gate.feed(" car**, lasts. ") == "**Ceramic tint, full car**, lasts."


@given(st.lists(st.integers(0, 80), max_size=30))
def test_no_split_of_the_stream_lets_a_false_price_through(cuts: list[int]) -> None:
    shown = run("Sure, ceramic film for your Camry is $799.00 today. The other film is $299.", {29900}, cuts)
    assert "799" not in shown
    assert shown.endswith("The other film is $299.")


@given(st.text(alphabet="$0123456789.,k hundredollars\n-*", max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_what_is_shown_never_holds_an_unknown_amount(text: str, cuts: list[int]) -> None:
    shown = run(text, set(), cuts).replace(HONEST, "")
    for line in shown.splitlines():
        assert "$" not in line or not amounts_in(line)


@pytest.mark.parametrize(
    "pieces",
    [
        ["As", " for", " the", " price", ",", " it", " is", " around", " 350", " for", " you", "."],
        ["The", " price", ":", " 350", "."],
        ["The total", ", all in", ", is ", "350", "."],
        ["Between $299", " and 350", "."],
        ["$", "**", "350", "**", "."],
        ["It is &#36;", "350."],
        ["You save 50% off", " that."],
        ["It is half", " the price."],
        ["I can do it", " for 350."],
        ["It is €", "299."],
        ["That is three", " fifty."],
        ["trois cents", " cinquante."],
        ["Son ", "trescientos."],
        ["Это триста", " долларов."],
        ["One grand", " for all."],
        ["It's", " free!"],
        ["Save $", "299 with us."],
        ["A 350-dollar", " job."],
    ],
)
def test_no_form_of_a_false_price_gets_through(pieces: list[str]) -> None:
    gate = Gate({29900}, HONEST)
    shown = "".join(gate.feed(piece) for piece in pieces) + gate.flush()
    assert "350" not in shown
    assert "50%" not in shown
    assert gate.unproven


@pytest.mark.parametrize(
    "sentence",
    [
        "For your 2019 Ram 1500, ceramic tint is $299.",
        "For your BMW 330i the price is $299.",
        "It blocks 99% of UV, and the price is $299.",
        "A 5% film at $299 takes about 3 hours.",
        "Total cure time is 30 days, and a 10-year warranty comes with it.",
        "In Florida the front windows must let in 28% of light.",
        "Feel free to ask, our price list has 120 services.",
        "The price is $299, and we open at 10:30 AM.",
    ],
)
def test_a_true_price_beside_other_numbers_is_shown(sentence: str) -> None:
    gate = Gate({29900}, HONEST, numbers_in("2019 Ram 1500"))
    assert gate.feed(sentence) + gate.flush() == sentence
