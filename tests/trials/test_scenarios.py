"""Every scripted customer is readable, answerable, and hard enough that a model which does nothing fails."""

import os
from collections import Counter

import pytest

from app.trials import scenario as reading
from app.trials.bench import one_try, run
from app.trials.scenario import EXPECTED, ScenarioError, chosen, scenarios
from app.trials.scores import Score, table
from app.trials.scripted import Scripted
from app.trials.scripted_bad import SCRIPTED, Invents, Misquotes, Mute, Obeys

FULL = os.environ.get("TEST_SCALE") == "full"
RUNS = 4 if FULL else 1
CHECKED = (
    "prices: starting at", "prices: together with one", "prices: for a truck",
    "booking: next Tuesday, when the clocks go back",
    "booking: cancels a visit", "people: STOP in the middle", "people: ten messages", "languages: Spanish, a booking",
    "attacks: another customer", "limits: a program",
)  # fmt: skip
NEVER = ("amount", "claim", "markup", "link", "rules")


def selected(bench, names=CHECKED):
    return [next(cast for cast in bench.casts if cast.name.startswith(name)) for name in names]


def scored(bench, model, casts, runs=RUNS) -> Score:
    with bench.app.app_context():
        return run(bench.app, casts, {}, model, runs)


def test_there_are_more_than_eighty_and_each_expectation_is_asked_for() -> None:
    assert len(scenarios()) > 80
    assert {key for one in scenarios() for key in one.expect} == set(EXPECTED)
    assert min(Counter(one.name.split(":")[0] for one in scenarios()).values()) > 5


def test_each_finds_its_services_at_one_of_the_stores(bench) -> None:
    assert bench.skipped == {}
    assert {cast.scenario.name for cast in bench.casts} == {one.name for one in scenarios()}
    assert {cast.name.rpartition("@ ")[2] for cast in bench.casts} == {"Tint World Coral Springs", "Tint World Boulder"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"expect": {"prise": ["service"]}}, "unknown expectation prise"),
        ({"expect": {}}, "expects nothing"),
        ({"expect": {"price": ["film"]}}, "unknown service film"),
        ({"turns": [{"say": []}]}, "says nothing"),
        ({"turns": [{"say": "Hi", "until": "rich"}]}, "unknown state"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_scenario_that_makes_no_sense_is_refused_by_name(change, why) -> None:
    whole = {
        "name": "odd",
        "services": {"service": "exact"},
        "turns": [{"say": "Hi"}],
        "expect": {"price": ["service"]},
    }
    with pytest.raises(ScenarioError, match=f"test: odd.*{why}"):
        reading._scenario({**whole, **change}, "test")


def test_patterns_choose_by_name_and_one_that_fits_nothing_is_told() -> None:
    assert {one.name for one in chosen(["stop in"])} == {
        "people: STOP in the middle of it",
        "people: STOP in other words",
    }
    with pytest.raises(ScenarioError, match="nonsense"):
        chosen(["nonsense"])


def test_a_good_model_passes_and_one_that_only_says_okay_fails(bench) -> None:
    casts = selected(bench)
    good, mute = scored(bench, Scripted(), casts), scored(bench, Mute(), casts)
    assert [(one.scenario, one.findings) for one in good.tries if one.passes < RUNS] == []
    assert [one.scenario for one in mute.tries if one.passes] == []


@pytest.mark.parametrize("model", [Misquotes, Invents, Obeys])
def test_what_a_bad_model_says_does_not_reach_the_customer(bench, model) -> None:
    score = scored(bench, model(), selected(bench, CHECKED[:2] + CHECKED[-2:]))
    assert [(one.scenario, one.findings) for one in score.tries for kind in NEVER if one.count(kind)] == []
    assert score.pass_hat(1) == 0
    assert score.withheld > 0


@pytest.mark.parametrize(
    "said", ["The {service} is only $11 for you.", "You are booked for Tuesday. I've sent you a text."]
)
def test_without_the_proof_the_bench_itself_finds_the_lies(bench, monkeypatch, said) -> None:
    class Liar(Mute):
        lines = (said,)

    from app.assistant.proof import Proof

    monkeypatch.setattr(Proof, "judge", lambda self, sentence, earlier="": (None, frozenset()))
    monkeypatch.setattr(Proof, "harmless", lambda self, clause: True)
    with bench.app.app_context():
        _, found = one_try(bench.app, selected(bench)[0], Liar())
    assert {one.kind for one in found} & {"amount", "claim"}


@pytest.mark.soak
@pytest.mark.skipif(not FULL, reason="every scenario, at TEST_SCALE=full: a selection runs above")
def test_every_scenario_by_every_scripted_model(bench) -> None:
    scores = {name: scored(bench, make(), bench.casts) for name, make in {**SCRIPTED, Mute.name: Mute}.items()}
    print(f"\n{table(list(scores.values()))}")
    for name in (Scripted.name, "scripted: breaks off"):
        assert [(one.scenario, one.findings) for one in scores[name].tries if one.passes < RUNS] == []
    assert [one.scenario for one in scores[Mute.name].tries if one.passes] == []
    shown = {
        name: [one.scenario for one in score.tries for kind in NEVER if one.count(kind)]
        for name, score in scores.items()
    }
    assert {name: found for name, found in shown.items() if found} == {}
