"""Where a lead's customer may be: at the store, at their own address, and where their number is from."""

from app.leads.models import Lead
from app.lib.regions import Area, area_of_address, areas_of_number, region_code
from app.messaging import Place


def places_of(lead: Lead) -> tuple[Place, ...]:
    """Every place where the recipient may be, each once: a text must be allowed at all of them.

    The store's zone always counts, as it is; an unknown one leaves open what time it is for the customer.
    """
    store, customer = lead.location, lead.customer
    areas = [Area((store.timezone,), region_code(store.state))]
    if customer is not None:
        areas.append(area_of_address(customer.state, customer.postal_code))
        if customer.phone:
            areas.extend(areas_of_number(customer.phone))
    return tuple(dict.fromkeys(Place(zone, area.region) for area in areas for zone in area.zones))
