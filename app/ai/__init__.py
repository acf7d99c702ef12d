"""The models: Anthropic, OpenAI and the demo behind one port, with failover, breaker and a row for every call."""

from app.ai.calls import CallMeter
from app.ai.clients import configured, providers_for, request_body, states, warm
from app.ai.costs import cost_of
from app.ai.failover import CONTINUE, Chain, continued
from app.ai.port import (
    AssistantTurn,
    CustomerTurn,
    Event,
    Prompt,
    Provider,
    ProviderError,
    Stop,
    Text,
    Tool,
    ToolCall,
    ToolResult,
    Turn,
    Usage,
)

__all__ = [
    "CONTINUE",
    "AssistantTurn",
    "CallMeter",
    "Chain",
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
    "configured",
    "continued",
    "cost_of",
    "providers_for",
    "request_body",
    "states",
    "warm",
]
