"""One call to a provider, measured and written down, so that every dollar is on a row."""

import logging
import time
from collections.abc import Generator, Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, insert

from app.ai.models import ProviderCall
from app.ai.port import Event, Prompt, Provider, ProviderError, Stop, Usage
from app.db import db

__all__ = ["CallMeter", "cost_of", "keep_calls", "lost_call", "warm_prices"]

logger = logging.getLogger(__name__)

_OUTCOMES = {"cut": "cut", "stall": "stalled"}


def close_events(events: Iterator[Event]) -> None:
    """End a provider's stream now, not when it is collected."""
    if isinstance(events, Generator):
        events.close()


class CallMeter(Iterator[Event]):
    """Iterates a call's events and remembers how it went. Close it when done, then `record` it."""

    def __init__(self, provider: Provider, prompt: Prompt) -> None:
        self.provider, self.model = provider.name, provider.model
        self.first_token_ms: int | None = None
        self.total_ms: int | None = None
        self.stop: Stop | None = None
        self.error: ProviderError | None = None
        self._events = provider.stream(prompt)
        self._began = time.monotonic()

    def __next__(self) -> Event:
        try:
            event = next(self._events)
        except ProviderError as error:
            self.error = error
            self._finish()
            raise
        if isinstance(event, Stop):
            self.stop = event
            self._finish()
        elif self.first_token_ms is None:
            self.first_token_ms = self._elapsed_ms()
        return event

    def close(self) -> None:
        """Stop reading; a call that has not ended is cut off at the provider and counts as aborted."""
        close_events(self._events)
        self._finish()

    @property
    def outcome(self) -> str:
        """ok, cut, stalled, error, or aborted."""
        if self.error is not None:
            return _OUTCOMES.get(self.error.kind, "error")
        return "ok" if self.stop is not None else "aborted"

    def row(
        self,
        *,
        company_id: int,
        location_id: int | None = None,
        reply_id: int | None = None,
        round: int = 0,  # noqa: A002 - the column's name
        prompt_version: str | None = None,
        variant: str | None = None,
    ) -> dict[str, Any]:
        """The row of `provider_calls` that tells of this call."""
        return {
            "company_id": company_id,
            "location_id": location_id,
            "reply_id": reply_id,
            "prompt_version": prompt_version,
            "variant": variant,
            "round": round,
            **self._measured(),
            **self._counted(),
        }

    def _measured(self) -> dict[str, Any]:
        stop, error = self.stop, self.error
        return {
            "provider": self.provider,
            "model": self.model,
            "model_served": stop.model if stop else None,
            "outcome": self.outcome,
            "stop_reason": stop.reason if stop else None,
            "error": f"{error.kind}: {error}"[:500] if error else None,
            "request_id": stop.request_id if stop else error.request_id if error else None,
            "first_token_ms": self.first_token_ms,
            "total_ms": self._elapsed_ms() if self.total_ms is None else self.total_ms,
        }

    def _counted(self) -> dict[str, Any]:
        """Tokens and cost; nothing, which is NULL, where the provider told nothing."""
        if self.stop is None or self.stop.usage is None:
            return {}
        usage = self.stop.usage
        return {
            "input_tokens": usage.input_tokens,
            "cache_read_tokens": usage.cache_read_tokens,
            "cache_write_tokens": usage.cache_write_tokens,
            "output_tokens": usage.output_tokens,
            "usage": usage.raw,
            "cost": cost_of(self.provider, self.stop.model or self.model, usage),
        }

    def _finish(self) -> None:
        if self.total_ms is None:
            self.total_ms = self._elapsed_ms()

    def _elapsed_ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)


def lost_call(provider: Provider, **whose: Any) -> dict[str, Any]:
    """The row of a call whose process died before it could write one: what it cost is unknown."""
    died = {"outcome": "aborted", "error": "the process that made this call died", "total_ms": 0}
    return {"provider": provider.name, "model": provider.model, **died, **whose}


def keep_calls(rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of `CallMeter.row` in the session's transaction."""
    table = ProviderCall.__table__
    assert isinstance(table, Table)
    for row in rows:
        db.session.connection().execute(insert(table), row)


def warm_prices() -> None:
    """Load the price table (0.4 s, 40 MB) before the first call needs it."""
    cost_of("anthropic", "claude-sonnet-5-5", Usage(1, 1))


def cost_of(provider: str, model: str, usage: Usage) -> Decimal | None:
    """Dollars for a call by genai-prices' table; None, with a warning, for a model it does not know."""
    if provider == "demo" or provider.startswith("scripted: "):
        return Decimal(0)
    import genai_prices  # 0.4 s and 40 MB on first use: not in processes that never call a provider

    written_long = (usage.raw.get("cache_creation") or {}).get("ephemeral_1h_input_tokens") or 0
    counted = genai_prices.Usage(
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens or None,
        cache_write_tokens=usage.cache_write_tokens or None,
        cache_write_1h_tokens=written_long or None,
    )
    try:
        priced = genai_prices.calc_price(
            counted, model_ref=model, provider_id=provider, genai_request_timestamp=datetime.now(UTC)
        )
    except LookupError:
        logger.warning("no price is known for model %s of %s: its cost stays unknown", model, provider)
        return None
    return priced.total_price
