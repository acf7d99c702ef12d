"""Both providers over the wire: the same script gives the same neutral events."""

import threading

import pytest

from app.ai.port import ProviderError, Stop, Text, ToolCall
from app.ai.streaming import Timeouts
from tests.ai.helpers import MODELS, WIRES, a_prompt, a_provider, joined, spoken
from tests.wire import llm_server as wire_of
from tests.wire.llm_server import Ask, Cut, End, Fault, Garbage, LlmServer, Open, Say, Think, Wait, refusal, words

pytestmark = pytest.mark.parametrize("wire", WIRES)


def events_of(wire: str, *steps, **given):
    with LlmServer() as server, a_provider(server, wire, **given) as provider:
        server.play(*steps)
        return joined(list(provider.stream(a_prompt())))


def failure_of(wire: str, *steps, **given) -> tuple[str, ProviderError]:
    """What was said before it failed, and the error."""
    events = []
    with LlmServer() as server, a_provider(server, wire, **given) as provider:
        server.play(*steps)
        with pytest.raises(ProviderError) as caught:
            events.extend(spoken(provider.stream(a_prompt())))
    return "".join(event.text for event in events), caught.value


def test_text_comes_whole_with_stop_usage_model_and_request_id(wire):
    *texts, stop = events_of(wire, *words("Tint is from $299. ¿Algo más? ☀"), wire_of.Stop())
    assert texts == [Text("Tint is from $299. ¿Algo más? ☀")]
    assert (stop.reason, stop.model, stop.request_id) == ("end", MODELS[wire], "req_streamed")
    counted = (stop.usage.input_tokens, stop.usage.cache_read_tokens, stop.usage.output_tokens)
    assert counted == (120, 80, 30)
    assert stop.usage.raw


def test_a_tool_call_split_over_many_pieces_is_whole_and_follows_the_text(wire):
    pieces = ('{"que', 'ry": "cer', "amic", '"}')
    *rest, stop = events_of(wire, Say("Let me look. "), Ask("t1", "search_services", pieces), wire_of.Stop("tools"))
    assert rest == [Text("Let me look. "), ToolCall("t1", "search_services", {"query": "ceramic"})]
    assert stop.reason == "tools"


def test_several_tool_calls_keep_their_order_and_one_may_have_no_arguments(wire):
    events = events_of(
        wire, Ask("t1", "search_services", ('{"query":"a"}',)), Ask("t2", "store_facts", ()), wire_of.Stop("tools")
    )
    assert events[:-1] == [ToolCall("t1", "search_services", {"query": "a"}), ToolCall("t2", "store_facts", {})]


def test_hidden_thought_is_not_text(wire):
    assert events_of(wire, Think("secret"), Say("Hi"), wire_of.Stop())[0] == Text("Hi")


@pytest.mark.parametrize("reason", ["end", "tools", "length", "refusal"])
def test_every_stop_reason_has_one_neutral_name(wire, reason):
    assert events_of(wire, Say("x"), wire_of.Stop(reason))[-1].reason == reason


def test_broken_arguments_are_a_protocol_error(wire):
    _, error = failure_of(wire, Ask("t1", "search_services", ('{"query": ',)), wire_of.Stop("tools"))
    assert (error.kind, error.fail_over, error.permanent) == ("protocol", True, False)


def test_arguments_that_are_no_object_are_a_protocol_error(wire):
    _, error = failure_of(wire, Ask("t1", "search_services", ('["tint"]',)), wire_of.Stop("tools"))
    assert error.kind == "protocol"


def test_a_call_cut_off_by_the_token_limit_is_not_made(wire):
    events = events_of(wire, Say("One moment"), Ask("t1", "search_services", ('{"query": ',)), wire_of.Stop("length"))
    assert [type(event) for event in events] == [Text, Stop]
    assert events[-1].reason == "length"


def test_an_end_without_a_stop_reason_is_a_cut(wire):
    said, error = failure_of(wire, *words("Half an ans"), End())
    assert (said, error.kind, error.fail_over, error.counts) == ("Half an ans", "cut", True, True)
    assert error.request_id == "req_streamed"


def test_a_broken_connection_is_a_cut(wire):
    said, error = failure_of(wire, *words("Half an ans"), Wait(0.05), Cut())
    assert (said, error.kind, error.fail_over) == ("Half an ans", "cut", True)


def test_a_connection_broken_before_any_answer_fails_over(wire):
    said, error = failure_of(wire, Cut())
    assert (said, error.kind, error.fail_over, error.counts) == ("", "connection", True, True)


