import pytest

from app.booking.bays import BayPlan, BaysRefused, bays_of, save_bays
from tests.factories.locations import make_location


@pytest.fixture
def store_id(app):
    return make_location().id


def named(store_id):
    return [(bay.name, bay.abilities) for bay in bays_of(store_id)]


def test_bays_keep_their_names_and_what_can_be_done_there(store_id):
    save_bays(store_id, [BayPlan("Tint 1", ("film", "tint")), BayPlan("Lift", ("lift",))])
    assert named(store_id) == [("Tint 1", ["tint", "film"]), ("Lift", ["lift"])]


def test_bays_may_swap_their_names_and_stay_themselves(store_id):
    one, two = save_bays(store_id, [BayPlan("One", ("tint",)), BayPlan("Two", ("wash",))])
    ids = one.id, two.id
    save_bays(store_id, [BayPlan("Two", ("tint",), ids[0]), BayPlan("One", ("wash",), ids[1])])
    assert [(bay.id, bay.name) for bay in bays_of(store_id)] == [(ids[0], "Two"), (ids[1], "One")]


def test_a_bay_that_is_not_named_any_more_goes(store_id):
    one, _ = save_bays(store_id, [BayPlan("One", ("tint",)), BayPlan("Two", ("wash",))])
    save_bays(store_id, [BayPlan("One", ("tint",), one.id)])
    assert named(store_id) == [("One", ["tint"])]


def test_another_stores_bay_is_not_taken_over(store_id):
    other = make_location().id
    theirs = save_bays(other, [BayPlan("Theirs", ("tint",))])[0]
    mine = save_bays(store_id, [BayPlan("Mine", ("tint",), theirs.id)])[0]
    assert mine.id != theirs.id
    assert named(other) == [("Theirs", ["tint"])]


@pytest.mark.parametrize(
    ("plans", "why"),
    [
        ([BayPlan("", ("tint",))], "needs a name"),
        ([BayPlan("x" * 41, ("tint",))], "needs a name"),
        ([BayPlan("One", ()), BayPlan("Two", ("tint",))], "what can be done in One"),
        ([BayPlan("One", ("tint",)), BayPlan("one", ("wash",))], "Two bays are called"),
        ([BayPlan("One", ("levitate",))], "levitate: choose from"),
        ([BayPlan(f"Bay {n}", ("tint",)) for n in range(41)], "at most 40"),
    ],
)
def test_bays_that_cannot_be_are_refused_and_the_old_ones_stay(store_id, plans, why):
    save_bays(store_id, [BayPlan("Old", ("tint",))])
    with pytest.raises(BaysRefused, match=why):
        save_bays(store_id, plans)
    assert named(store_id) == [("Old", ["tint"])]
