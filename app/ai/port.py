"""What the assistant and the providers say to each other: a neutral prompt in, neutral events out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

__all__ = [
    "AssistantTurn",
    "Counted",
    "CustomerTurn",
    "Event",
    "Prompt",
    "Provider",
    "ProviderError",
    "Stop",
    "Text",
    "Tool",
    "ToolCall",
    "ToolResult",
    "Turn",
    "Usage",
]

StopReason = Literal["end", "tools", "length", "refusal"]
ErrorKind = Literal[
    "timeout", "connection", "rate_limit", "overloaded", "server", "auth", "quota", "invalid", "cut", "stall",
    "protocol", "refused_by_breaker",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the answer: everything that arrived together."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model asks for a tool. Run it only once the `Stop("tools")` of the same call has come."""

    id: str
    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Usage:
    """What the provider counted, `raw` in its own words. `input_tokens` is the whole prompt, cached tokens too."""

    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stop:
    """The last event of a call that ended as it should."""

    reason: StopReason
    usage: Usage | None = None
    model: str | None = None
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What the provider has counted so far, while the call still runs: all that is known of one that is broken off."""

    usage: Usage
    model: str | None = None
    request_id: str | None = None


Event = Text | ToolCall | Counted | Stop


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may ask for; `parameters` is the JSON schema of its arguments."""

    name: str
    description: str
    parameters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CustomerTurn:
    """What the customer wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class AssistantTurn:
    """What we answered, and the tools asked for at its end."""

    text: str
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave for the call of that id; follows the AssistantTurn that asked."""

    call_id: str
    name: str
    content: str


Turn = CustomerTurn | AssistantTurn | ToolResult


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything a model sees.

    `system` has its stablest block first: each block ends a prefix that providers may cache. `cache_key` names
    that prefix (store and prompt version); `safety_id` stands for the person and must not tell who it is.
    """

    system: tuple[str, ...]
    tools: tuple[Tool, ...]
    turns: tuple[Turn, ...]
    max_tokens: int
    cache_key: str
    safety_id: str


class ProviderError(Exception):
    """A call that did not end with a stop reason.

    `permanent`: asking the same provider again will not help. `fail_over`: another provider may do better.
    `counts`: it tells something about the provider's health, so the breaker counts it.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool,
        kind: ErrorKind,
        fail_over: bool,
        counts: bool,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.kind: ErrorKind = kind
        self.fail_over = fail_over
        self.counts = counts
        self.request_id = request_id


class Provider(Protocol):
    """One model at one provider."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def stream(self, prompt: Prompt) -> Iterator[Event]:
        """The answer's events as they arrive, a `Stop` last; closing the iterator closes the connection.

        Raises ProviderError, also for a stream that ends without a stop reason.
        """
        ...