def test_silence_after_the_first_words_is_a_stall(wire):
    said, error = failure_of(wire, Say("Half"), Wait(5), timeouts=Timeouts(stall=0.3))
    assert (said, error.kind, error.fail_over, error.counts) == ("Half", "stall", True, True)


@pytest.mark.parametrize("hang", [(Wait(5), Say("late")), (Open(), Wait(5), Say("late"))])
def test_no_first_word_in_time_is_a_timeout(wire, hang):
    said, error = failure_of(wire, *hang, timeouts=Timeouts(first_token=0.3))
    assert (said, error.kind, error.fail_over, error.counts) == ("", "timeout", True, True)


def test_a_call_that_never_ends_is_ended(wire):
    _, error = failure_of(wire, *[Say("x"), Wait(0.05)] * 200, timeouts=Timeouts(whole=0.4))
    assert error.kind == "timeout"


def test_an_unreadable_event_is_a_protocol_error(wire):
    said, error = failure_of(wire, Say("Half"), Wait(0.05), Garbage())
    assert (said, error.kind, error.fail_over) == ("Half", "protocol", True)


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("overloaded_error", "overloaded"),
        ("rate_limit_error", "rate_limit"),
        ("server_error", "server"),
        ("authentication_error", "auth"),
        ("insufficient_quota", "quota"),
    ],
)
def test_an_error_event_in_mid_stream_is_known_by_its_type(wire, type_, kind):
    said, error = failure_of(wire, Say("Half"), Wait(0.05), Fault(type_))
    assert (said, error.kind, error.fail_over, error.counts) == ("Half", kind, True, True)


@pytest.mark.parametrize(
    ("status", "type_", "code", "kind", "permanent", "fail_over", "counts"),
    [
        (429, "rate_limit_error", None, "rate_limit", False, True, True),
        (429, "insufficient_quota", "insufficient_quota", "quota", True, True, True),
        (500, "api_error", None, "server", False, True, True),
        (503, "api_error", None, "overloaded", False, True, True),
        (529, "overloaded_error", None, "overloaded", False, True, True),
        (400, "invalid_request_error", None, "invalid", True, False, False),
        (413, "request_too_large", None, "invalid", True, False, False),
        (400, "invalid_request_error", "enforced_spend_limit_reached", "quota", True, True, True),
        (402, "billing_error", None, "quota", True, True, True),
        (401, "authentication_error", None, "auth", True, True, True),
        (403, "permission_error", None, "auth", True, True, True),
        (404, "not_found_error", None, "invalid", True, True, True),
    ],
)
def test_a_refusal_before_the_stream_is_judged(wire, status, type_, code, kind, permanent, fail_over, counts, caplog):
    _, error = failure_of(wire, refusal(wire, status, type_, code=code))
    assert (error.kind, error.permanent, error.fail_over, error.counts) == (kind, permanent, fail_over, counts)
    assert error.request_id == "req_refused"
    assert bool(caplog.records and caplog.records[-1].levelname == "ERROR") == permanent


def test_nobody_listening_is_a_connection_error(wire):
    with a_provider("http://127.0.0.1:9/v1", wire) as provider, pytest.raises(ProviderError) as caught:
        list(provider.stream(a_prompt()))
    assert (caught.value.kind, caught.value.fail_over) == ("connection", True)


def test_an_error_is_asked_once_not_retried(wire):
    with LlmServer() as server, a_provider(server, wire) as provider:
        server.play(refusal(wire, 529, "overloaded_error"))
        with pytest.raises(ProviderError):
            list(provider.stream(a_prompt()))
        assert len(server.requests) == 1


def test_closing_the_stream_hangs_up(wire):
    with LlmServer() as server, a_provider(server, wire) as provider:
        server.play(Say("Hello"), Wait(20), Say("never"))
        events = provider.stream(a_prompt())
        assert next(spoken(events)) == Text("Hello")
        events.close()
        assert server.requests[0].hung_up.wait(10)


def test_tokens_that_arrive_together_are_one_text(wire):
    go_on = threading.Event()
    with LlmServer() as server, a_provider(server, wire) as provider:
        server.play(Say("one "), Wait(10, go_on), *words("two three four five six"), wire_of.Stop())
        events = provider.stream(a_prompt())
        first = next(spoken(events))
        go_on.set()
        assert server.requests[0].finished.wait(10)
        rest = list(events)
    assert (first, rest[:-1]) == (Text("one "), [Text("two three four five six")])
