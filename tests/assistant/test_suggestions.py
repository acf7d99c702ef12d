"""One suggestion of something more in an answer, however it is said; more only for who asks openly."""

import random

import pytest

from app.assistant.gate import Gate
from tests.assistant.claims import known, rows
from tests.assistant.world import World

ASKED = {"en": "How is the tint?", "es": "¿Cómo es el polarizado?", "fr": "Comment est le film teinté ?"}
TWO = [
    ("en", "Tint keeps it cool. I'd also recommend a ceramic coating. You might like a full detail, too."),
    ("en", "You could add paint protection film. While you're here, how about a wash?"),
    ("en", "Many customers add a coating. A dash camera is worth adding, too."),
    ("en", "We also offer wraps. Are you interested in a remote starter?"),
    ("en", "Consider our headlight restoration. We'd also suggest a leather treatment."),
    ("es", "También ofrecemos recubrimiento cerámico. Le recomiendo además un lavado."),
    ("es", "Le puede interesar la película de protección. ¿Qué tal una alarma?"),
    ("fr", "Nous proposons aussi un revêtement céramique. Je vous conseille également un lavage."),
    ("fr", "Pensez à protéger vos phares. Que diriez-vous d'une alarme ?"),
]
HONEST = [
    ("en", "I'd recommend ceramic tint for your car. You might also like premium nano-ceramic tint."),
    (
        "en",
        "We also offer a ceramic coating. The coating goes well with tint. Would you like to hear more about coating?",
    ),
    ("en", "I'd suggest a coating. I wouldn't recommend a wrap, though."),
    ("en", "You might like a coating. Which day would you like to come in for the tint?"),
    ("en", "A coating is worth adding. The windshield and the sunroof can be tinted as well."),
    ("en", "You could add a coating. Your tint takes three hours, and we wash the windows first."),
    ("es", "Le recomiendo el polarizado cerámico. También tenemos polarizado de carbono."),
    ("es", "Le puede interesar un recubrimiento. ¿Qué día le gustaría venir?"),
    ("fr", "Je vous conseille le film céramique. Nous proposons aussi le film carbone."),
    ("fr", "Pensez à un revêtement. Quel jour vous intéresse ?"),
]


def second_of(language: str, answer: str, *asked: str) -> bool:
    failure = World(language=language, customer=asked or (ASKED[language],)).judge(answer)
    return failure is not None and failure.kind == "suggestion"


@pytest.mark.parametrize(("language", "answer"), TWO)
def test_a_second_suggestion_is_not_shown(language: str, answer: str) -> None:
    assert second_of(language, answer)


@pytest.mark.parametrize(("language", "answer"), HONEST)
def test_one_suggestion_what_was_asked_and_comparisons_are(language: str, answer: str) -> None:
    assert not second_of(language, answer)


@pytest.mark.parametrize(
    "asked", ["What else do you offer?", "What do you recommend?", "¿Qué más ofrecen?", "Que me conseillez-vous ?"]
)
def test_who_asks_openly_may_be_told_of_many_things(asked: str) -> None:
    assert not second_of("en", TWO[0][1], asked)


def test_what_the_customer_named_is_no_suggestion() -> None:
    assert not second_of("en", TWO[0][1], "Do you do tint, and a coating?")


def test_a_second_one_is_written_anew_once_and_then_left_out_without_calling_anybody() -> None:
    gate = World(customer=(ASKED["en"],)).gate()
    told = "I'd also recommend a coating. You might like a full detail, too. See you then."
    assert _spoken(gate, told).rstrip() == "I'd also recommend a coating."
    assert gate.rewrite().kind == "suggestion"
    assert (
        _spoken(gate, " You might like an alarm, too. Which film do you prefer?").strip() == "Which film do you prefer?"
    )
    assert [one.outcome for one in gate.withheld] == ["rewritten", "dropped"]
    assert gate.replaced is None


def _spoken(gate: Gate, text: str) -> str:
    return gate.feed(text) + gate.flush()


def test_hardly_any_two_honest_sentences_are_taken_for_two_suggestions() -> None:
    honest = [one for one in [*rows(), *known()] if not one.claims and one.language == "en"]
    chance = random.Random(5)
    taken = [
        f"{first.text} {second.text}"
        for first, second in ((chance.choice(honest), chance.choice(honest)) for _ in range(1500))
        if second_of("en", f"{first.text} {second.text}")
    ]
    print(f"\nsuggestions: {len(taken)} of 1500 pairs of honest sentences")
    assert len(taken) <= 3, taken
