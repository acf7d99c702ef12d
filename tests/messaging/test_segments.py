"""Segments as they are billed: vectors from GSM 03.38 and Twilio's calculator, and laws that hold for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.segments import EXTENDED, folded, forced, is_gsm, plain, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        ("’" + "a" * 69, 1),
        ("’" + "a" * 70, 2),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 66 + "😀" + "a" * 66, 3),
        ("á" * 134, 2),
        ("á" * 135, 3),
    ],
)
def test_known_counts(text, count):
    assert segments(text) == count


gsm = st.text(st.sampled_from("abc XYZ 019 éñ@$\n"), max_size=500)


@given(gsm)
def test_a_gsm_text_costs_what_its_length_says(text):
    assert segments(text) == (1 if len(text) <= 160 else -(-len(text) // 153))


@given(st.text(max_size=300))
def test_a_longer_text_never_costs_less(text):
    assert segments(text + "a") >= segments(text)


@given(st.text(max_size=300))
def test_no_segment_is_overfull_and_none_is_wasted(text):
    if is_gsm(text):
        units, single, part = sum(2 if character in EXTENDED else 1 for character in text), 160, 153
    else:
        units, single, part = len(text.encode("utf-16-le")) // 2, 70, 67
    if units <= single:
        assert segments(text) == 1
    else:
        # A pair that may not be cut wastes at most one unit of a segment.
        assert -(-units // part) <= segments(text) <= -(-units // (part - 1))


@given(st.text(max_size=200))
def test_typographic_signs_never_cost_and_folding_never_adds(text):
    assert segments(plain(text)) <= segments(text) + text.count("…") * 3
    assert plain(plain(text)) == plain(text)
    if is_gsm(text):
        assert folded(text) == plain(text)


def test_curly_quotes_and_accents_do_not_double_the_price():
    assert plain("It’s “here” – now…") == 'It\'s "here" - now...'
    assert folded("María Núñez í ő") == "Maria Nuñez i o"
    assert not is_gsm(folded("李"))


def test_a_trade_mark_in_a_name_costs_nothing_and_what_has_no_form_is_dropped_only_by_force():
    assert plain("Tint World® Styling Centers™") == "Tint World Styling Centers"
    assert forced("Мария Núñez") == " Nuñez"
