"""Who is in which variant, how sure a count makes us, and what may be tried."""

import random
from datetime import UTC, datetime

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from app.assistant.brief import forget_stores, store_brief
from app.assistant.course import course_for, forget_courses
from app.assistant.experiment_writing import ExperimentRefused, Planned, plan, start, stop, switch_off
from app.assistant.experiments import Variant, answering, variant_of
from app.assistant.intervals import difference, share, split_is_odd
from app.assistant.prompt_versions import save_draft, versions_of
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
TWO = (Variant("A", 1), Variant("B", 1))


@given(some.integers(1, 10**9), some.integers(1, 10**12), some.lists(some.integers(1, 100), min_size=2, max_size=4))
def test_a_lead_has_one_variant_and_keeps_it_whatever_is_switched_off(experiment, lead, weights) -> None:
    variants = [Variant(label, weight) for label, weight in zip("ABCD", weights, strict=False)]
    mine = variant_of(experiment, lead, variants)
    for gone in variants[1:]:
        others = [Variant(one.label, one.weight, off=one is gone) for one in variants]
        assert variant_of(experiment, lead, others).label == mine.label
        answered_by = answering(variant_of(experiment, lead, others), others).label
        assert answered_by == ("A" if mine.label == gone.label else mine.label)


def test_leads_are_split_by_weight_and_otherwise_in_each_experiment() -> None:
    variants = (Variant("A", 3), Variant("B", 1))
    first = [variant_of(1, lead, variants).label for lead in range(1, 8001)]
    second = [variant_of(2, lead, variants).label for lead in range(1, 8001)]
    assert not split_is_odd(first.count("B"), 8000, 1, 4)
    both = sum(one == other == "B" for one, other in zip(first, second, strict=True))
    assert not split_is_odd(both, 8000, 1, 16)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_have_wilson_s_interval(hits, of, low, high) -> None:
    """The worked examples of Newcombe (1998), "Two-sided confidence intervals for the single proportion", table I."""
    found = share(hits, of)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_differences_have_newcombe_s_interval(one, other, low, high) -> None:
    """The worked examples of Newcombe (1998), "Interval estimation for the difference", table II, method 10."""
    found = difference(share(*one), share(*other))
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    assert found.told_apart


def test_nothing_counted_says_nothing() -> None:
    assert share(0, 0).value is None
    assert not difference(share(0, 0), share(3, 10)).told_apart


def test_an_a_a_check_finds_a_winner_no_oftener_than_it_says() -> None:
    chance = random.Random(7)
    found = 0
    for experiment in range(400):
        counted = {"A": [0, 0], "B": [0, 0]}
        for lead in range(1, 401):
            mine = counted[variant_of(experiment, lead, TWO).label]
            mine[1] += 1
            mine[0] += chance.random() < 0.15
        found += difference(share(*counted["B"]), share(*counted["A"])).told_apart
    assert found / 400 < 0.08


def test_a_split_that_chance_does_not_explain_is_told() -> None:
    assert split_is_odd(600, 1000, 1, 2)
    assert not split_is_odd(520, 1000, 1, 2)
    assert not split_is_odd(0, 0, 1, 2)


@pytest.fixture
def store(app: Flask):
    forget_stores()
    forget_courses()
    yield make_location()
    forget_courses()


def providers(store, *names: str, weight: int = 1, **given):
    variants = [Planned(weight, name) for name in names]
    return plan(store.company_id, None, "Who books more?", "provider", 5, variants, "Frances", **given)


def courses(store, count: int = 40) -> list:
    return [course_for(store_brief(store.id), make_lead(store).id) for _ in range(count)]


def test_only_leads_that_come_in_while_it_runs_take_part(store) -> None:
    made = providers(store, "anthropic", "openai")
    before = [make_lead(store).id for _ in range(10)]
    start(made, NOW)
    assert {course_for(store_brief(store.id), lead_id).variant for lead_id in before} == {None}
    running = courses(store)
    assert {course.variant for course in running} == {f"{made.id}:A", f"{made.id}:B"}
    assert {(course.variant[-1], course.store.settings.ai_primary) for course in running} == {
        ("A", "anthropic"),
        ("B", "openai"),
    }
    stop(made, "Enough.", NOW)
    assert {course.variant for course in courses(store)} == {None}


