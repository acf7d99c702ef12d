"""What the demo assistant has before it: the customer's last words, what came before, what tools have said since."""

from dataclasses import dataclass
from typing import Any

from app.ai.demo_words import WORDING
from app.ai.port import Prompt, ToolCall, ToolResult, Turn

Next = tuple[str, tuple[ToolCall, ...]]


@dataclass(frozen=True, slots=True)
class Scene:
    """The conversation around the customer's last words."""

    prompt: Prompt
    question: str
    earlier: tuple[Turn, ...]
    results: tuple[ToolResult, ...]
    language: str

    def say(self, name: str) -> str:
        return WORDING[self.language][name]

    def has(self, tool: str) -> bool:
        return any(known.name == tool for known in self.prompt.tools)

    def found(self, tool: str) -> list[ToolResult]:
        return [result for result in self.results if result.name == tool]

    def call(self, tool: str, arguments: dict[str, Any], number: int = 1) -> ToolCall:
        return ToolCall(f"demo-{len(self.prompt.turns)}-{number}", tool, arguments)
