"""The sandbox's providers of SMS and email: they keep what they are given, for the phone and the mailbox to show."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select

from app.lib import clock
from app.messaging.port import Outgoing, Sent, TransportError
from app.messaging.segments import segments
from app.sandbox.carrier import report
from app.sandbox.tables import outbox, session


@dataclass(frozen=True, slots=True)
class SandboxTransport:
    """Takes every message of its channel and shows it in the sandbox; nothing leaves the house."""

    channel: str

    @property
    def name(self) -> str:
        return f"sandbox-{self.channel}"

    @property
    def reaches_people(self) -> bool:
        return False

    @property
    def can_ask(self) -> bool:
        return True

    def send(self, outgoing: Outgoing) -> Sent:
        """Keep the message. Raises TransportError for a recipient that no provider would take."""
        expected = "@" if self.channel == "email" else "+"
        if expected not in outgoing.recipient:
            raise TransportError("the recipient's address is not valid", permanent=True, code="21211")
        values = {
            "public_id": outgoing.public_id,
            "channel": self.channel,
            "sender": outgoing.sender,
            "recipient": outgoing.recipient,
            "subject": outgoing.subject,
            "text": outgoing.text,
            "html": outgoing.html,
            "headers": dict(outgoing.headers),
            "calendar": outgoing.calendar,
            "sent_at": clock.now(),
        }
        with session() as opened:
            number = opened.scalar(insert(outbox).values(values).returning(outbox.c.id))
            opened.commit()
        receipt = self._receipt(number, outgoing)
        if self.channel == "sms":
            report(outgoing.public_id, receipt.provider_id)
        return receipt

    def find(self, outgoing: Outgoing, since: datetime) -> Sent | None:
        """The message as it was kept, if it was."""
        with session() as opened:
            number = opened.scalar(select(func.min(outbox.c.id)).where(outbox.c.public_id == outgoing.public_id))
        return None if number is None else self._receipt(number, outgoing)

    def _receipt(self, number: int | None, outgoing: Outgoing) -> Sent:
        if self.channel == "email":
            return Sent(f"<{outgoing.public_id}@sandbox.example>")
        return Sent(f"{self.name}-{number}", segments=segments(outgoing.text))


class SandboxSms(SandboxTransport):
    """The phone's provider."""

    def __init__(self) -> None:
        super().__init__("sms")


class SandboxEmail(SandboxTransport):
    """The mailbox's provider."""

    def __init__(self) -> None:
        super().__init__("email")


def newest() -> int:
    """The number of the newest message, 0 where none was sent: it changes when the screens must be drawn again."""
    with session() as opened:
        return opened.scalar(select(func.max(outbox.c.id))) or 0