def test_a_model_is_tried_at_its_own_provider(store) -> None:
    variants = [Planned(1, "openai", "gpt-4o"), Planned(1, "openai", "gpt-6-luna")]
    start(plan(store.company_id, store.id, "Cheaper?", "model", 5, variants, "Frances"), NOW)
    assert {(course.store.settings.ai_primary, course.store.settings.openai_model) for course in courses(store)} == {
        ("openai", "gpt-4o"),
        ("openai", "gpt-6-luna"),
    }
    assert {course.variant for course in courses(make_location(store.company))} == {None}


def test_a_draft_that_is_tried_changes_no_more(store) -> None:
    for tone in ("Warm.", "Cool."):
        save_draft(store.company_id, {"tone": tone}, "Frances", NOW)
        versions_of(store.company_id)[0].status = "retired"
    draft = save_draft(store.company_id, {"tone": "Wild."}, "Frances", NOW)
    variants = [Planned(1, prompt_number=1), Planned(1, prompt_number=draft.number)]
    start(plan(store.company_id, None, "Tone", "prompt", 5, variants, "Frances"), NOW)
    assert {course.words.split("\n")[1] for course in courses(store)} == {"Tone: Warm.", "Tone: Wild."}
    assert save_draft(store.company_id, {"tone": "Other."}, "Frances", NOW).number == draft.number + 1
    assert draft.tone == "Wild."


def test_leads_of_a_variant_that_is_switched_off_are_answered_as_the_control(store) -> None:
    made = plan(
        store.company_id, None, "Three", "model", 5, [Planned(1, "openai", name) for name in ("a", "b", "c")], "Frances"
    )
    start(made, NOW)
    switch_off(made, made.variants[1], "too many unproven prices", NOW)
    found = {(course.variant, course.store.settings.openai_model) for course in courses(store, 60)}
    assert found == {(f"{made.id}:A", "a"), (None, "a"), (f"{made.id}:C", "c")}
    assert made.status == "running"
    switch_off(made, made.variants[2], "them too", NOW)
    assert (made.status, made.stopped_why) == ("stopped", "Variant C was switched off: them too.")


def test_two_at_once_would_blur_each_other(store) -> None:
    start(providers(store, "anthropic", "openai"), NOW)
    with pytest.raises(ExperimentRefused, match="still running"):
        start(providers(store, "openai", "anthropic"), NOW)
    start(providers(make_location(), "openai", "anthropic"), NOW)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": " "}, "Give it a name"),
        ({"subject": "weather"}, "what differs"),
        ({"variants": [Planned(1, "openai")]}, "2 to 4 variants"),
        ({"variants": [Planned(1, "openai"), Planned(2, "openai")]}, "are the same"),
        ({"variants": [Planned(0, "openai"), Planned(1, "anthropic")]}, "weight"),
        ({"variants": [Planned(1, "openai"), Planned(1, "acme")]}, "provider for variant B"),
        ({"subject": "model", "variants": [Planned(1, "openai", ""), Planned(1, "openai", "x")]}, "model for variant"),
        ({"subject": "prompt", "variants": [Planned(1, prompt_number=7), Planned(1, prompt_number=8)]}, "no version 7"),
        ({"guard_percent": 90}, "guard rail"),
    ],
)  # fmt: skip
def test_what_makes_no_experiment_is_refused_with_its_reason(store, change, why) -> None:
    usual = {
        "name": "X", "subject": "provider", "guard_percent": 5,
        "variants": [Planned(1, "openai"), Planned(1, "anthropic")],
    }  # fmt: skip
    with pytest.raises(ExperimentRefused, match=why):
        plan(store.company_id, None, by="Frances", **{**usual, **change})
