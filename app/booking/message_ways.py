"""Whether a message about a visit can go by its channel now, later, or not at all."""

from dataclasses import dataclass
from datetime import datetime

from app.booking.message_models import VisitMessage
from app.booking.message_rules import PURPOSES
from app.booking.message_texts import Recipient
from app.leads.models import Lead
from app.leads.places import places_of as places_of_lead
from app.lib.regions import Area, areas_of_number, region_code
from app.locations.models import Location
from app.messaging import Place, may_reach, transports
from app.messaging.quiet_hours import local_words, next_allowed
from app.messaging.reaching import NO_ADDRESS, NOT_SET_UP

QUIET = "Quiet hours until {when}"


@dataclass(frozen=True, slots=True)
class Way:
    """The address to use now; without one the reason, and when it may be tried again, None for never."""

    address: str | None
    reason: str | None = None
    opens_at: datetime | None = None


def way_to(message: VisitMessage, who: Recipient, store: Location, places: tuple[Place, ...], now: datetime) -> Way:
    """How the message reaches its recipient, as far as can be told before its text is written.

    The fence asks all of it again, and more; asking here keeps a text from being written hours before it may go out.
    """
    channel = message.channel
    address = who.phone if channel == "sms" else who.email
    reason = _against(message, address, now)
    if reason or address is None:
        return Way(None, reason or NO_ADDRESS[channel])
    if channel == "email" or message.kind not in PURPOSES:
        return Way(address)
    opens = next_allowed(now, places, transports().limits_of(store.id))
    if opens is None or opens == now:
        # Where no hour is known to be allowed, the fence has it wait and says why.
        return Way(address)
    return Way(None, QUIET.format(when=local_words(opens, places)), opens)


def places_of(store: Location, lead: Lead | None, who: Recipient) -> tuple[Place, ...]:
    """Every place where the recipient may be."""
    if lead is not None:
        return tuple(dict.fromkeys((Place(store.timezone, region_code(store.state)), *places_of_lead(lead))))
    areas = [Area((store.timezone,), region_code(store.state)), *(areas_of_number(who.phone) if who.phone else ())]
    return tuple(dict.fromkeys(Place(zone, area.region) for area in areas for zone in area.zones))


def _against(message: VisitMessage, address: str | None, now: datetime) -> str | None:
    if transports().of(message.channel) is None:
        return NOT_SET_UP[message.channel]
    asked = message.kind not in PURPOSES
    return may_reach(message.company_id, message.channel, address, message.location_id, now, asked=asked)
