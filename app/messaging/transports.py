"""The two ways out that this process has, set once by wiring in `app.extensions["messaging"]`."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app

from app.messaging.port import EmailTransport, SmsTransport, Transport


def closed(location_id: int) -> bool:
    """No store is live: what holds until wiring says how to ask."""
    return False


@dataclass(frozen=True)
class Transports:
    """The transport of each channel, or None where it is not set up; `store_live` tells whether a store may reach people."""

    sms: SmsTransport | None = None
    email: EmailTransport | None = None
    store_live: Callable[[int], bool] = closed

    def of(self, channel: str) -> Transport | None:
        """The transport of `sms` or `email`."""
        return self.sms if channel == "sms" else self.email


def transports() -> Transports:
    """This application's transports; none where wiring has set none."""
    found: Transports = current_app.extensions.get("messaging", Transports())
    return found
