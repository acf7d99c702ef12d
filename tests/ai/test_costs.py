"""What a call that was broken off cost: as much as its provider had told, and an estimate for the limits."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from app.ai.calls import CallMeter, lost_call
from app.ai.costs import estimated_usage
from app.ai.failover import Chain
from app.ai.faults import of_kind
from app.ai.port import ProviderError, Usage
from app.ai.streaming import Timeouts
from tests.ai.helpers import a_prompt, a_provider
from tests.ai.test_failover import Scripted
from tests.wire.llm_script import refusal
from tests.wire.llm_server import End, LlmServer, Say, Wait

PATIENCE = Timeouts(connect=1, first_token=0.4, stall=0.3, whole=5)
# 40 new at $2, 80 cached at $0.10 and the one token told so far at $10 a million (claude-sonnet-5-5)
TOLD_BY_THEN = Decimal("0.000098")
# The same with the 30 letters that came taken for ten tokens.
WITH_WHAT_CAME = Decimal("0.000188")
LETTERS = "thirty letters, not a sentence"


def hang_up(meter: CallMeter) -> None:
    next(meter)
    meter.close()


def read_on(meter: CallMeter) -> None:
    with pytest.raises(ProviderError):
        list(meter)
    meter.close()


@pytest.mark.parametrize(
    ("after", "end", "outcome"),
    [(Wait(20), hang_up, "aborted"), (Wait(20), read_on, "stalled"), (End(), read_on, "cut")],
)
def test_anthropic_s_prompt_is_on_the_row_of_a_call_that_was_broken_off(
    after: object, end: Callable[[CallMeter], None], outcome: str
) -> None:
    with LlmServer() as server, a_provider(server, "anthropic", PATIENCE) as provider:
        server.play(Say(LETTERS), after, End())
        meter = CallMeter(provider, a_prompt())
        end(meter)
    row = meter.row(company_id=1)
    assert row["outcome"] == outcome
    assert (row["input_tokens"], row["cache_read_tokens"], row["output_tokens"]) == (120, 80, 1)
    assert (row["cost"], row["cost_at_least"], row["cost_estimate"]) == (TOLD_BY_THEN, True, WITH_WHAT_CAME)
    assert (row["model_served"], row["request_id"]) == (provider.model, "req_streamed")


def test_openai_tells_nothing_before_the_end_so_the_cost_is_unknown_and_limits_count_an_estimate() -> None:
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.play(Say(LETTERS), Wait(20), End())
        meter = CallMeter(provider, a_prompt())
        hang_up(meter)
    row = meter.row(company_id=1)
    assert row["outcome"] == "aborted"
    assert "cost" not in row
    assert "input_tokens" not in row
    used = estimated_usage(a_prompt(), len(LETTERS))
    assert row["cost_estimate"] == (used.input_tokens * Decimal("2.5") + 10 * Decimal(10)) / 1_000_000


def test_a_whole_call_needs_no_estimate() -> None:
    with LlmServer() as server, a_provider(server, "anthropic") as provider:
        meter = CallMeter(provider, a_prompt())
        list(meter)
    row = meter.row(company_id=1)
    assert (row["cost_at_least"], row["cost_estimate"]) == (False, None)
    assert row["cost"] > 0


@pytest.mark.parametrize(
    ("kind", "counted"),
    [("timeout", True), ("cut", True), ("overloaded", False), ("rate_limit", False), ("connection", False)],
)
def test_what_was_refused_cost_nothing_and_what_was_not_heard_to_its_end_may_have(kind: str, counted: bool) -> None:
    meter = CallMeter(Scripted("openai", [of_kind(kind, "because")]), a_prompt())
    meter.model = "gpt-4o"
    read_on(meter)
    assert (meter.row(company_id=1).get("cost_estimate") is not None) is counted


def test_a_call_that_was_never_asked_cost_nothing() -> None:
    meter = CallMeter(Scripted("openai", []), a_prompt())
    meter.model = "gpt-4o"
    meter.close()
    assert meter.row(company_id=1).get("cost_estimate") is None


def test_both_calls_of_a_failover_are_told_each_as_far_as_it_is_known() -> None:
    with (
        LlmServer() as server,
        a_provider(server, "anthropic", PATIENCE) as first,
        a_provider(server, "openai") as second,
    ):
        server.play(Say(LETTERS), End(), on="anthropic")
        chain = Chain([first, second])
        broken = chain.open(a_prompt())
        with pytest.raises(ProviderError) as caught:
            list(broken)
        assert chain.failed(caught.value)
        whole = chain.open(a_prompt())
        list(whole)
    rows = [one.row(company_id=1) for one in (broken, whole)]
    assert [row["cost_at_least"] for row in rows] == [True, False]
    assert all(row["cost"] > 0 for row in rows)


def test_a_refusal_over_the_wire_costs_nothing() -> None:
    with LlmServer() as server, a_provider(server, "anthropic") as provider:
        server.play(refusal("anthropic", 529, "overloaded_error"))
        meter = CallMeter(provider, a_prompt())
        read_on(meter)
    assert "cost_estimate" not in meter.row(company_id=1)


def test_a_call_whose_process_died_is_estimated_by_its_prompt_and_what_it_said() -> None:
    scripted = Scripted("openai", [])
    scripted.model = "gpt-4o"
    row = lost_call(scripted, a_prompt(), LETTERS, company_id=1)
    assert "cost" not in row
    assert row["cost_estimate"] > lost_call(scripted, a_prompt(), "", company_id=1)["cost_estimate"] > 0


def test_an_estimate_is_never_less_than_what_is_known() -> None:
    told = Usage(500, 40, 100, 50, {"some": "thing"})
    assert estimated_usage(a_prompt(), 3, told) == told
    assert estimated_usage(a_prompt(), 300, told).output_tokens == 100
