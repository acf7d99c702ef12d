import pytest
from sqlalchemy import select

from app.db import db
from app.locations.models import CompanySettings, LocationSettings
from app.locations.settings import inherited_by, settings_for
from app.locations.writing import SettingsRefused, write_settings
from tests.factories.locations import make_location

SERVICE = "MG" + "a" * 32


@pytest.fixture
def store(app):
    store = make_location()
    store.company.settings = CompanySettings(assistant_name="Max", sms_number="+19545550199")
    db.session.flush()
    return store


def test_what_is_emptied_is_null_and_inherits_again(store):
    write_settings(store, {"assistant_name": " Ava ", "sms_number": "(303) 555-0144", "tagline": "Cool cars"})
    assert (settings_for(store).assistant_name, settings_for(store).sms_number) == ("Ava", "+13035550144")
    write_settings(store, {"assistant_name": "", "sms_number": "  ", "tagline": ""})
    row = db.session.execute(
        select(LocationSettings.assistant_name, LocationSettings.sms_number).where(
            LocationSettings.location_id == store.id
        )
    ).one()
    assert tuple(row) == (None, None)
    assert store.tagline is None
    assert settings_for(store).assistant_name == inherited_by(store).assistant_name == "Max"


def test_only_what_changed_is_told_and_the_rest_stays(store):
    write_settings(store, {"assistant_tone": "Short"})
    assert write_settings(store, {"assistant_tone": "Short", "tagline": "New"}) == {"tagline": "New"}
    assert settings_for(store).assistant_tone == "Short"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sms_number", "12"),
        ("sms_number", "(800) 555-0100"),
        ("twilio_messaging_service_sid", "AC" + "a" * 32),
        ("mail_from", "nobody"),
        ("mail_from", "a@b\nBcc: c@d.e"),
        ("brand_color", "red"),
        ("brand_color", ""),
        ("assistant_name", "x" * 41),
        ("tagline", "a\x00b"),
    ],
)
def test_odd_values_are_refused_and_nothing_is_written(store, name, value):
    with pytest.raises(SettingsRefused) as refused:
        write_settings(store, {"assistant_tone": "Loud", name: value})
    assert set(refused.value.fields) == {name}
    assert settings_for(store).assistant_tone is None


def test_fine_values_are_kept(store):
    given = {
        "twilio_messaging_service_sid": SERVICE,
        "mail_from": "Tint <hi@tint.example>",
        "brand_color": "#A1B2C3",
    }
    write_settings(store, given)
    assert settings_for(store).twilio_messaging_service_sid == SERVICE
    assert store.brand_color == "#a1b2c3"
