"""The providers this process can ask: one SDK client per address and key, built on first use (after a fork)."""

from datetime import UTC, datetime
from typing import Any

from app.ai.demo import DemoProvider
from app.ai.failover import breaker_of
from app.ai.port import Prompt, Provider
from app.config import Settings

__all__ = ["close_clients", "configured", "providers_for", "request_body", "states", "warm"]

_clients: dict[tuple[str, str, str], Any] = {}


def providers_for(
    settings: Settings,
    primary: str,
    anthropic_model: str,
    openai_model: str,
    demo_allowed: bool,
    first_token_seconds: float | None = None,
    stall_seconds: float | None = None,
) -> list[Provider]:
    """Who may answer, the primary first. Without any key that is the demo assistant if allowed, else nobody.

    The seconds are how long each may be silent; None is what the environment says.
    """
    patience = (first_token_seconds or settings.first_token_seconds, stall_seconds or settings.stall_seconds)
    found: list[Provider] = []
    if settings.anthropic_api_key:
        found.append(_anthropic(settings, anthropic_model, *patience))
    if settings.openai_api_key:
        found.append(_openai(settings, openai_model, *patience))
    if not found and demo_allowed:
        return [DemoProvider()]
    return sorted(found, key=lambda provider: provider.name != primary)


def request_body(provider: str, prompt: Prompt, model: str) -> dict[str, Any]:
    """What the provider of that name would be sent. Raises KeyError for one that has no wire, as the demo's."""
    from app.ai import anthropic_provider, openai_provider

    of_wire = {"anthropic": anthropic_provider.request_body, "openai": openai_provider.request_body}
    return of_wire[provider](prompt, model)


def configured(settings: Settings) -> tuple[str, ...]:
    """The names of the providers that have a key."""
    keys = {"anthropic": settings.anthropic_api_key, "openai": settings.openai_api_key}
    return tuple(name for name, key in keys.items() if key)


def states(settings: Settings) -> dict[str, dict[str, Any]]:
    """For health: whether each provider is configured, its breaker, its last error's kind and last success (UTC)."""
    known = configured(settings)
    return {name: {"configured": name in known, **_state(name)} for name in ("anthropic", "openai")}


def warm(settings: Settings) -> None:
    """Import and build in advance what the first call would wait for (seconds). Call after the fork."""
    if providers_for(settings, settings.ai_primary, settings.anthropic_model, settings.openai_model, False):
        from app.ai.costs import warm_prices

        warm_prices()


def close_clients() -> None:
    """Close every idle connection and forget the clients."""
    while _clients:
        _clients.popitem()[1].close()


def _state(name: str) -> dict[str, Any]:
    breaker = breaker_of(name)
    success = breaker.last_success
    return {
        "breaker": breaker.state,
        "last_error": breaker.last_error,
        "last_success": datetime.fromtimestamp(success, UTC).isoformat() if success else None,
    }


def _anthropic(settings: Settings, model: str, first_token: float, stall: float) -> Provider:
    import anthropic

    from app.ai.anthropic_provider import AnthropicProvider
    from app.ai.streaming import Timeouts

    key = ("anthropic", settings.anthropic_base_url, settings.anthropic_api_key)
    client = _clients.get(key) or _clients.setdefault(key, anthropic.Anthropic(**_arguments(key, anthropic)))
    return AnthropicProvider(client, model, Timeouts(first_token=first_token, stall=stall))


def _openai(settings: Settings, model: str, first_token: float, stall: float) -> Provider:
    import openai

    from app.ai.openai_provider import OpenAIProvider
    from app.ai.streaming import Timeouts

    key = ("openai", settings.openai_base_url, settings.openai_api_key)
    client = _clients.get(key) or _clients.setdefault(key, openai.OpenAI(**_arguments(key, openai)))
    return OpenAIProvider(client, model, Timeouts(first_token=first_token, stall=stall))


def _arguments(key: tuple[str, str, str], sdk: Any) -> dict[str, Any]:
    from app.ai.transport import LeanTransport

    return {
        "base_url": key[1],
        "api_key": key[2],
        "max_retries": 0,  # who is asked next, and when, is the chain's decision
        "default_headers": {"Accept-Encoding": "identity"},  # raw chunks are read as they come
        "http_client": sdk.DefaultHttpxClient(transport=LeanTransport()),
    }
