"""What the house asks of a vendor that carries SMS or email."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One SMS or email, ready to hand over.

    `sender` is a number, a Messaging Service or a mailbox; None means the transport's own. `subject`, `html`, `headers`
    and `calendar` (an .ics file) belong to email only. `valid_for` is how long an SMS may wait at the provider
    before it must be dropped.
    """

    public_id: str
    sender: str | None
    recipient: str
    text: str
    subject: str | None = None
    html: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    valid_for: timedelta | None = None
    calendar: str | None = None


@dataclass(frozen=True)
class Sent:
    """What the provider answered when it took the message; `segments` and `cost` where it says so."""

    provider_id: str
    segments: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True)
class Report:
    """What the provider says of a message some time after it took it: its own status, error, segments, cost."""

    status: str
    code: str | None = None
    segments: int | None = None
    cost: Decimal | None = None


class TransportError(Exception):
    """The provider did not confirm the message.

    `unknown`: it may have taken it all the same (timeout, 5xx, a drop after sending), so it must never be sent again by
    itself. `permanent`: trying again would be refused again. Neither: it was refused for now, and may be tried later.
    `opted_out`: refused because the recipient told the carrier to stop.
    """

    def __init__(
        self,
        message: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        code: str | None = None,
        opted_out: bool = False,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.unknown = unknown
        self.code = code
        self.opted_out = opted_out


class Unplaced(LookupError):
    """A message came in that belongs to no lead; the text says so to staff. `store` is ShopMonkey's id of its store."""

    def __init__(self, message: str, company_id: int | None = None, store: str | None = None) -> None:
        super().__init__(message)
        self.company_id = company_id
        self.store = store


class Transport(Protocol):
    """One way out. `reaches_people` is False only for what stays inside the house (sandbox, tests)."""

    @property
    def name(self) -> str: ...

    @property
    def reaches_people(self) -> bool: ...

    @property
    def can_ask(self) -> bool:
        """Whether `find` can tell afterwards if a message was taken."""
        ...

    def send(self, outgoing: Outgoing) -> Sent:
        """Hand one message over. Called with no transaction open. Raises TransportError."""
        ...

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """The message as the provider took it after `since`, or None. Only where `can_ask`. Raises TransportError."""
        ...


SmsTransport = Transport
EmailTransport = Transport
