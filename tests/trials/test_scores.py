"""The arithmetic of pass^k, held to counting every choice of k tries."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.trials.scores import Finding, Score, Tries, pass_hat_k, table

WRONG = (Finding("price", "none"),)
outcomes = st.lists(st.booleans(), min_size=1, max_size=9)


def tries(outcome: list[bool], name: str = "one") -> Tries:
    return Tries(name, tuple(() if passed else WRONG for passed in outcome))


def score(*of: Tries, live: bool = False) -> Score:
    return Score("scripted: good", "scripted", live, "4", of, Decimal("0.5") if live else None)


@given(outcomes, st.integers(1, 9))
def test_it_is_the_share_of_all_choices_of_k_tries_that_all_pass(outcome, k):
    if k > len(outcome):
        assert tries(outcome).pass_hat(k) is None
        return
    every = list(combinations(outcome, k))
    assert abs(tries(outcome).pass_hat(k) - sum(map(all, every)) / len(every)) < 1e-12


@given(st.integers(1, 40), st.data())
def test_more_tries_in_a_row_never_pass_more_often(count, data):
    passes = data.draw(st.integers(0, count))
    shares = [pass_hat_k(count, passes, k) for k in range(1, count + 1)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == passes / count
    assert shares[-1] == (1.0 if passes == count else 0.0)


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), min_size=1, max_size=6))
def test_a_score_is_the_mean_over_its_scenarios(every):
    whole = score(*(tries(one, str(at)) for at, one in enumerate(every)))
    assert abs(whole.pass_hat(4) - sum(map(all, every)) / len(every)) < 1e-12
    assert abs(whole.pass_hat(1) - sum(map(sum, every)) / (4 * len(every))) < 1e-12


def test_a_scenario_with_too_few_tries_leaves_the_whole_untold():
    assert score(tries([True] * 4), tries([True] * 3, "two")).pass_hat(4) is None
    assert score().pass_hat(1) is None


def test_the_table_tells_scripted_from_live_and_counts_what_was_shown():
    false = Tries("lie", ((Finding("amount", "$5"), Finding("amount", "$6"), Finding("claim", "booked")), ()))
    lines = table([score(false), score(tries([True] * 4), live=True)]).splitlines()
    assert lines[2].split()[:2] == ["scripted:", "good"]
    assert lines[2].split()[-4:] == ["2", "1", "0", "–"]
    assert "50.0%" in lines[2]
    assert lines[3].split()[-1] == "$0.5000"
    assert score(false).to_json()["results"]["lie"] == {
        "passed": 1, "of": 2, "found": ["amount: $5", "amount: $6", "claim: booked"]
    }  # fmt: skip
