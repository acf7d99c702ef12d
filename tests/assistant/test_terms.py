"""Terms of business: the store's own words, or not said. The sentences of terms.tsv were written before the rule, and
after it in three further rounds; `true` ones stand in TERMS, `false` ones do not, `free` ones promise nothing."""

from collections import Counter
from pathlib import Path

import pytest

from app.assistant.plain import plain, words_of
from app.assistant.proof import Failure
from app.assistant.terms import speaks_of_terms, wrong_term
from tests.assistant.claims import known, rows
from tests.assistant.world import World

ROWS = [line.split("\t") for line in (Path(__file__).parent / "terms.tsv").read_text("utf-8").splitlines()]
TERMS = (
    "Window film carries a lifetime warranty against fading and bubbling.",
    "Paint protection film has a 10-year warranty.",
    "Labor is guaranteed for 1 year.",
    "Financing: 0 % interest for 12 months through Synchrony.",
    "A $50 deposit is required to book; it goes toward the final bill.",
    "You can cancel or move your visit free of charge until 24 hours before; after that the deposit is kept.",
    "We do not match competitors' prices.",
    "Our installers are certified by 3M and the shop is licensed and insured.",
    "Free parking behind the shop. Free shuttle within 5 miles.",
)


def judged(language: str, text: str, *terms: str) -> Failure | None:
    return World(language=language, terms=tuple(("", one) for one in terms)).judge(text)


def shown(language: str, text: str, *terms: str) -> bool:
    return judged(language, text, *terms) is None


def kind(failure: Failure | None) -> str:
    return failure.kind if failure else ""


def test_the_sentences_are_many_and_of_three_languages():
    assert Counter(label for label, *_ in ROWS).most_common()[-1][1] >= 75
    assert {language for _, language, _ in ROWS} == {"en", "es", "fr"}


def test_what_the_store_has_not_written_is_not_promised():
    """Held back by whichever part of the proof: no term, no price, no claim."""
    untold = [text for label, language, text in ROWS if label != "free" and shown(language, text)]
    contrary = [text for label, language, text in ROWS if label == "false" and shown(language, text, *TERMS)]
    promises = sum(label != "free" for label, *_ in ROWS)
    print(f"\nterms: {promises - len(untold)} of {promises} promises held back where the store has written nothing")
    assert len(untold) <= 0.01 * promises, untold
    assert len(contrary) <= 0.01 * promises, contrary


def test_what_it_has_written_may_be_said():
    true = [(language, text) for label, language, text in ROWS if label == "true"]
    held = [text for language, text in true if judged(language, text, *TERMS)]
    as_terms = [text for language, text in true if kind(judged(language, text, *TERMS)) in ("term", "price")]
    print(f"\nterms: {len(held)} of {len(true)} true sentences held back, {len(as_terms)} of them as terms or prices")
    assert as_terms == []
    assert len(held) <= 0.05 * len(true), held


def test_who_promises_nothing_may_speak():
    free = [(language, text) for label, language, text in ROWS if label == "free"]
    held = [text for language, text in free if kind(judged(language, text)) in ("term", "price")]
    assert held == []


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("Dyed tint comes with a five-year warranty.", True),
        ("Dyed tint comes with a lifetime warranty.", False),
        ("Ceramic tint comes with a five-year warranty.", False),
        ("All our work comes with a five-year warranty.", False),
        ("It comes with a five-year warranty.", True),
        ("A five-year warranty and free polishing come with it.", False),
    ],
)
def test_what_a_service_s_description_says_holds_for_that_service(said, true):
    told = ("Dyed Tint, Full Car", "Our value film: privacy and glare control, with a five-year warranty.")
    assert (World(terms=(told,)).judge(said) is None) is true


@pytest.mark.parametrize(
    ("said", "true"),
    [
        ("You can cancel in this chat until 24 hours before your visit.", True),
        ("You can cancel until the day before.", True),
        ("You can cancel until two hours before.", False),
        ("You can cancel free of charge until the day before.", False),
    ],
)
def test_until_when_a_visit_can_be_changed_is_the_store_s_rule(said, true):
    rule = "Customers can move or cancel a booked visit in this chat until 24 hours before it; later the team decides."
    assert (World(terms=(("", rule),)).judge(said) is None) is true


def test_a_price_beside_a_proven_term_is_still_a_price():
    world = World(terms=(("", "Window film carries a lifetime warranty."),)).told("Ceramic Tint, Full Car")
    assert world.judge("Ceramic Tint, Full Car is $399 with a lifetime warranty.") is None
    assert world.judge("Ceramic Tint, Full Car is $299 with a lifetime warranty.").kind == "price"
    deposit = World(terms=(("", "A $50 deposit is required."),)).told("Ceramic Tint, Full Car")
    assert deposit.judge("A $50 deposit is required, and Ceramic Tint, Full Car is $399.") is None
    assert deposit.judge("A $50 deposit is required, and Ceramic Tint, Full Car is $299.") is not None


@pytest.mark.parametrize("text", ["Be warm and short.", "Ask for their plate.", "Never promise a lifetime warranty."])
def test_words_that_state_no_term_prove_none(text):
    assert not speaks_of_terms(text)


def test_the_model_is_told_what_the_store_says_of_it_or_that_it_says_nothing():
    world = World(terms=tuple(("", one) for one in TERMS))
    assert "lifetime warranty" in world.judge("Our tint has a 20-year warranty.").told
    assert World(terms=()).judge("Our tint has a 20-year warranty.").told == ""


def test_hardly_an_honest_sentence_of_other_matters_is_taken_for_a_promise():
    """Even where the store has written nothing; half of these do name a term, as known from a maker."""
    honest = {(one.language, one.text) for one in [*rows(), *known()] if not one.claims}
    alarms = [text for language, text in honest if _reason(text)]
    print(f"\nterms: {len(alarms)} of {len(honest)} honest sentences taken for promises")
    assert len(alarms) <= 0.02 * len(honest), alarms


def _reason(text: str, *told: tuple[str, str]) -> str:
    said = plain(text)
    return wrong_term(said, words_of(said), told, World().menu.words).reason
