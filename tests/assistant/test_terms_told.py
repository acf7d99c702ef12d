"""Where the store's own words on its terms come from: settings, the company's rules, tools, and booking rules."""

from datetime import UTC, datetime

from flask import Flask

from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.catalog_tools import search_services
from app.assistant.facts import Learned
from app.assistant.prompt import build_prompt
from app.assistant.proving import gate_for
from app.assistant.tooling import Desk
from app.locations.models import LocationSettings
from tests.factories.catalog import make_service
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
WRITTEN = "Window film carries a lifetime warranty.\nParking is <free>."
RULES = "The company's own words\nHouse rules:\n- A $50 deposit is required.\n- Be kind."


def failure_of(store, lead, text: str, *known: Learned, company_words: str = "") -> str:
    gate = gate_for(store, lead, known, ("Hello",), NOW, lambda kind, language: "honest", company_words)
    gate.feed(text)
    gate.flush()
    return gate.failure.kind if gate.failure else ""


def test_what_the_store_has_written_is_told_fenced_and_proves(app: Flask) -> None:
    forget_stores()
    location = make_location(settings=LocationSettings(assistant_terms=WRITTEN))
    lead = make_lead(location)
    store, brief = store_brief(location.id), lead_brief(lead.id)
    told = build_prompt(store, brief, (), NOW).system[1]
    assert (
        "Its terms of business:\n<data>\nWindow film carries a lifetime warranty.\nParking is ‹free›.\n</data>" in told
    )
    assert failure_of(store, brief, "Our window film has a lifetime warranty.") == ""
    assert failure_of(store, brief, "Our window film has a ten-year warranty.") == "term"


def test_without_any_words_no_term_is_named(app: Flask) -> None:
    forget_stores()
    location = make_location()
    store, brief = store_brief(location.id), lead_brief(make_lead(location).id)
    assert "terms of business:\n" not in build_prompt(store, brief, (), NOW).system[1]
    assert failure_of(store, brief, "Our window film has a lifetime warranty.") == "term"
    assert failure_of(store, brief, "I'd have to check with the team about the warranty.") == ""


def test_the_company_s_rules_prove_too(app: Flask) -> None:
    forget_stores()
    location = make_location()
    store, brief = store_brief(location.id), lead_brief(make_lead(location).id)
    assert failure_of(store, brief, "A $50 deposit is required.", company_words=RULES) == ""
    assert failure_of(store, brief, "A $75 deposit is required.", company_words=RULES) == "term"


def test_what_a_tool_told_of_a_service_proves_and_is_kept_with_the_round(app: Flask) -> None:
    forget_stores()
    location = make_location()
    make_service(location, description="Rejects heat, with a lifetime warranty.")
    lead = make_lead(location)
    store, brief = store_brief(location.id), lead_brief(lead.id)
    outcome = search_services(Desk(store, brief, NOW, lambda reason: True), {"query": "ceramic tint"})
    kept = Learned.from_json(outcome.learned.to_json())
    assert kept.terms == (("Ceramic Tint, Full Car", "Rejects heat, with a lifetime warranty."),)
    assert failure_of(store, brief, "Ceramic tint has a lifetime warranty.", kept) == ""
    assert failure_of(store, brief, "Every wrap has a lifetime warranty.", kept) == "term"


def test_until_when_a_visit_can_be_changed_is_told_and_proves(app: Flask) -> None:
    forget_stores()
    location = make_location()
    store, brief = store_brief(location.id), lead_brief(make_lead(location).id)
    assert "until 24 hours before it" in build_prompt(store, brief, (), NOW).system[1]
    assert failure_of(store, brief, "You can cancel in this chat until 24 hours before your visit.") == ""
    assert failure_of(store, brief, "You can cancel in this chat until one hour before your visit.") == "term"
