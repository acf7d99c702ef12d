"""How an answer is let through while it streams."""

from hypothesis import given
from hypothesis import strategies as st

from app.assistant.plain import plain
from tests.assistant.world import HONEST, World

FULL = "Ceramic Tint, Full Car"


def run(text: str, cuts: list[int] | None = None, rewrites: int = 0) -> str:
    gate = World().told(FULL).gate(rewrites)
    shown, at = "", 0
    for cut in sorted(set(cuts or [])):
        shown += gate.feed(text[at:cut])
        at = max(at, cut)
    return shown + gate.feed(text[at:]) + gate.flush()


def test_a_proven_price_is_shown_as_written() -> None:
    text = "For your Camry, ceramic tint is **$399**. Shall I go on?"
    assert run(text) == text


def test_an_unproven_price_is_replaced_once_and_the_rest_goes_on() -> None:
    shown = run("Happy to help. It is $250. Or maybe $260. We are glad to help!")
    assert shown == f"Happy to help. {HONEST} We are glad to help!"


def test_the_honest_line_ends_a_clause_that_was_already_shown() -> None:
    assert run("For your Camry, it is $250. Bye!", cuts=[16]) == f"For your Camry, {HONEST} Bye!"


def test_while_a_rewrite_is_left_nothing_goes_through_after_the_failure() -> None:
    gate = World().told(FULL).gate(1)
    assert gate.feed("Sure thing. It is $250. And so on. ") == "Sure thing."
    assert gate.failure is not None
    assert gate.feed("More of it. ") == ""
    assert gate.rewrite().sentence == " It is $250."
    assert gate.feed(" It is $399. Good?") + gate.flush() == " It is $399. Good?"


def test_a_clause_with_nothing_to_prove_goes_at_once() -> None:
    gate = World().told(FULL).gate()
    assert gate.feed("Sure, ") == "Sure,"
    assert gate.feed("the price is $2") == ""


def test_open_emphasis_is_held_until_it_closes() -> None:
    gate = World().told(FULL).gate()
    assert gate.feed("**Ceramic tint, full") == ""
    assert gate.feed(" car**, lasts. ") == "**Ceramic tint, full car**, lasts."


def test_links_lead_to_the_store_only() -> None:
    own = "See [our page](https://tint.example.com/a?b=1) or [call](tel:+19545550142)."
    assert run(own) == own
    assert run("See [this](http://evil.example/x?d=1).") == "See this."
    assert run("![pixel](http://evil.example/p.png) Hello there.") == "pixel Hello there."
    assert run("Look at https://evil.example/?q=secret now.") == "Look at now." or "evil" not in run(
        "Look at https://evil.example/?q=secret now."
    )
    assert "evil" not in run("Look at <//evil.example/a>, please.")
    assert "evil" not in run("See [x][1] please.\n[1]: http://evil.example\n")


@given(st.lists(st.integers(0, 90), max_size=30))
def test_no_split_of_the_stream_lets_a_false_price_through(cuts: list[int]) -> None:
    shown = run("Sure, ceramic film for your Camry is $799.00 today. The price of full car ceramic tint is $399.", cuts)
    assert "799" not in shown
    assert shown.endswith("The price of full car ceramic tint is $399.")


@given(st.text(alphabet="$0123456789.,k hundredollars\n-*", max_size=60), st.lists(st.integers(0, 60), max_size=8))
def test_what_is_shown_never_holds_a_dollar_amount_that_is_not_true(text: str, cuts: list[int]) -> None:
    for line in run(text, cuts).replace(HONEST, "").splitlines():
        shown = plain(line).replace("$399", "")
        assert "$" not in shown or not any(char.isdecimal() for char in shown.partition("$")[2][:2]), line
