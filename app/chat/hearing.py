"""A conversation as the assistant hears it: who said what, and where staff handed it back."""

from collections.abc import Iterable
from typing import Protocol

HANDED_BACK = (
    "The store's team took part up to here and has handed the conversation back to you: what was asked of them before "
    "is settled. Call them again only for something new."
)


class Said(Protocol):
    """One message, by its place in the conversation."""

    @property
    def seq(self) -> int: ...

    @property
    def author(self) -> str: ...

    @property
    def text(self) -> str: ...


def heard(messages: Iterable[Said], handed_back_seq: int | None) -> list[tuple[str, str]]:
    """(author, text) pairs in their order, with a note of the house where staff handed the conversation back."""
    pairs: list[tuple[str, str]] = []
    noted = handed_back_seq is None
    for message in messages:
        if not noted and handed_back_seq is not None and message.seq > handed_back_seq:
            pairs.append(("house", HANDED_BACK))
            noted = True
        pairs.append((message.author, message.text))
    return pairs if noted or not pairs else [*pairs, ("house", HANDED_BACK)]


def last_words(pairs: Iterable[tuple[str, str]]) -> str:
    """The customer's last words: all that they wrote in one go, whatever has been said to it."""
    said: list[str] = []
    answered = False
    for author, text in pairs:
        if author == "customer":
            said, answered = ([text] if answered else [*said, text]), False
        elif author in ("assistant", "staff"):
            answered = True
    return "\n".join(said)


def seen_by_staff(last_heard: int, handed_back_seq: int | None) -> bool:
    """Whether staff handed the conversation back after the customer's last words: they are no reason to call again."""
    return handed_back_seq is not None and last_heard <= handed_back_seq
