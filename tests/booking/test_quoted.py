"""What a visit's services cost by the lead's own order."""

import pytest

from app.booking.quoted import quoted_services
from app.booking.rules import Rules
from app.db import db
from app.leads.models import RequestedService
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location


@pytest.mark.parametrize(
    ("lines", "wording"),
    [
        ([], "$299"),
        ([None], "$299"),
        ([25000], "$250"),
        ([25000, 15000], "$400"),
        ([25000, 25000], "$500"),
        ([25000, None], "price to be confirmed"),
        ([None, None], "$299"),
    ],
)
def test_a_service_on_several_lines_of_the_order_costs_them_all(app, lines, wording):
    store = make_location()
    service, lead = make_service(store), make_lead(store)
    lead.services = [
        RequestedService(
            shopmonkey_id=f"l{at}",
            canned_service_id=service.shopmonkey_id,
            name="Tint",
            price_cents=cents,
            position=at,
        )
        for at, cents in enumerate(lines)
    ]
    db.session.flush()
    (quoted,) = quoted_services(store.id, [service.id], Rules(), lead)
    assert quoted.price.wording == wording


def test_what_the_order_does_not_price_for_sure_is_not_taken_from_the_price_list(app):
    store = make_location()
    service, lead = make_service(store), make_lead(store)
    lead.services = [
        RequestedService(shopmonkey_id="l1", canned_service_id=service.shopmonkey_id, name="Tint", to_confirm=True)
    ]
    db.session.flush()
    (quoted,) = quoted_services(store.id, [service.id], Rules(), lead)
    assert quoted.price.wording == "price to be confirmed"
