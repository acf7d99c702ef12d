"""Tools about the store and its people: facts, and calling the team."""

from typing import Any

from app.assistant.amounts import numbers_in
from app.assistant.facts import Learned
from app.assistant.tooling import AssistantTool, Desk, Outcome, described


def store_facts(desk: Desk, _: dict[str, Any]) -> Outcome:
    """Hours, whether it is open, address, phone and website."""
    store = desk.store
    facts = [
        f"{store.name}.",
        store.open_wording(desk.now) and f"{store.open_wording(desk.now)}.",
        f"Opening hours: {store.hours_wording()}",
        store.special_wording and f"Other hours, which win over the week's: {store.special_wording}.",
        store.address and f"Address: {store.address}.",
        store.phone and f"Phone: {store.phone}.",
        store.website and f"Website: {store.website}",
    ]
    told = " ".join(fact for fact in facts if fact)
    return Outcome(told, Learned(harmless=tuple(sorted(numbers_in(told)))))


def hand_over(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Call the team to this conversation, unless they have just handed it back."""
    if desk.seen_by_staff:
        return Outcome("The team has read this and handed it back to you. They were not called: answer it yourself.")
    asked = desk.hand_over(str(arguments.get("reason", ""))[:300] or "The customer asked for a person.")
    told = "The team has been asked to join." if asked else "The team had already been asked to join."
    return Outcome(told, Learned(claims=("handed_over",)))


TOOLS = (
    AssistantTool(
        described("store_facts", "The store's opening hours, whether it is open now, address, phone and website."),
        store_facts,
    ),
    AssistantTool(
        described(
            "hand_over",
            "Ask the store's team to join this conversation. Use when the customer wants a person, or is upset.",
            {"reason": {"type": "string", "description": "What the customer wants, in one sentence"}},
        ),
        hand_over,
    ),
)
