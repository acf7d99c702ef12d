"""Who may answer, by which keys are set."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.ai import clients
from app.ai.clients import close_clients, providers_for, states
from app.ai.failover import Chain, breaker_of
from app.ai.port import ProviderError, Text
from app.assistant.brief import forget_stores, store_brief
from app.config import Settings
from app.locations.models import LocationSettings
from tests.ai.helpers import WIRES, a_prompt, joined
from tests.factories.locations import make_location
from tests.wire.llm_server import LlmServer, Say, Stop, Wait, refusal


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("app.ai.failover._breakers", {})
    yield
    close_clients()


def some_settings(**given: Any) -> Settings:
    return Settings(**{"sandbox": True, "_env_file": None, **given})


def providers(primary: str = "anthropic", demo: bool = False, **keys: str):
    return providers_for(some_settings(**keys), primary, "claude-sonnet-5-5", "gpt-4o", demo)


BOTH = {"anthropic_api_key": "a", "openai_api_key": "o"}


@pytest.mark.parametrize("primary", WIRES)
def test_the_primary_comes_first(primary):
    assert next(provider.name for provider in providers(primary, **BOTH)) == primary
    assert len(providers(primary, **BOTH)) == 2


def test_only_who_has_a_key_is_asked():
    assert [provider.name for provider in providers("anthropic", openai_api_key="o")] == ["openai"]


def test_the_demo_answers_only_where_allowed_and_without_any_key():
    assert [provider.name for provider in providers(demo=True)] == ["demo"]
    assert [provider.name for provider in providers(demo=True, openai_api_key="o")] == ["openai"]
    assert providers(demo=False) == []


def test_models_are_chosen_per_call_on_one_client_per_address_and_key():
    first = providers_for(some_settings(**BOTH), "openai", "claude-haiku-5-5", "gpt-6-luna", False)
    assert {provider.model for provider in first} == {"claude-haiku-5-5", "gpt-6-luna"}
    providers(**BOTH)
    assert len(clients._clients) == 2
    providers(**{**BOTH, "openai_api_key": "another"})
    assert len(clients._clients) == 3


def test_a_store_s_patience_wins_over_the_server_s_over_the_wire():
    with LlmServer() as server:
        server.default = [Wait(30), Say("late"), Stop()]
        settings = some_settings(
            openai_api_key="o", openai_base_url=server.url("openai"), first_token_seconds=30, stall_seconds=60
        )
        own = providers_for(settings, "openai", "", "gpt-4o", False, first_token_seconds=0.3, stall_seconds=0.3)
        with pytest.raises(ProviderError, match="in time"):
            list(own[0].stream(a_prompt()))
        server.play(Say("a"), Wait(30), Stop())
        with pytest.raises(ProviderError, match="fell silent"):
            list(own[0].stream(a_prompt()))
    usual = providers_for(settings, "openai", "", "gpt-4o", False)
    assert (usual[0]._timeouts.first_token, usual[0]._timeouts.stall) == (30, 60)


def test_a_store_is_answered_with_its_own_patience(app: Flask, monkeypatch: pytest.MonkeyPatch):
    asked: list[Any] = []
    monkeypatch.setattr(clients, "providers_for", lambda *given: asked.extend(given) or [])
    location = make_location(settings=LocationSettings(first_token_seconds=3))
    forget_stores()
    app.extensions["providers_for"](store_brief(location.id))
    assert asked[-2:] == [3, app.config["SETTINGS"].stall_seconds]


def test_health_tells_each_providers_state():
    with LlmServer() as server:
        settings = some_settings(
            openai_api_key="o", openai_base_url=server.url("openai"),
            anthropic_api_key="a", anthropic_base_url=server.url("anthropic"),
        )  # fmt: skip
        server.play(refusal("anthropic", 401, "authentication_error"), on="anthropic")
        chain = Chain(providers_for(settings, "anthropic", "claude-sonnet-5-5", "gpt-4o", False))
        call = chain.open(a_prompt())
        with pytest.raises(Exception, match="no") as caught:
            list(call)
        assert chain.failed(caught.value)
        assert joined(list(chain.open(a_prompt())))[0] == Text("Hello from the test model.")
        told = states(settings)
    assert told["anthropic"] == {"configured": True, "breaker": "open", "last_error": "auth", "last_success": None}
    assert (told["openai"]["breaker"], told["openai"]["last_error"]) == ("closed", None)
    assert told["openai"]["last_success"].endswith("+00:00")
    assert states(some_settings())["openai"]["configured"] is False
    assert breaker_of("anthropic").state == "open"
