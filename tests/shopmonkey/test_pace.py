"""How fast a key is used: full speed, slower when little of the minute is left, not at all after a 429."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.shopmonkey import ShopMonkey
from app.shopmonkey.pace import Pace
from tests.wire.shopmonkey_server import KEY, Fault, shopmonkey_server

ORDER = '{"success": true, "data": {"id": "o1"}}'


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def asked(waits) -> Iterator[tuple[ShopMonkey, list[Fault]]]:
    with shopmonkey_server() as server:
        client = ShopMonkey(server.url, KEY, sleep=waits.append)
        yield client, server.faults
        client.session.close()


def left(remaining: int, limit: int = 60) -> Fault:
    headers = {"X-RateLimit-Limit-Minute": str(limit), "X-RateLimit-Remaining-Minute": str(remaining)}
    return Fault(200, ORDER, headers=headers)


def test_with_plenty_left_nobody_waits(asked, waits) -> None:
    client, answers = asked
    answers.extend([left(59), left(58), left(57)])
    for _ in range(3):
        client.order("o1")
    assert waits == []


def test_with_little_left_calls_are_spread_over_the_minute(asked, waits) -> None:
    client, answers = asked
    answers.extend([left(6), left(5), left(4), left(50), left(49), left(48)])
    for _ in range(6):
        client.order("o1")
    # The first call after the warning goes at once and books the gap; one second each is 60 a minute.
    assert waits[:2] == [pytest.approx(1.0, abs=0.3), pytest.approx(2.0, abs=0.3)]
    assert len(waits) <= 4


def test_after_a_429_every_call_of_the_key_waits(asked, waits) -> None:
    client, answers = asked
    answers.extend([Fault(429, headers={"Retry-After": "9"}), left(60)])
    client.order("o1")
    assert waits == [pytest.approx(9.0, abs=0.5)]
    answers.append(left(60))
    client.order("o1")
    assert waits[1:] == [pytest.approx(9.0, abs=0.5)], "the clock stood still, so the key is still held back"


@given(limit=st.integers(1, 10_000), share=st.floats(0, 1), calls=st.integers(1, 50))
def test_whatever_is_left_the_spread_rate_never_passes_the_limit(limit: int, share: float, calls: int) -> None:
    pace = Pace()
    remaining = int(limit * share)
    pace.heard(limit, remaining)
    starts = [pace.turn(0.0) for _ in range(calls)]
    if remaining / limit <= 0.2:
        assert all(later - sooner >= 60 / limit - 1e-6 for sooner, later in pairwise(starts))
    else:
        assert starts == [0.0] * calls


@pytest.mark.parametrize(("limit", "remaining"), [(None, 5), (0, 0), (-1, 5), (60, None)])
def test_odd_headers_change_nothing(limit, remaining) -> None:
    pace = Pace()
    pace.heard(limit, remaining)
    assert [pace.turn(0.0), pace.turn(0.0)] == [0.0, 0.0]
