"""What a provider's error says about the number and about another try. Pure.

By https://www.twilio.com/docs/api/errors; for email the classes of RFC 3463.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

Kind = Literal["bad_number", "opted_out", "unreachable", "later", "sender", "final"]

# Out of reach three times, and never in between reached, is taken for good.
STRIKES = 3
# Nobody reads mail there: no such mailbox, no such mail system, no longer in use (RFC 3463, RFC 7505).
NO_MAILBOX = ("5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1")

BAD_NUMBERS = {
    "21211": "it is no valid number",
    "21614": "it is no mobile number",
    "21635": "it is a landline",
    "30005": "the carrier does not know it",
    "30006": "it is a landline, or its carrier cannot be reached",
}
OPTED_OUT = "21610"
UNREACHABLE = "30003"
AGAIN = {
    "30001": timedelta(minutes=10),
    "30008": timedelta(hours=1),
    "30022": timedelta(minutes=10),
    "30023": timedelta(hours=12),
    "30036": timedelta(minutes=10),
    UNREACHABLE: timedelta(hours=4),
}
# Nobody's number is at fault: whoever runs this must set something right.
SENDER = {
    "21408": "texts to that country are not allowed in Twilio's settings",
    "21612": "this sender has no route to that number",
    "30004": "the phone or its carrier blocks this sender",
    "30007": "the carrier filtered it as spam",
    "30032": "the toll-free number is not verified",
    "30034": "the number is not in a registered A2P campaign",
    "30110": "a link in it is blocked",
    "30111": "a link in it is blocked",
}


@dataclass(frozen=True)
class Verdict:
    """What follows from an error. `again_after` is set where one further try may help."""

    kind: Kind
    words: str
    again_after: timedelta | None = None


def verdict(code: str | None) -> Verdict:
    """What an error code of a text that was not delivered means."""
    if code in BAD_NUMBERS:
        return Verdict("bad_number", f"This number cannot receive texts: {BAD_NUMBERS[code]}")
    if code == OPTED_OUT:
        return Verdict("opted_out", "The recipient told their carrier to stop")
    if code == UNREACHABLE:
        return Verdict("unreachable", "The phone is out of reach", AGAIN[code])
    if code in AGAIN:
        return Verdict("later", f"The carrier could not take it (error {code})", AGAIN[code])
    if code in SENDER:
        return Verdict("sender", f"Not delivered: {SENDER[code]} (error {code})")
    if code in NO_MAILBOX:
        return Verdict("bad_number", f"The mail came back with status {code}")
    if code and code[:2] in ("4.", "5."):
        return Verdict("final", f"The mail came back with status {code}")
    return Verdict(
        "final", f"The carrier did not deliver it (error {code})" if code else "The carrier did not deliver it"
    )
