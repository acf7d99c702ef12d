"""An answer as a text message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat.sms_text import MOST_SEGMENTS, fitted, unmarked
from app.messaging.segments import segments

MORE = "More: https://chat.example.com/session?token=WyJhYmNkZWZnaGlqa2wiLDFd.aScDeF.abcdefghijklmnopqrstuvwxyz0123456789abcdefg"


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**From $399** for your *Camry*.", "From $399 for your Camry."),
        ("# Tint\n\n* 5 %\n* 20 %", "Tint\n\n- 5 %\n- 20 %"),
        ("See [our page](https://x.example/a_b).", "See our page https://x.example/a_b."),
        ("2 * 3 * 4 and a_b_c stay", "2 * 3 * 4 and a_b_c stay"),
        ("![car](https://x.example/c.png)Nice", "Nice"),
    ],
)
def test_marks_go_and_words_stay(markdown, text):
    assert unmarked(markdown) == text


def test_a_short_answer_is_sent_as_it_is():
    assert fitted("It’s **from $399**.", MORE) == "It's from $399."


def test_a_long_one_ends_after_a_sentence_with_the_link_to_the_rest():
    text = fitted("This is a sentence about tint and film. " * 20, MORE)
    assert text.endswith(f"film.\n{MORE}")
    assert segments(text) <= MOST_SEGMENTS


def test_accents_are_kept_unless_they_cost_too_much():
    assert fitted("Señora Núñez, está listo.", MORE) == "Señora Núñez, está listo."
    assert fitted("Está listo el polarizado. " * 10, MORE) == ("Esta listo el polarizado. " * 10).strip()


@given(st.text(max_size=3000))
def test_nothing_is_longer_than_three_segments(text):
    assert segments(fitted(text, MORE)) <= MOST_SEGMENTS
