"""Where a customer may be: the store, their address and their number, each once."""

from app.leads.places import places_of
from app.messaging import Place
from tests.factories.leads import make_customer, make_lead
from tests.factories.locations import make_company, make_location


def lead_of(store=None, **given):
    store = store or make_location()
    return make_lead(store, customer=make_customer(store.company, **given))


def test_where_all_agree_there_is_one_place(app):
    assert places_of(lead_of(state="FL", postal_code="33071")) == (Place("America/New_York", "FL"),)


def test_each_place_that_is_told_counts(app):
    lead = lead_of(state="CO", phone="+12125550100")
    assert places_of(lead) == (
        Place("America/New_York", "FL"), Place("America/Denver", "CO"), Place("America/New_York", "NY")
    )  # fmt: skip


def test_without_an_address_the_store_and_the_number_are_left(app):
    store = make_location(make_company(), timezone="America/Denver", state="Colorado")
    assert places_of(lead_of(store, phone=None)) == (Place("America/Denver", "CO"),)
    assert places_of(make_lead(store, customer=None, customer_id=None))[0] == Place("America/Denver", "CO")


def test_an_unknown_zone_of_the_store_stays_unknown(app):
    store = make_location(timezone="")
    assert Place("", "FL") in places_of(lead_of(store, state="FL", postal_code="33071"))
