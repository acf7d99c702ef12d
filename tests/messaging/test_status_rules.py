"""Statuses come in any order, and more than once."""

from hypothesis import given
from hypothesis import strategies as st

from app.messaging.status_rules import FAILING, RANKS, advances, ours


def last_of(heard):
    """What a delivery's status is after these, one after the other."""
    before, status = [], None
    for one in heard:
        if advances(one, before):
            status = one
        before.append(one)
    return status


ONE_END = [["delivered"], ["delivered", "read"], ["undelivered"], ["failed"], ["canceled"]]


@given(st.sampled_from(ONE_END), st.sets(st.sampled_from(["accepted", "queued", "sending", "sent"])), st.data())
def test_any_order_and_any_repetition_ends_the_same(end, on_the_way, data):
    told = [*on_the_way, *end]
    order = data.draw(st.permutations(told + told))
    assert last_of(order) == end[-1]


def test_what_is_final_stays():
    for final in ("delivered", "undelivered", "failed", "canceled"):
        assert not any(advances(status, [final]) for status in RANKS if status != "read")
    assert advances("read", ["sent", "delivered"])
    assert not advances("read", ["undelivered"])


def test_a_word_that_nobody_knows_changes_nothing():
    assert not advances("partially_delivered", ["sent"])
    assert {ours(status) for status in RANKS} == {"sent", "delivered", "undelivered", "failed"}
    assert ours("canceled") == "failed"
    assert "delivered" not in FAILING
