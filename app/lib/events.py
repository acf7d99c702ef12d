"""How a lower room tells the ones above what happened: frozen events, reactions listed in `wiring.py`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Reaction = Callable[[Any], None]

_reactions: dict[type, tuple[Reaction, ...]] = {}


def react(table: Mapping[type, Iterable[Reaction]]) -> None:
    """Set the whole table of event type to reactions, replacing the former one."""
    _reactions.clear()
    _reactions.update({event: tuple(reactions) for event, reactions in table.items()})


def publish(event: object) -> None:
    """Run the reactions to `event` in the caller's transaction. They only write rows; an error is the caller's."""
    for reaction in _reactions.get(type(event), ()):
        reaction(event)
