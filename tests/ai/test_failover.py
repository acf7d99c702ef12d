"""Who answers when a provider fails, before and after its first words."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.ai.breaker import Breaker
from app.ai.failover import CONTINUE, Chain, continued
from app.ai.faults import of_kind
from app.ai.port import AssistantTurn, CustomerTurn, Event, Prompt, ProviderError, Stop, Text, ToolCall, ToolResult
from tests.ai.helpers import a_prompt


class Scripted:
    """Plays one list of events per call; an error among them is raised."""

    def __init__(self, name: str, *calls: list[Any]) -> None:
        self.name, self.model = name, f"{name}-1"
        self.calls = list(calls)
        self.prompts: list[Prompt] = []

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        self.prompts.append(prompt)
        for event in self.calls.pop(0) if self.calls else [Text(f"{self.name} again"), Stop("end")]:
            if isinstance(event, Exception):
                raise event
            yield event


def a_chain(*providers: Scripted, **given: Any) -> Chain:
    breakers: dict[str, Breaker] = {}
    return Chain(providers, breakers=lambda name: breakers.setdefault(name, Breaker(failures=2)), **given)


def answer(chain: Chain, prompt: Prompt | None = None) -> tuple[str, list[str]]:
    """The whole text, and each call's provider and outcome, as the assistant's loop would get them."""
    prompt, said, calls = prompt or a_prompt(), "", []
    while True:
        call, kept = None, ""
        try:
            call = chain.open(prompt)
            for event in call:
                if isinstance(event, Text):
                    kept += event.text
            return said + kept, [*calls, f"{call.provider} {call.outcome}"]
        except ProviderError as error:
            if call:
                calls.append(f"{call.provider} {call.outcome}")
            if not chain.failed(error):
                return f"{said}{kept} [{error.kind}]", calls
            prompt, said = continued(prompt, kept), said + kept
        finally:
            if call:
                call.close()


def test_the_first_answers_when_it_can():
    one, two = Scripted("one", [Text("Hi"), Stop("end")]), Scripted("two")
    assert answer(a_chain(one, two)) == ("Hi", ["one ok"])
    assert two.prompts == []


def test_before_the_first_word_the_next_answers_the_same_prompt():
    one = Scripted("one", [of_kind("overloaded", "busy")])
    two = Scripted("two", [Text("Hi"), Stop("end")])
    assert answer(a_chain(one, two)) == ("Hi", ["one error", "two ok"])
    assert one.prompts == two.prompts


def test_after_words_were_kept_the_next_goes_on_from_them():
    one = Scripted("one", [Text("Tint is "), of_kind("cut", "gone")])
    two = Scripted("two", [Text("worth it."), Stop("end")])
    assert answer(a_chain(one, two)) == ("Tint is worth it.", ["one cut", "two ok"])
    assert two.prompts[0].turns[-2:] == (AssistantTurn("Tint is "), CustomerTurn(CONTINUE))


def test_what_tools_gave_is_kept_for_the_one_who_goes_on():
    call = ToolCall("t1", "search_services", {"query": "tint"})
    turns = (CustomerTurn("Tint?"), AssistantTurn("", (call,)), ToolResult("t1", "search_services", "- tint"))
    one = Scripted("one", [Text("So "), of_kind("stall", "silence")])
    two = Scripted("two")
    assert answer(a_chain(one, two), a_prompt(*turns))[1] == ["one stalled", "two ok"]
    assert two.prompts[0].turns[:3] == turns


def test_our_own_mistake_is_not_passed_on():
    one, two = Scripted("one", [of_kind("invalid", "too long")]), Scripted("two")
    assert answer(a_chain(one, two)) == (" [invalid]", ["one error"])
    assert two.prompts == []


def test_when_both_fail_the_first_is_asked_once_more():
    one = Scripted("one", [of_kind("overloaded", "busy")], [Text("Now"), Stop("end")])
    two = Scripted("two", [of_kind("server", "down")])
    assert answer(a_chain(one, two)) == ("Now", ["one error", "two error", "one ok"])


def test_it_ends_when_that_fails_too():
    faults = [[of_kind("server", "down")] for _ in range(5)]
    chain = a_chain(Scripted("one", *faults), Scripted("two", *faults))
    assert answer(chain) == (" [server]", ["one error", "two error", "one error"])
    assert chain.exhausted


def test_who_refused_for_good_is_not_asked_again():
    one = Scripted("one", [of_kind("auth", "bad key")])
    two = Scripted("two", [of_kind("server", "down")], [Text("Now"), Stop("end")])
    assert answer(a_chain(one, two)) == ("Now", ["one error", "two error", "two ok"])


def test_past_the_deadline_nobody_is_asked_a_second_time():
    one, two = Scripted("one", [of_kind("server", "x")]), Scripted("two", [of_kind("server", "x")])
    late = a_chain(one, two, deadline=100.0, monotonic=lambda: 101.0)
    assert answer(late) == (" [server]", ["one error", "two error"])


def test_a_single_provider_goes_on_by_itself():
    one = Scripted("one", [Text("Half "), of_kind("cut", "gone")], [Text("whole."), Stop("end")])
    assert answer(a_chain(one)) == ("Half whole.", ["one cut", "one ok"])


def test_the_one_who_answered_begins_the_next_round():
    one = Scripted("one", [of_kind("server", "x")])
    two = Scripted("two", [ToolCall("t1", "f", {}), Stop("tools")], [of_kind("cut", "gone")])
    chain = a_chain(one, two)
    assert answer(chain) == ("", ["one error", "two ok"])
    assert answer(chain) == ("one again", ["two cut", "one ok"])


def test_an_open_breaker_is_passed_over_and_all_open_is_an_error():
    breakers = {"one": Breaker(failures=1), "two": Breaker(failures=1)}
    breakers["one"].failed(of_kind("server", "x"))
    one, two = Scripted("one"), Scripted("two", [Text("Hi"), Stop("end")])
    assert answer(Chain([one, two], breakers=breakers.__getitem__)) == ("Hi", ["two ok"])
    breakers["two"].failed(of_kind("server", "x"))
    assert answer(Chain([one, two], breakers=breakers.__getitem__)) == (" [refused_by_breaker]", [])
    assert one.prompts == []


def test_failures_open_the_breaker_and_an_abandoned_call_does_not():
    breaker = Breaker(failures=2)
    one = Scripted("one", [Text("a"), Text("b")], [of_kind("server", "x")], [of_kind("server", "x")])
    chain = Chain([one], breakers=lambda name: breaker)
    call = chain.open(a_prompt())
    next(call)
    call.close()
    assert (call.outcome, breaker.state) == ("aborted", "closed")
    for _ in range(2):
        with pytest.raises(ProviderError):
            list(Chain([one], breakers=lambda name: breaker).open(a_prompt()))
    assert breaker.state == "open"


def test_nothing_kept_leaves_the_prompt_as_it_is():
    prompt = a_prompt()
    assert continued(prompt, "") is prompt
