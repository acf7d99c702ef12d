"""What a feed carries: messages as data, the same from a row as from another process's note."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

# A UUID, with hyphens or without: no other message's place can look like it.
MADE_BY_PAGE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Item:
    """One message as pages and the API show it. `position` is the feed id `seq.part` that brings a watcher up to it."""

    seq: int
    changed_seq: int
    part: int
    author: str
    author_name: str | None
    channel: str
    status: str
    text: str
    client_message_id: str | None
    created_at: datetime
    card: dict[str, Any] | None = None

    @property
    def dom_id(self) -> str:
        """The id of its element on every page; what a page sent, its browser knows before the server."""
        made_by_page = self.client_message_id and MADE_BY_PAGE.fullmatch(self.client_message_id)
        return f"message-{self.client_message_id if made_by_page else self.seq}"

    @property
    def streaming(self) -> bool:
        return self.status == "streaming"

    @property
    def position(self) -> str:
        return f"{self.changed_seq}.{self.part if self.streaming else 0}"

    def to_note(self) -> dict[str, Any]:
        """As JSON for other processes."""
        return {
            "seq": self.seq,
            "changed_seq": self.changed_seq,
            "part": self.part,
            "author": self.author,
            "author_name": self.author_name,
            "channel": self.channel,
            "status": self.status,
            "text": self.text,
            "client_message_id": self.client_message_id,
            "created_at": self.created_at.isoformat(),
            "card": self.card,
        }

    @classmethod
    def from_note(cls, data: dict[str, Any]) -> "Item":
        return cls(**{**data, "created_at": datetime.fromisoformat(data["created_at"])})

    @classmethod
    def from_row(cls, row: Row[Any]) -> "Item":
        return cls(**{name: getattr(row, name) for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class State:
    """What stands below the messages: who answers, whether an answer is on its way, whether staff were called."""

    typing: bool
    holder: str
    holder_name: str | None
    waiting: bool

    def to_note(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as a page first shows it."""

    conversation_id: int
    last_seq: int
    messages: list[Item]
    state: State
    has_older: bool
