"""From whom a store's SMS and email come."""

import pytest

from app.locations.models import CompanySettings, LocationSettings
from app.locations.senders import mail_sender, sms_sender
from tests.factories.locations import make_company, make_location


@pytest.fixture
def house(app):
    """The environment names a Messaging Service and a mailbox."""
    before = app.config["SETTINGS"]
    given = {"twilio_messaging_service_sid": "MGhouse", "mail_from": "Leads <house@example.com>"}
    app.config["SETTINGS"] = before.model_copy(update=given)
    yield
    app.config["SETTINGS"] = before


def store(company: dict | None = None, **own):
    return make_location(make_company(settings=CompanySettings(**(company or {}))), settings=LocationSettings(**own))


def test_a_store_without_its_own_sends_from_the_houses(house):
    assert sms_sender(store()) == "MGhouse"
    assert mail_sender(store()) == "Tint World Coral Springs <house@example.com>"


def test_a_stores_own_number_wins_over_the_houses_service(house):
    assert sms_sender(store(sms_number="+19545550111")) == "+19545550111"


def test_a_service_of_store_or_company_wins_over_a_number(house):
    assert sms_sender(store(sms_number="+19545550111", twilio_messaging_service_sid="MGstore")) == "MGstore"
    assert sms_sender(store({"twilio_messaging_service_sid": "MGcompany"}, sms_number="+1954")) == "MGcompany"


def test_mail_comes_from_the_nearest_level_under_the_stores_name(house):
    assert mail_sender(store({"mail_from": "company@example.com"})) == "Tint World Coral Springs <company@example.com>"
    named = store({"mail_from": "company@example.com"}, mail_from="Other <store@example.com>")
    assert mail_sender(named) == "Tint World Coral Springs <store@example.com>"


def test_where_nobody_names_one_there_is_none(app):
    assert (sms_sender(store()), mail_sender(store())) == (None, None)
