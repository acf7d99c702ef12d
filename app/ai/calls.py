"""One call to a provider, measured and written down, so that every dollar is on a row."""

import time
from collections.abc import Generator, Iterable, Iterator
from typing import Any

from sqlalchemy import Table, insert

from app.ai.costs import cost_of, estimated_usage
from app.ai.models import ProviderCall
from app.ai.port import Counted, Event, Prompt, Provider, ProviderError, Stop, Text, ToolCall
from app.db import db

__all__ = ["CallMeter", "keep_calls", "lost_call"]

# Faults after which the request may have been worked on; others are refusals, which no provider bills.
_MAYBE_BILLED = ("timeout", "cut", "stall", "protocol")
_OUTCOMES = {"cut": "cut", "stall": "stalled"}


def close_events(events: Iterator[Event]) -> None:
    """End a provider's stream now, not when it is collected."""
    if isinstance(events, Generator):
        events.close()


class CallMeter(Iterator[Text | ToolCall | Stop]):
    """Iterates what a call says and remembers how it went, what was counted on the way included. Close it when done,
    then keep its `row`."""

    def __init__(self, provider: Provider, prompt: Prompt) -> None:
        self.provider, self.model = provider.name, provider.model
        self.first_token_ms: int | None = None
        self.total_ms: int | None = None
        self.stop: Stop | None = None
        self.error: ProviderError | None = None
        self._prompt = prompt
        self._counted_so_far: Counted | None = None
        self._received, self._asked = 0, False
        self._events = provider.stream(prompt)
        self._began = time.monotonic()

    def __next__(self) -> Text | ToolCall | Stop:
        self._asked = True
        try:
            event = next(self._events)
            while isinstance(event, Counted):
                self._counted_so_far = event
                event = next(self._events)
        except ProviderError as error:
            self.error = error
            self._finish()
            raise
        if isinstance(event, Stop):
            self.stop = event
            self._finish()
            return event
        if self.first_token_ms is None:
            self.first_token_ms = self._elapsed_ms()
        self._received += len(event.text if isinstance(event, Text) else str(event.arguments))
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
        told = stop or self._counted_so_far
        return {
            "provider": self.provider,
            "model": self.model,
            "model_served": told.model if told else None,
            "outcome": self.outcome,
            "stop_reason": stop.reason if stop else None,
            "error": f"{error.kind}: {error}"[:500] if error else None,
            "request_id": told.request_id if told else error.request_id if error else None,
            "first_token_ms": self.first_token_ms,
            "total_ms": self._elapsed_ms() if self.total_ms is None else self.total_ms,
        }

    def _counted(self) -> dict[str, Any]:
        """Tokens and cost as far as the provider told them, else NULL; where that is not all, what limits count."""
        whole = self.stop.usage if self.stop else None
        told = self._counted_so_far
        known = whole or (told.usage if told else None)
        if whole is None and not self._spent_something():
            return {}
        model = (self.stop.model if self.stop else told.model if told else None) or self.model
        estimate = None
        if whole is None:
            estimate = cost_of(self.provider, model, estimated_usage(self._prompt, self._received, known))
        if known is None:
            return {"cost_estimate": estimate}
        return {
            "input_tokens": known.input_tokens,
            "cache_read_tokens": known.cache_read_tokens,
            "cache_write_tokens": known.cache_write_tokens,
            "output_tokens": known.output_tokens,
            "usage": known.raw,
            "cost": cost_of(self.provider, model, known),
            "cost_at_least": whole is None,
            "cost_estimate": estimate,
        }

    def _spent_something(self) -> bool:
        """Whether the provider can have begun: it answered, or was asked and not heard to the end."""
        begun = self._counted_so_far is not None or self.first_token_ms is not None or self.stop is not None
        return begun or (self._asked and (self.error is None or self.error.kind in _MAYBE_BILLED))

    def _finish(self) -> None:
        if self.total_ms is None:
            self.total_ms = self._elapsed_ms()

    def _elapsed_ms(self) -> int:
        return round((time.monotonic() - self._began) * 1000)


def lost_call(provider: Provider, prompt: Prompt, said: str, **whose: Any) -> dict[str, Any]:
    """The row of a call whose process died before it could write one: what it cost is unknown, and estimated for limits
    by its prompt and what it has said."""
    died = {"outcome": "aborted", "error": "the process that made this call died", "total_ms": 0}
    estimate = cost_of(provider.name, provider.model, estimated_usage(prompt, len(said)))
    return {"provider": provider.name, "model": provider.model, "cost_estimate": estimate, **died, **whose}


def keep_calls(rows: Iterable[dict[str, Any]]) -> None:
    """Write rows of `CallMeter.row` in the session's transaction."""
    table = ProviderCall.__table__
    assert isinstance(table, Table)
    for row in rows:
        db.session.connection().execute(insert(table), row)
