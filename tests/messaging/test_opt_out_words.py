"""Who means STOP, and who only stops by. Sentences and their labels: `opt_outs.tsv`."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messaging.opt_out_words import STOP_WORDS, read
from tests.messaging.opt_outs import said

KEYWORDS = sorted({word for words in STOP_WORDS.values() for word in words})


def is_stop(text: str) -> bool:
    wish = read(text)
    return wish is not None and wish.kind == "stop"


def test_every_form_of_a_keyword_stops():
    assert [one.text for one in said("keyword") if not is_stop(one.text)] == []


@given(
    st.sampled_from(KEYWORDS),
    st.integers(0, 1000),
    st.sampled_from(["", " ", "!", ".", "!!!", "\n", '"', " 🛑", "?!", "  ..."]),
    st.sampled_from(["", " ", "¡", '"', "(", "\n"]),
)
def test_keywords_stop_in_any_case_and_punctuation(word, seed, after, before):
    chance = random.Random(seed)
    assert is_stop(before + "".join(chance.choice((str.upper, str.lower))(letter) for letter in word) + after)


def test_free_wording_stops_and_near_misses_do_not(capsys):
    meant, innocent = said("stop"), said("none", "other")
    missed = [one for one in meant if not is_stop(one.text)]
    false = [one for one in innocent if is_stop(one.text)]
    recall, false_rate = 1 - len(missed) / len(meant), len(false) / len(innocent)
    with capsys.disabled():
        print(
            f"\nopt-outs: {len(said('keyword'))} keyword forms all read; free wording {len(meant)}, "
            f"recall {recall:.1%}; near misses {len(innocent)}, false stops {false_rate:.1%}"
        )
    assert len(meant) + len(innocent) + len(said("keyword")) >= 300
    assert recall >= 0.98, missed
    assert false_rate <= 0.01, false


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_each_language_is_read(language):
    meant = [one for one in said("stop", "keyword") if one.language == language]
    assert len(meant) >= 30
    assert sum(is_stop(one.text) for one in meant) / len(meant) >= 0.98


def test_start_and_help_are_whole_messages_and_yes_counts_only_after_an_opt_out():
    for one in said("start"):
        wish = read(one.text)
        assert wish is not None
        assert wish.kind == "start", one
        assert wish.if_opted_out == (one.text.lower().strip(".!") in ("yes", "si", "sí", "oui"))
    assert all(read(one.text).kind == "help" for one in said("help"))
    assert [one.text for one in said("other") if read(one.text) is not None] == []


def test_a_question_beside_the_stop_is_kept_to_be_answered():
    assert read("Please stop texting me.").pure
    assert read("Can you stop texting me?").pure
    assert not read("Stop texting me. How much was the tint?").pure


def test_what_they_want_no_more_of_may_be_email():
    assert read("please stop emailing me").channel == "email"
    assert read("unsubscribe me from your emails").channel == "email"
    assert read("stop the texts and the emails").channel is None


def test_the_language_of_the_words_is_told_where_they_have_one():
    assert [read(text).language for text in ("STOP", "Arrêt", "no me escriban más", "please stop texting me")] == [
        None, "fr", "es", "en",
    ]  # fmt: skip


@given(st.text(max_size=1600))
def test_any_text_is_read(text):
    wish = read(text)
    assert wish is None or wish.kind in ("stop", "start", "help")
