"""What the gate of a real answer knows beforehand: the store's own name and whereabouts are words of no language."""

from datetime import UTC, datetime

from app.assistant.brief import forget_stores, lead_brief, store_brief
from app.assistant.proving import gate_for
from tests.factories.leads import make_lead
from tests.factories.locations import make_location

NOW = datetime(2026, 11, 23, 15, tzinfo=UTC)


def test_the_store_s_own_website_and_street_are_told(app):
    website = "https://coralsprings.tintworld.example"
    store = make_location(website=website, address1="4250 Wiles Road", city="Coral Springs", state="FL")
    lead = make_lead(store)
    forget_stores()
    gate = gate_for(store_brief(store.id), lead_brief(lead.id), (), (), NOW, lambda kind, language: "withheld")
    said = f"You find us on Wiles Road, Coral Springs. Website: {website}"
    shown = gate.feed(said) + gate.flush()
    assert "".join(shown) == said
