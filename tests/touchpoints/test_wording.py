"""What a template may say, and what is refused with words that help."""

import pytest

from app.messaging.segments import segments
from app.touchpoints.step_rules import BARE, FULL, StepValues, problem_of, problems_of
from app.touchpoints.wording import Refused, checked, one_text, written

GOOD = "{{ store }}: hi {{ first_name|default('there') }}, see {{ chat_link }}"


def step(**given) -> StepValues:
    texts = {"en": {"sms": GOOD, "subject": "Hello", "body": "Look: {{ chat_link }}"}}
    return StepValues(
        **{"number": 1, "day": 3, "at": None, "after_minutes": 0, "channel": "any", "texts": texts, **given}
    )


def test_a_good_template_says_the_same_with_and_without_a_name():
    assert problem_of(GOOD, "sms") is None
    assert written(GOOD, FULL).startswith("Tint World Auto Styling Center: hi Christopher,")
    assert written(GOOD, BARE).startswith("Tint World Auto Styling Center: hi there,")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "{{ store }}: hi {{ first_name }}",
            '{{ first_name }} is not always known. Write {{ first_name|default("…") }}',
        ),
        ("{{ store }}: hi {{ frist_name }}", "there is no word {{ frist_name }}"),
        ("{{ store }}: hi {{ first_name", "Line 1"),
        ("{{ store }}\n{% for x in y %}{% endfor %}", "Line 2: only words"),
        ("{{ store }} {{ store.__class__ }}", "only words"),
        ("{{ store }} {{ 'x' * 1000000000 }}", "only words"),
        ("{{ store }} {{ store|attr('upper') }}", "there is no |attr"),
        ("{{ store }} {% if store is callable %}x{% endif %}", "is callable"),
        ("{{ store }}: https://bit.ly/tint", "another address than the customer's own: https://bit.ly/tint"),
        ("{{ store }}: see tintworld.com/deal", "another address"),
        ("{{ store }}: see g.page/tint", "another address than the customer's own: g.page/tint"),
        ("{{ store }}: our shop is tintworld.shop now", "another address than the customer's own: tintworld.shop"),
        ("hi, see {{ chat_link }}", "must name the store"),
        ("{{ store }} " + "word " * 100, "SMS segments; at most 3"),
        ("{{ store }} " + "x" * 5000, "longer than 4000"),
        ("{% if first_name %}{{ store }}{% endif %}", "says nothing"),
    ],
)
def test_what_must_not_be_sent_is_refused_and_the_words_say_where(source, words):
    assert words in problem_of(source, "sms")


def test_what_is_wrong_is_told_by_field():
    found = problems_of(
        step(day=500, texts={"en": {"sms": "", "subject": "Hi", "body": "x"}, "es": {"sms": "{{ no }}"}})
    )
    assert set(found) == {"day", "en-sms", "es-sms"}
    assert problems_of(step()) == {}
    assert "en-body" in problems_of(step(texts={"en": {"sms": GOOD, "subject": "Hi"}}))
    assert problems_of(step(channel="sms", texts={"en": {"sms": GOOD}})) == {}


def test_a_long_text_leaves_out_what_need_not_be_said():
    source = GOOD + " {% if service %}about {{ service }}{% endif %}"
    text = one_text(source, {**FULL, "service": "long " * 70}, "Reply STOP to opt out.")
    assert segments(text) <= 3
    assert "long" not in text
    assert text.endswith("Reply STOP to opt out.")


def test_a_name_that_is_an_address_is_caught_when_it_is_written():
    with pytest.raises(Refused, match="another address"):
        checked(written(GOOD, {**FULL, "first_name": "evil.com/x"}), FULL)


def test_a_store_whose_name_looks_like_an_address_is_no_wrong_link():
    words = {**FULL, "store": "Tint.com Boulder"}
    assert checked(written(GOOD, words), words)


def test_another_language_falls_back_to_english_text_by_text():
    found = step(texts={"en": {"sms": "a", "body": "b"}, "es": {"sms": "c", "body": ""}})
    assert [found.text("es", "sms"), found.text("es", "body"), found.text("fr", "sms")] == ["c", "b", "a"]
