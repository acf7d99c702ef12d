"""A tool that puts two or three services side by side, so that a customer can choose."""

from typing import Any

from app.assistant.catalog_tools import LONGEST_DESCRIPTION, cell, duration, learned_of
from app.assistant.fencing import field
from app.assistant.quotes import facts_of, offered_services
from app.assistant.tooling import AssistantTool, Desk, Outcome, described

FEWEST, MOST = 2, 3


def compare_options(desk: Desk, arguments: dict[str, Any]) -> Outcome:
    """Each service with its price for this vehicle, how long it takes and what it is; cheapest first as far as told."""
    wanted = arguments.get("service_ids")
    ids = list(dict.fromkeys(one for one in wanted if isinstance(one, int))) if isinstance(wanted, list) else []
    services = offered_services(desk, ids) if FEWEST <= len(ids) <= MOST else []
    if not services or len(services) < len(ids):
        return Outcome("Give the ids of two or three different services of this store, as search_services told them.")
    facts = facts_of(desk, services)
    pairs = sorted(zip(services, facts, strict=True), key=lambda pair: pair[1].price.low_cents or 10**9)
    vehicle = (
        field(desk.lead.vehicle_name, 100) or "a vehicle that is not known yet: ask, where the price depends on it"
    )
    lines = [f"Side by side for {vehicle}:"]
    for service, fact in pairs:
        parts = (fact.wording, duration(service.duration_minutes), field(service.description, LONGEST_DESCRIPTION))
        lines.append(f"- {field(service.name)}: {' | '.join(cell(part) for part in parts if part)}")
    return Outcome("\n".join(lines), learned_of(facts, services))


TOOLS = (
    AssistantTool(
        described(
            "compare_options",
            "Two or three services side by side for this customer's own vehicle: price as finished wording, duration, "
            "what it is. Use when the customer asks which to choose or what differs. It gives no difference in price: "
            "name none.",
            {
                "service_ids": {
                    "type": "array",
                    "items": {"type": "integer"},
                    "description": "The ids that search_services gave",
                }
            },
        ),
        compare_options,
    ),
)
