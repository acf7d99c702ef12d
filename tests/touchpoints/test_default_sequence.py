"""The follow-up that every company starts with."""

import re

import pytest

from app.messaging.segments import is_gsm, plain, segments
from app.touchpoints.default_sequence import default_sequence
from app.touchpoints.step_rules import BARE, FULL, LANGUAGES, NEEDS, problems_of
from app.touchpoints.wording import written

NAME, STEPS = default_sequence()


def texts(language: str, name: str) -> list[str]:
    return [step.texts[language][name] for step in STEPS if name in NEEDS[step.channel]]


def test_it_is_thirteen_contacts_on_the_owners_days_by_turns():
    assert [step.day for step in STEPS] == [0, 1, 3, 5, 7, 10, 13, 16, 19, 22, 25, 27, 30]
    assert [step.channel for step in STEPS] == ["any", "email"] * 6 + ["any"]
    assert STEPS[0].after_minutes == 0


def test_every_step_may_be_saved():
    assert [problems_of(step) for step in STEPS] == [{}] * 13


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_there_and_none_is_said_twice(language):
    for name in ("sms", "subject", "body"):
        found = texts(language, name)
        assert len(found) == (7 if name == "sms" else 13)
        assert len({re.sub(r"\W", "", text).lower() for text in found}) == len(found)
        sentences = [
            sentence.strip()
            for text in found
            for sentence in re.split(r"[.?!]\s|\n", re.sub(r"{%.*?%}|{{.*?}}", "", text))
            if len(sentence.strip()) > 24
        ]
        assert [one for one in sentences if sentences.count(one) > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_names_the_store_carries_the_link_and_is_cheap(language):
    for source in texts(language, "sms"):
        assert is_gsm(plain(re.sub(r"{[{%].*?[%}]}", "", source))), source
        for words in (FULL, BARE):
            text = written(source, words)
            assert FULL["store"] in text
            assert text.count(FULL["chat_link"]) == 1
            assert segments(text) <= 3


def test_no_language_is_a_copy_of_another():
    for language in ("es", "fr"):
        for name in ("sms", "subject", "body"):
            assert set(texts(language, name)) & set(texts("en", name)) == set()


def test_it_presses_nobody_and_promises_no_discount():
    words = (
        r"\b(hurry|last chance|today only|% off|discount|free|deal|expires|limited|descuento|gratis|rabais|gratuit)\b"
    )
    for step in STEPS:
        for language in LANGUAGES:
            for text in step.texts[language].values():
                assert not re.search(words, text, re.I), text
