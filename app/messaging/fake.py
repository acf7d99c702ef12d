"""A transport that remembers instead of sending, for tests and for a house without a vendor."""

from collections.abc import Callable
from datetime import datetime

from app.db import db
from app.messaging.port import Outgoing, Sent


class FakeTransport:
    """Keeps what it was given in `sent`. A test may replace `answer` and `found` by what the provider is to say."""

    def __init__(self, name: str = "fake", *, reaches_people: bool = True, can_ask: bool = False) -> None:
        self.name = name
        self.reaches_people = reaches_people
        self.can_ask = can_ask
        self.sent: list[Outgoing] = []
        self.answer: Callable[[Outgoing], Sent] = lambda outgoing: Sent(f"{name}-{outgoing.public_id}")
        self.found: Callable[[Outgoing], Sent | None] = lambda outgoing: None

    def send(self, outgoing: Outgoing) -> Sent:
        """Remember the message, then answer. Raises AssertionError when a transaction is open."""
        assert not db.session().in_transaction(), "a provider was called with a transaction open"
        self.sent.append(outgoing)
        return self.answer(outgoing)

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """What `found` says."""
        assert not db.session().in_transaction(), "a provider was called with a transaction open"
        return self.found(outgoing)
