"""What a tool is made of: a file of its own adds tools by exporting `TOOLS`, named in `toolbox`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.ai.port import Tool
from app.assistant.brief import LeadBrief, StoreBrief
from app.assistant.facts import Learned


@dataclass(frozen=True, slots=True)
class Desk:
    """Whom a tool works for. Arguments from the model never name a lead, a store or a price.

    `hand_over` calls the store's team with a reason, commits, and says whether they had not been called before.
    `seen_by_staff`: they have read what the customer wrote last and handed it back, which is no reason to call again.
    `last_words` is what the customer wrote last: a tool that changes their visit needs a yes in it.
    """

    store: StoreBrief
    lead: LeadBrief
    now: datetime
    hand_over: Callable[[str], bool]
    seen_by_staff: bool = False
    last_words: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool gave: finished wording for the model, what that proves, and the card that the answer shows with it.

    None leaves the answer's card as it was, {} takes it away.
    """

    content: str
    learned: Learned = field(default_factory=Learned)
    card: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class AssistantTool:
    """A tool as the model is told of it, and what runs. A wrong argument gets words, not an error."""

    tool: Tool
    run: Callable[[Desk, dict[str, Any]], Outcome]


def described(name: str, description: str, required: dict[str, Any] | None = None) -> Tool:
    """A tool whose arguments are all required; each is given as its JSON schema."""
    schema: dict[str, Any] = {"type": "object", "properties": required or {}, "additionalProperties": False}
    if required:
        schema["required"] = list(required)
    return Tool(name, description, schema)
