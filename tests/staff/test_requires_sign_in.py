"""Nobody passes without signing in, and nobody sees another store's lead, by any address under /staff/."""

import pytest

from tests.factories.accounts import make_staff, sign_in
from tests.factories.chat import make_conversation

OPEN = {"accounts.show_form", "accounts.request_link", "accounts.show_link", "accounts.use_link", "accounts.sign_out"}


def addresses(app, public_id):
    """Every (method, address) of the dashboard behind the sign-in."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff") and rule.endpoint not in OPEN:
            values = {name: public_id if name == "public_id" else 1 for name in rule.arguments}
            path = app.url_map.bind("").build(rule.endpoint, values)
            found += [(method, path) for method in sorted(rule.methods - {"HEAD", "OPTIONS"})]
    return found


def test_every_address_wants_a_session(app, client, cast):
    make_conversation(cast.lead, ("customer", "Secret question"))
    walked = addresses(app, cast.lead.public_id)
    assert len(walked) >= 10
    for method, path in walked:
        response = client.open(path, method=method)
        assert response.status_code in (302, 401), (method, path)
        assert "Secret question" not in response.text
        if response.status_code == 302:
            assert response.location == "/staff/sign-in"


def test_every_address_of_another_stores_lead_is_404(app, cast):
    # A manager: what an advisor may not do at all is refused before anybody looks for the lead.
    desk = sign_in(app.test_client(), make_staff(cast.store, "store_manager"))
    make_conversation(cast.strangers_lead, ("customer", "Secret question"))
    walked = [
        pair for pair in addresses(app, cast.strangers_lead.public_id) if cast.strangers_lead.public_id in pair[1]
    ]
    assert len(walked) >= 8
    for method, path in walked:
        for headers in ({}, {"HX-Request": "true"}):
            response = desk.open(
                path, method=method, headers=headers, data={"message": "Hello"} if method == "POST" else None
            )
            assert response.status_code == 404, (method, path)


def test_a_lead_that_does_not_exist_looks_the_same_as_a_strangers(desk, cast):
    absent, strange = desk.get("/staff/leads/AAAAAAAAAAAA"), desk.get(f"/staff/leads/{cast.strangers_lead.public_id}")
    assert absent.status_code == strange.status_code == 404
    assert absent.text == strange.text


def test_the_list_shows_nothing_of_another_store_even_when_asked_for_it(desk, cast):
    for query in ("", f"?store={cast.other_store.id}", "?search=Boulder", f"?lead={cast.strangers_lead.public_id}"):
        page = desk.get(f"/staff/{query}").text
        assert "Dan Boulder" not in page
        assert cast.strangers_lead.public_id not in page.replace(f"lead={cast.strangers_lead.public_id}", "")


PAGES = ["/staff/", "/staff/leads/{lead}", "/staff/leads/{lead}/panel", "/staff/leads/none", "/staff/sign-in"]


@pytest.mark.parametrize("path", PAGES)
def test_no_cache_keeps_what_staff_see(desk, cast, path):
    response = desk.get(path.format(lead=cast.lead.public_id))
    assert response.headers["Cache-Control"] == "no-store"
