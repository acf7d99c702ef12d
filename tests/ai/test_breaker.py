"""The breaker opens on a provider's own failures, rests, and probes with one call."""

from app.ai.breaker import Breaker
from app.ai.faults import of_kind


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_breaker(time: Time, failures: int = 3) -> Breaker:
    return Breaker(failures=failures, window=30, rest=15, long_rest=60, probe=90, monotonic=time)


def test_it_opens_after_enough_failures_within_the_window():
    breaker = a_breaker(Time())
    for _ in range(2):
        breaker.failed(of_kind("overloaded", "x"))
    assert breaker.allow()
    breaker.failed(of_kind("overloaded", "x"))
    assert (breaker.state, breaker.allow(), breaker.last_error) == ("open", False, "overloaded")


def test_failures_spread_out_do_not_open_it():
    time = Time()
    breaker = a_breaker(time)
    for _ in range(9):
        breaker.failed(of_kind("stall", "x"))
        time.now += 16
    assert breaker.state == "closed"


def test_a_success_between_forgives():
    breaker = a_breaker(Time())
    for _ in range(4):
        breaker.failed(of_kind("server", "x"))
        breaker.failed(of_kind("server", "x"))
        breaker.succeeded()
    assert breaker.state == "closed"
    assert breaker.last_success is not None


def test_what_does_not_count_does_not_open_it():
    breaker = a_breaker(Time())
    for _ in range(9):
        breaker.failed(of_kind("invalid", "our own mistake"))
    assert breaker.state == "closed"


def test_a_permanent_refusal_opens_it_at_once_and_for_longer():
    time = Time()
    breaker = a_breaker(time)
    breaker.failed(of_kind("auth", "bad key"))
    time.now += 20
    assert not breaker.allow()
    time.now += 41
    assert breaker.allow()


def test_after_the_rest_one_probe_goes_through_and_closes_it():
    time = Time()
    breaker = a_breaker(time, failures=1)
    breaker.failed(of_kind("server", "x"))
    time.now += 16
    assert (breaker.state, breaker.allow(), breaker.allow()) == ("half-open", True, False)
    breaker.succeeded()
    assert (breaker.state, breaker.allow(), breaker.allow()) == ("closed", True, True)


def test_a_failed_probe_opens_it_again():
    time = Time()
    breaker = a_breaker(time)
    for _ in range(3):
        breaker.failed(of_kind("server", "x"))
    time.now += 40  # the first failures have left the window: the probe alone decides
    assert breaker.allow()
    breaker.failed(of_kind("server", "x"))
    assert (breaker.state, breaker.allow()) == ("open", False)


def test_an_abandoned_or_lost_probe_is_free_for_the_next():
    time = Time()
    breaker = a_breaker(time, failures=1)
    breaker.failed(of_kind("server", "x"))
    time.now += 16
    assert breaker.allow()
    breaker.abandoned()
    assert breaker.allow()
    assert not breaker.allow()
    time.now += 91
    assert breaker.allow()
