"""The assistant's tools, bound to one lead and store. They return finished wording; what is in it is proven."""

from typing import Any

from app.assistant import booking_tools, catalog_tools, compare_tools, store_tools
from app.assistant.agreement import agreed
from app.assistant.facts import Learned
from app.assistant.quotes import facts_for
from app.assistant.tooling import AssistantTool, Desk, Outcome
from app.db import db

# In the order in which the model is told of them, which providers cache.
TOOLS: tuple[AssistantTool, ...] = (
    *catalog_tools.TOOLS,
    *compare_tools.TOOLS,
    *booking_tools.TOOLS,
    *store_tools.TOOLS,
)
BY_NAME = {one.tool.name: one for one in TOOLS}


class Toolbox:
    """Runs tools for one lead. A wrong call gets words, no error."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def call(self, name: str, arguments: dict[str, Any]) -> Outcome:
        """Run one tool; what it read and kept is done when this returns."""
        found = BY_NAME.get(name)
        if found is None:
            return Outcome(f"There is no tool named {name}.")
        said = self._desk.last_words
        if said is not None and not agreed(name, said):
            return Outcome(
                "Not done: the customer has not said that they want this. Ask them, and name what you would do."
            )
        try:
            outcome = found.run(self._desk, arguments)
            db.session.commit()
            return outcome
        finally:
            db.session.remove()

    def call_staff(self, reason: str) -> Learned:
        """Call the store's team, whatever they have seen: for what the assistant cannot answer. Commits."""
        try:
            self._desk.hand_over(reason)
            return Learned(claims=("handed_over",))
        finally:
            db.session.remove()

    def prices_of(self, service_ids: frozenset[int]) -> Learned:
        """What those services of the store cost this customer, kept as given; for a sentence that is to be put "
        "right."""
        try:
            facts = facts_for(self._desk, service_ids)
            db.session.commit()
            return Learned(prices=tuple(facts))
        finally:
            db.session.remove()
