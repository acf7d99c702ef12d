"""Every call leaves a row: time, tokens, cost, outcome; unknown stays unknown."""

from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select

from app.ai.calls import CallMeter, keep_calls
from app.ai.costs import cost_of
from app.ai.faults import of_kind
from app.ai.models import ProviderCall
from app.ai.port import ProviderError, Text, Usage
from app.db import db
from tests.ai.helpers import WIRES, a_prompt, a_provider
from tests.ai.test_failover import Scripted
from tests.factories.locations import make_company
from tests.wire.llm_server import End, LlmServer, Say, Wait
from tests.wire.llm_server import Stop as Stopped


def recorded(meter: CallMeter) -> ProviderCall:
    company = make_company()
    db.session.commit()
    keep_calls([meter.row(company_id=company.id, round=2, prompt_version="v1", variant="b")])
    return db.session.scalars(select(ProviderCall).order_by(ProviderCall.id.desc())).first()


COSTS = {
    # 40 new at $2, 80 cached at $0.10, 30 out at $10 a million (claude-sonnet-5-5)
    "anthropic": Decimal("0.000388"),
    # 40 new at $2.50, 80 cached at $1.25, 30 out at $10 a million (gpt-4o)
    "openai": Decimal("0.0005"),
}


@pytest.mark.parametrize("wire", WIRES)
def test_a_good_call_is_written_with_tokens_cost_and_times(wire, live_app: Flask):
    with LlmServer() as server, a_provider(server, wire) as provider:
        server.play(Wait(0.05), Say("Hi "), Wait(0.05), Say("there"), Stopped())
        meter = CallMeter(provider, a_prompt())
        list(meter)
        meter.close()
    row = recorded(meter)
    assert (row.provider, row.model, row.model_served) == (wire, provider.model, provider.model)
    assert (row.outcome, row.stop_reason, row.error, row.request_id) == ("ok", "end", None, "req_streamed")
    assert (row.input_tokens, row.cache_read_tokens, row.output_tokens) == (120, 80, 30)
    assert row.cost == COSTS[wire]
    assert 40 <= row.first_token_ms < row.total_ms < 30_000
    assert row.usage
    assert (row.round, row.prompt_version, row.variant) == (2, "v1", "b")


@pytest.mark.parametrize(
    ("error", "outcome"),
    [("cut", "cut"), ("stall", "stalled"), ("overloaded", "error"), ("timeout", "error"), ("quota", "error")],
)
def test_a_failed_call_is_written_with_its_reason_and_no_cost(error, outcome, live_app: Flask):
    meter = CallMeter(Scripted("openai", [Text("a"), of_kind(error, "because", "req_9")]), a_prompt())
    with pytest.raises(ProviderError):
        list(meter)
    row = recorded(meter)
    assert (row.outcome, row.error, row.request_id) == (outcome, f"{error}: because", "req_9")
    assert (row.cost, row.input_tokens, row.output_tokens, row.usage) == (None, None, None, None)
    assert row.first_token_ms is not None


def test_a_call_we_stopped_reading_is_aborted_and_hung_up(live_app: Flask):
    with LlmServer() as server, a_provider(server, "openai") as provider:
        server.play(Say("a"), Wait(20), End())
        meter = CallMeter(provider, a_prompt())
        next(meter)
        meter.close()
        assert server.requests[0].hung_up.wait(10)
    row = recorded(meter)
    assert (row.outcome, row.cost, row.stop_reason) == ("aborted", None, None)


def test_cached_tokens_are_counted_once_and_at_their_own_price():
    usage = Usage(10_000, 500, cache_read_tokens=8_000)
    assert cost_of("openai", "gpt-4o", usage) == Decimal("0.020")
    assert cost_of("anthropic", "claude-sonnet-5", usage) == Decimal("0.0106")


def test_tokens_written_to_the_cache_cost_more_and_for_an_hour_more_still():
    short = Usage(10_000, 0, cache_write_tokens=10_000)
    long = Usage(10_000, 0, 0, 10_000, {"cache_creation": {"ephemeral_1h_input_tokens": 10_000}})
    assert cost_of("anthropic", "claude-sonnet-5-5", short) == Decimal("0.025")
    assert cost_of("anthropic", "claude-sonnet-5-5", long) == Decimal("0.04")


def test_a_dated_model_name_has_its_familys_price():
    assert cost_of("openai", "gpt-4o-2024-11-20", Usage(1_000_000, 0)) == Decimal("2.5")


def test_an_unknown_model_costs_unknown_and_says_so(caplog):
    assert cost_of("openai", "gpt-99-mystery", Usage(10, 10)) is None
    assert "gpt-99-mystery" in caplog.text


def test_the_demo_costs_nothing():
    assert cost_of("demo", "demo-rules-1", Usage(0, 0)) == 0
