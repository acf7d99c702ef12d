"""What a call costs, by the tokens that its provider counted; an estimate for calls that were broken off."""

import logging
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil

from app.ai.port import AssistantTurn, Prompt, Usage

__all__ = ["cost_of", "estimated_usage", "warm_prices"]

logger = logging.getLogger(__name__)

# Rather too many tokens than too few: English has about four letters in one, Spanish and French fewer.
LETTERS_A_TOKEN = 3


def estimated_usage(prompt: Prompt, received: int, known: Usage | None = None) -> Usage:
    """What a call may have used of which `received` letters came: never less than what is known."""
    output = ceil(received / LETTERS_A_TOKEN)
    if known is not None:
        output = max(output, known.output_tokens)
        return Usage(known.input_tokens, output, known.cache_read_tokens, known.cache_write_tokens, known.raw)
    return Usage(ceil(_letters(prompt) / LETTERS_A_TOKEN), output)


def _letters(prompt: Prompt) -> int:
    tools = sum(len(one.name) + len(one.description) + len(str(one.parameters)) for one in prompt.tools)
    turns = 0
    for turn in prompt.turns:
        calls = turn.tool_calls if isinstance(turn, AssistantTurn) else ()
        turns += len(getattr(turn, "text", "") or getattr(turn, "content", ""))
        turns += sum(len(call.name) + len(str(call.arguments)) for call in calls)
    return sum(len(block) for block in prompt.system) + tools + turns


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
