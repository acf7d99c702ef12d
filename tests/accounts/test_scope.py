import pytest
from werkzeug.exceptions import NotFound

from app.accounts import scope
from app.leads.models import Lead
from tests.factories.accounts import make_staff
from tests.factories.leads import make_lead
from tests.factories.locations import make_company, make_location

EVERYONE = (
    "leads.read", "catalog.read", "conversation.hold", "conversation.answer", "visits.read", "visits.retry",
    "calendar.read", "appointments.edit", "sequence.control",
)  # fmt: skip
MANAGERS = (
    "catalog.price", "catalog.sync", "webhook_events.read", "webhook_events.retry", "stores.edit", "blocks.edit",
    "sequences.edit", "records.export", "assistant.read",
)  # fmt: skip
ADMINS = ("lead_rule.edit", "stores.add", "stores.live", "assistant.edit")
TABLE = [
    *(("advisor", action, True) for action in EVERYONE),
    *(("advisor", action, False) for action in MANAGERS),
    *(("store_manager", action, True) for action in EVERYONE + MANAGERS),
    *(("store_manager", action, False) for action in ADMINS),
    *(("franchise_admin", action, True) for action in EVERYONE + MANAGERS + ADMINS),
]


@pytest.mark.parametrize(("role", "action", "allowed"), TABLE)
def test_what_a_role_may_do(app, role, action, allowed):
    assert scope.may(make_staff(make_location(), role), action) is allowed


def test_the_table_above_is_whole():
    assert {(role, action) for role, action, allowed in TABLE if allowed} == {
        (role, action) for role, actions in scope.ACTIONS.items() for action in actions
    }


def test_an_action_nobody_has_is_a_slip(app):
    with pytest.raises(ValueError, match="no role has the action"):
        scope.may(make_staff(make_location()), "leads.reed")


def test_a_closed_account_may_do_nothing(app):
    assert not scope.may(make_staff(make_location(), active=False), "leads.read")


def test_an_advisor_sees_only_the_stores_listed(app):
    company = make_company()
    mine, other = make_location(company), make_location(company)
    ana = make_staff(mine)
    lead, stranger = make_lead(mine), make_lead(other)
    assert scope.visible_locations(ana) == [mine]
    assert scope.row_or_404(ana, Lead, lead.public_id) is lead
    with pytest.raises(NotFound):
        scope.row_or_404(ana, Lead, stranger.public_id)


def test_an_admin_sees_the_company_and_no_other(app):
    company = make_company()
    here, there, elsewhere = make_location(company), make_location(company), make_location()
    frances = make_staff(here, "franchise_admin")
    assert set(scope.visible_locations(frances)) == {here, there}
    assert scope.row_or_404(frances, Lead, make_lead(there).public_id)
    with pytest.raises(NotFound):
        scope.row_or_404(frances, Lead, make_lead(elsewhere).public_id)


def test_a_store_listed_by_mistake_from_another_company_stays_closed(app):
    elsewhere = make_location()
    ana = make_staff(make_location())
    ana.locations.append(elsewhere)
    with pytest.raises(NotFound):
        scope.row_or_404(ana, Lead, make_lead(elsewhere).public_id)


def test_an_advisor_without_a_store_sees_nothing(app):
    location = make_location()
    lead = make_lead(location)
    nobody = make_staff(location, locations=[])
    assert scope.visible_locations(nobody) == []
    with pytest.raises(NotFound):
        scope.row_or_404(nobody, Lead, lead.public_id)
