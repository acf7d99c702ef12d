from app.locations import settings_for
from app.locations.models import CompanySettings, LocationSettings
from tests.factories.locations import make_company, make_location


def test_a_store_that_says_nothing_takes_the_environment(app) -> None:
    settings = settings_for(make_location())
    assert settings.openai_model == app.config["SETTINGS"].openai_model
    assert settings.assistant_name is None


def test_company_wins_over_environment_and_store_over_company(app) -> None:
    company = make_company(settings=CompanySettings(openai_model="gpt-company", assistant_name="Alex"))
    plain = make_location(company)
    own = make_location(company, settings=LocationSettings(assistant_name="Sam"))
    assert (settings_for(plain).openai_model, settings_for(plain).assistant_name) == ("gpt-company", "Alex")
    assert (settings_for(own).openai_model, settings_for(own).assistant_name) == ("gpt-company", "Sam")


def test_an_emptied_setting_inherits_again(app) -> None:
    location = make_location(settings=LocationSettings(openai_model=""))
    assert settings_for(location).openai_model == app.config["SETTINGS"].openai_model
