"""What the demo assistant has before it: the customer's last words, what came before, what tools have said since."""

import re
from dataclasses import dataclass
from typing import Any

from app.ai.demo_words import INTENTS, STOP_WORDS, TRANSLATED, WORDING
from app.ai.port import CustomerTurn, Prompt, ToolCall, ToolResult, Turn

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


def query_of(scene: Scene) -> str:
    """The telling words of the question, else those of the customer's latest earlier question that had some."""
    texts = [scene.question, *(turn.text for turn in reversed(scene.earlier) if isinstance(turn, CustomerTurn))]
    for text in texts:
        words = re.findall(r"[\w'-]{2,}", text.lower())
        telling = [TRANSLATED.get(word, word) for word in words if word not in STOP_WORDS]
        if telling and INTENTS["service"].search(text):
            return " ".join(telling[:8])
    return ""
