"""Reading a provider's stream: patience, coalescing, and what counts as a good end. Per token nothing else."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2
import orjson

from app.ai.faults import of_kind
from app.ai.port import Counted, Event, ProviderError, Stop, Text, ToolCall
from app.ai.sse import payloads

__all__ = ["Decoder", "OpenCall", "Timeouts", "arguments_of", "read_events"]

DRAIN = 0.2  # the end of the body comes with the last event; waiting for it keeps the connection


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to wait: for a connection, the first token, between bytes, for the whole call."""

    connect: float = 5.0
    first_token: float = 8.0
    stall: float = 15.0
    whole: float = 60.0

    def for_request(self) -> httpx2.Timeout:
        """The limits until the headers are there."""
        return httpx2.Timeout(connect=self.connect, read=self.first_token, write=10.0, pool=5.0)


@dataclass(slots=True)
class OpenCall:
    """A tool call whose arguments are still arriving."""

    id: str = ""
    name: str = ""
    pieces: list[str] = field(default_factory=list)


class Decoder(Protocol):
    """What a wire format does with one event's payload."""

    calls: list[ToolCall]
    counted: Counted | None
    started: bool
    done: bool
    request_id: str | None

    def decode(self, payload: bytes) -> str:
        """The visible text in it, else "". Tool calls that it completes are appended to `calls`, and what was used so
        far stands in `counted`."""
        ...

    def stop(self) -> Stop | None:
        """How the call ended, None while it has not. Raises ProviderError for a call that ended broken."""
        ...


def arguments_of(call: OpenCall) -> dict[str, Any]:
    """The arguments as an object; raises ValueError when they are not one."""
    arguments = orjson.loads("".join(call.pieces) or "{}")
    if not isinstance(arguments, dict):
        raise ValueError("not an object")
    return arguments


def read_events(response: httpx2.Response, decoder: Decoder, timeouts: Timeouts, began: float) -> Iterator[Event]:
    """The call's events; what arrived together is one Text.

    Raises ProviderError unless the stream gave a stop reason; a connection lost after that is no fault.
    """
    patience = _Patience(response.request.extensions["timeout"], decoder, timeouts, began)
    problem: Exception | None = None
    try:
        yield from _arriving(response, decoder, patience)
        fault = of_kind("cut", "the stream ended without a stop reason", decoder.request_id)
    except httpx2.TimeoutException as error:
        problem, fault = error, patience.ran_out()
    except httpx2.HTTPError as error:
        problem, fault = error, of_kind("cut", f"the stream broke off: {error}", decoder.request_id)
    except (orjson.JSONDecodeError, LookupError, TypeError, AttributeError) as error:
        problem, fault = error, of_kind("protocol", f"unreadable event: {error!r}", decoder.request_id)
    stop = decoder.stop()
    if stop is None:
        raise fault from problem
    yield stop


def _arriving(response: httpx2.Response, decoder: Decoder, patience: "_Patience") -> Iterator[Event]:
    plain = response.headers.get("content-encoding", "identity") == "identity"
    chunks = response.iter_raw() if plain else response.iter_bytes()
    patience.before_receive()
    for arrived in payloads(chunks):
        yield from _events_of(arrived, decoder)
        if decoder.done:
            patience.before_drain()
            for _ in zip(range(8), chunks):  # noqa: B905 - to the end, but not for ever
                continue
            return
        patience.before_receive()


def _events_of(arrived: list[bytes], decoder: Decoder) -> Iterator[Event]:
    texts: list[str] = []
    for payload in arrived:
        text = decoder.decode(payload)
        if decoder.counted is not None:
            yield decoder.counted
            decoder.counted = None
        if text:
            texts.append(text)
        if decoder.calls:
            if texts:
                yield Text("".join(texts))
            yield from decoder.calls
            texts, decoder.calls = [], []
    if texts:
        yield Text("".join(texts))


class _Patience:
    """Sets how long the transport may wait for the next bytes."""

    def __init__(self, limits: dict[str, float], decoder: Decoder, timeouts: Timeouts, began: float) -> None:
        self._limits, self._decoder, self._timeouts, self._began = limits, decoder, timeouts, began

    def before_receive(self) -> None:
        elapsed = time.monotonic() - self._began
        left = self._timeouts.whole - elapsed
        wait = self._timeouts.stall if self._decoder.started else self._timeouts.first_token - elapsed
        if min(wait, left) <= 0:
            raise self.ran_out()
        self._limits["read"] = min(wait, left)

    def before_drain(self) -> None:
        self._limits["read"] = DRAIN

    def ran_out(self) -> ProviderError:
        if not self._decoder.started:
            return of_kind("timeout", "no first token in time", self._decoder.request_id)
        if time.monotonic() - self._began >= self._timeouts.whole:
            return of_kind("timeout", "the call took too long", self._decoder.request_id)
        return of_kind("stall", "the stream fell silent", self._decoder.request_id)
