import pytest

from app.shopmonkey import Order
from app.sync.lead_rule import is_lead


def test_an_open_estimate_is_a_lead_and_says_why() -> None:
    verdict = is_lead(Order(id="o1", status="Estimate"))
    assert verdict.is_lead
    assert verdict.why == "an estimate that nobody has acted on yet"


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"status": "Invoice"}, "its status is Invoice, not Estimate"),
        ({"status": None}, "its status is unknown, not Estimate"),
        ({"authorized": True}, "the customer has already authorized it"),
        ({"paid": True}, "it is paid"),
        ({"invoiced": True}, "it is invoiced"),
        ({"archived": True}, "it is archived"),
        ({"deleted": True}, "it is deleted"),
        ({"imported": True}, "it was imported from another system"),
    ],
)
def test_anything_else_is_not_and_says_why(given, why) -> None:
    verdict = is_lead(Order(**{"id": "o1", "status": "Estimate", **given}))
    assert (verdict.is_lead, verdict.why) == (False, why)
